#include "scenarios/workload/shell_words.h"

#include <fmt/core.h>

#include <algorithm>

#include "scenarios/workload/scan.h"
#include "scenarios/workload/shell_arithmetic.h"

namespace scenarios {
namespace {

using Words = std::vector<std::string>;

sim::Error wrong(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

// Length of the text up to the bracket that closes the first one, or all of it.
std::size_t bracketed(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : 0;
    depth -= text[i] == ')' ? 1 : 0;
    if (depth == 0) {
      return i + 1;
    }
  }
  return text.size();
}

// Splits one command line; holds the word being built.
class Splitter {
 public:
  explicit Splitter(std::string_view line) : line_(line) {}

  sim::Result<Words> split() {
    while (at_ < line_.size()) {
      if (sim::Status step = take(line_[at_]); !step) {
        return step.error();
      }
    }
    end_word();
    return std::move(words_);
  }

 private:
  sim::Status take(char c) {
    if (c == '\'' || c == '"') {
      return take_quoted(c);
    }
    if (c == '\\') {
      return take_escaped();
    }
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      end_word();
    } else if (c == '#' && !in_word_) {
      at_ = std::min(line_.find('\n', at_), line_.size());
      return {};
    } else if (at_arithmetic()) {
      return take_arithmetic();
    } else {
      if (sim::Status status = refuse_shell(c); !status) {
        return status;
      }
      append(c);
    }
    ++at_;
    return {};
  }

  bool at_arithmetic() const { return line_.substr(at_).starts_with("$(("); }

  sim::Status take_arithmetic() {
    const std::string_view rest = line_.substr(at_);
    const std::string_view text = rest.substr(0, 1 + bracketed(rest.substr(1)));
    if (text.size() < 5 || !text.ends_with("))")) {
      return wrong(fmt::format("shell arithmetic {} is never closed", scan::in_quotes(text)));
    }
    const auto value = shell_arithmetic(text.substr(3, text.size() - 5));
    if (!value.ok()) {
      return wrong(fmt::format("shell arithmetic {}: {}: write its value instead",
                               scan::in_quotes(text), value.error().message));
    }
    word_ += fmt::format("{}", *value);
    in_word_ = true;
    at_ += text.size();
    return {};
  }

  // What only a shell can work out.
  sim::Status refuse_shell(char c) const {
    const std::string_view rest = line_.substr(at_);
    if (rest.starts_with("$(") || c == '`') {
      return wrong(fmt::format("command substitution {} is not run: write its result instead",
                               scan::in_quotes(rest.substr(0, 30))));
    }
    if (std::string_view("|&;<>").find(c) != std::string_view::npos) {
      return wrong(fmt::format("shell operator {} at {}: give the ior command alone",
                               scan::in_quotes(std::string_view(&c, 1)),
                               scan::in_quotes(rest.substr(0, 30))));
    }
    return {};
  }

  sim::Status take_quoted(char quote) {
    const std::size_t begin = at_++;
    in_word_ = true;
    while (at_ < line_.size() && line_[at_] != quote) {
      if (quote == '"') {
        if (line_[at_] == '\\' && at_ + 1 < line_.size()) {
          ++at_;
        } else if (at_arithmetic()) {
          if (sim::Status status = take_arithmetic(); !status) {
            return status;
          }
          continue;
        } else if (line_[at_] == '$' || line_[at_] == '`') {
          if (sim::Status status = refuse_shell(line_[at_]); !status) {
            return status;
          }
        }
      }
      append(line_[at_++]);
    }
    if (at_ == line_.size()) {
      return wrong(fmt::format("the quote opened at {} is never closed",
                               scan::in_quotes(line_.substr(begin, 30))));
    }
    ++at_;
    return {};
  }

  sim::Status take_escaped() {
    if (++at_ == line_.size()) {
      return wrong("the line ends in a backslash: something is cut off");
    }
    if (line_[at_] != '\n') {
      append(line_[at_]);
    }
    ++at_;
    return {};
  }

  void append(char c) {
    word_ += c;
    in_word_ = true;
  }

  void end_word() {
    if (in_word_) {
      words_.push_back(std::move(word_));
      word_.clear();
      in_word_ = false;
    }
  }

  std::string_view line_;
  std::size_t at_ = 0;
  std::string word_;
  bool in_word_ = false;
  Words words_;
};

}  // namespace

sim::Result<std::vector<std::string>> split_shell_words(std::string_view line) {
  return Splitter(line).split();
}

}  // namespace scenarios
