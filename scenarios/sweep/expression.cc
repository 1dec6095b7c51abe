#include "scenarios/sweep/expression.h"

#include <fmt/core.h>

#include <algorithm>

#include "scenarios/nearest.h"
#include "scenarios/sweep/trim.h"

namespace scenarios {
namespace {

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

// Where " / " or " - " stands outside all brackets, first at or behind `from`; npos without one.
std::size_t operator_at(std::string_view text, std::size_t from) {
  int depth = 0;
  for (std::size_t i = from; i + 2 < text.size(); ++i) {
    depth += (text[i] == '[' ? 1 : 0) - (text[i] == ']' ? 1 : 0);
    const bool blanks = text[i] == ' ' && text[i + 2] == ' ';
    if (depth == 0 && blanks && (text[i + 1] == '/' || text[i + 1] == '-')) {
      return i;
    }
  }
  return std::string_view::npos;
}

// Reads "label, axis=label" against the labels there are. Labels may hold commas, so each is looked
// for as a whole.
class Selector {
 public:
  Selector(std::string_view text, const std::vector<Axis>& axes) : rest_(text), axes_(axes) {}

  sim::Status read(MetricTerm& term) {
    while (!rest_.empty()) {
      if (const sim::Status status = take(term); !status) {
        return status;
      }
    }
    return {};
  }

 private:
  struct Match {
    std::size_t axis;
    std::string_view label;
    std::size_t length;  // of the text that is taken
  };

  // Whether `word` stands at the front, as a whole.
  bool front_is(std::string_view word) const {
    if (!rest_.starts_with(word)) {
      return false;
    }
    const std::string_view behind = trimmed(rest_.substr(word.size()));
    return behind.empty() || behind.front() == ',';
  }

  std::vector<Match> matches() const {
    std::vector<Match> found;
    for (std::size_t i = 0; i < axes_.size(); ++i) {
      for (const Choice& choice : axes_[i].choices) {
        const std::string named = axes_[i].name + "=" + choice.label;
        if (front_is(choice.label)) {
          found.push_back({i, choice.label, choice.label.size()});
        } else if (front_is(named)) {
          found.push_back({i, choice.label, named.size()});
        }
      }
    }
    return found;
  }

  sim::Status take(MetricTerm& term) {
    rest_ = trimmed(rest_);
    const auto found = matches();
    if (found.empty()) {
      return unknown();
    }
    // "-c 4, x" is meant rather than "-c 4" where both are labels.
    const Match& longest = *std::ranges::max_element(found, {}, &Match::length);
    const auto same = [&](const Match& m) { return m.length == longest.length; };
    if (std::ranges::count_if(found, same) > 1) {
      return refuse(fmt::format("the label \"{}\" is on several axes; write {}={}", longest.label,
                                axes_[longest.axis].name, longest.label));
    }
    if (term.pinned[longest.axis]) {
      return refuse(fmt::format("\"{}\" and \"{}\" are both labels of {}; no variant has two",
                                *term.pinned[longest.axis], longest.label,
                                axes_[longest.axis].name));
    }
    term.pinned[longest.axis] = std::string(longest.label);
    rest_ = trimmed(rest_.substr(longest.length));
    rest_.remove_prefix(rest_.empty() ? 0 : 1);
    return {};
  }

  sim::Status unknown() const {
    std::vector<std::string_view> labels;
    for (const Axis& axis : axes_) {
      for (const Choice& choice : axis.choices) {
        labels.push_back(choice.label);
      }
    }
    const std::string_view word = trimmed(rest_.substr(0, rest_.find(',')));
    return refuse(
        labels.empty()
            ? fmt::format("nothing is varied, so there is no variant [{}]", word)
            : fmt::format("no variant is called \"{}\"; {}", word, suggest(word, labels)));
  }

  std::string_view rest_;
  const std::vector<Axis>& axes_;
};

sim::Result<MetricTerm> parse_term(std::string_view text, const std::vector<Axis>& axes) {
  text = trimmed(text);
  const std::size_t open = text.find('[');
  MetricTerm term{std::string(trimmed(text.substr(0, open))), {}};
  term.pinned.resize(axes.size());
  if (term.metric.empty() || term.metric.find(' ') != std::string::npos) {
    return refuse(fmt::format("\"{}\" is no metric; write read.bandwidth, a / b or a - b", text));
  }
  if (open == std::string_view::npos) {
    return term;
  }
  if (!text.ends_with(']') || trimmed(text.substr(open + 1)).size() < 2) {
    return refuse(fmt::format("\"{}\" does not end in [LABEL]", text));
  }
  const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  const sim::Status status = Selector(trimmed(inside), axes).read(term);
  return status ? sim::Result<MetricTerm>(std::move(term)) : status.error();
}

}  // namespace

bool MetricTerm::selects(const std::vector<reports::Label>& labels) const {
  for (std::size_t i = 0; i < pinned.size(); ++i) {
    if (pinned[i] && *pinned[i] != labels[i].text) {
      return false;
    }
  }
  return true;
}

sim::Result<Expression> parse_expression(std::string_view text, const std::vector<Axis>& axes) {
  const std::size_t at = operator_at(text, 0);
  Expression expression;
  auto first = parse_term(text.substr(0, at), axes);
  if (!first) {
    return first.error();
  }
  expression.first = std::move(*first);
  if (at == std::string_view::npos) {
    return expression;
  }
  const std::string_view behind = text.substr(at + 3);
  if (operator_at(behind, 0) != std::string_view::npos) {
    return refuse("there are more than two metrics; a / b or a - b would be right");
  }
  auto second = parse_term(behind, axes);
  if (!second) {
    return second.error();
  }
  expression.combination = text[at + 1] == '/' ? Combination::ratio : Combination::difference;
  expression.second = std::move(*second);
  return expression;
}

}  // namespace scenarios
