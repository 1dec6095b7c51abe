#include "scenarios/workload/ior_options.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "scenarios/workload/ior_option_table.h"
#include "scenarios/workload/scan.h"

namespace scenarios {
namespace {

sim::Error wrong(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

const IorOptionRow* row_by_letter(char letter) {
  const auto rows = ior_option_rows();
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [letter](const IorOptionRow& r) { return r.letter == letter; });
  return row == rows.end() || letter == '\0' ? nullptr : &*row;
}

const IorOptionRow* row_by_name(std::string_view name) {
  const auto rows = ior_option_rows();
  const auto row = std::find_if(rows.begin(), rows.end(), [name](const IorOptionRow& r) {
    return scan::same_word(r.name, name);
  });
  return row == rows.end() ? nullptr : &*row;
}

std::string near_names(std::string_view name) {
  std::vector<std::string_view> names;
  for (const IorOptionRow& row : ior_option_rows()) {
    names.push_back(row.name);
  }
  return scan::did_you_mean(name, names);
}

// The known letter of the other case, as in -f for -F: the likeliest slip of the shift key.
std::string near_letters(char letter) {
  const char other = static_cast<char>(letter ^ 0x20);
  const IorOptionRow* row = row_by_letter(other);
  return row == nullptr ? std::string() : fmt::format(" (did you mean -{}, {}?)", other, row->name);
}

// Walks over the words of a command line.
class Arguments {
 public:
  Arguments(std::span<const std::string> words, IorOptions& options)
      : words_(words), options_(options) {}

  sim::Status apply() {
    for (; at_ < words_.size(); ++at_) {
      const std::string_view word = words_[at_];
      if (word.size() < 2 || word[0] != '-') {
        return wrong(fmt::format("{} is no option: options start with '-'", scan::in_quotes(word)));
      }
      sim::Status status = word[1] == '-' ? apply_long(word) : apply_letters(word);
      if (!status) {
        return status;
      }
    }
    return {};
  }

 private:
  sim::Status apply_long(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view option = word.substr(0, equals);
    std::optional<std::string_view> value;
    if (equals != std::string_view::npos) {
      value = word.substr(equals + 1);
    }
    const IorOptionRow* row = row_by_name(option.substr(2));
    if (row == nullptr) {
      return wrong(fmt::format("unknown IOR option {}{}", scan::in_quotes(option),
                               near_names(option.substr(2))));
    }
    if (row->takes_value && !value) {
      if (sim::Status status = next_word(option, value); !status) {
        return status;
      }
    }
    return row->apply(options_, IorValue(option, value));
  }

  // "-b 4m", "-b4m", "-b=4m", and flags in a cluster, "-wrFe"; the last of it may take a value.
  sim::Status apply_letters(std::string_view word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const std::string option = fmt::format("-{}", word[i]);
      std::string_view rest = word.substr(i + 1);
      const bool equals = scan::consume(rest, "=");
      std::optional<std::string_view> value;
      const IorOptionRow* row = row_by_letter(word[i]);
      if (row == nullptr && word[i] != 'O') {
        return wrong(fmt::format("unknown IOR option {} in {}{}", scan::in_quotes(option),
                                 scan::in_quotes(word), near_letters(word[i])));
      }
      const bool ends = row == nullptr || row->takes_value || equals;
      if (ends && (equals || !rest.empty())) {
        value = rest;
      } else if (ends) {
        if (sim::Status status = next_word(option, value); !status) {
          return status;
        }
      }
      sim::Status status = row == nullptr ? apply_ior_directives(*value, options_)
                                          : row->apply(options_, IorValue(option, value));
      if (!status || ends) {
        return status;
      }
    }
    return {};
  }

  sim::Status next_word(std::string_view option, std::optional<std::string_view>& value) {
    if (at_ + 1 == words_.size()) {
      return wrong(fmt::format("{} needs a value after it", option));
    }
    value = words_[++at_];
    return {};
  }

  std::span<const std::string> words_;
  IorOptions& options_;
  std::size_t at_ = 0;
};

sim::Status apply_directive(std::string_view text, IorOptions& options) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return wrong(fmt::format("{}: expected key=value", scan::in_quotes(text)));
  }
  std::string_view key = scan::trim(text.substr(0, equals));
  const std::string_view value = scan::trim(text.substr(equals + 1));
  scan::consume(key, "--");
  if (value.empty() || value.find_first_of(" \t") != std::string_view::npos) {
    return wrong(fmt::format("{}: expected one word after '=', found {}", scan::in_quotes(key),
                             scan::in_quotes(value)));
  }
  const IorOptionRow* row = row_by_name(key);
  if (row == nullptr) {
    return wrong(fmt::format("unknown IOR key {}{}", scan::in_quotes(key), near_names(key)));
  }
  return row->apply(options, IorValue(row->name, value));
}

}  // namespace

std::string IorOptions::layout() const {
  std::string text;
  const auto add = [&text](std::string part) { text += (text.empty() ? "" : " ") + part; };
  if (stripe_count != 0) {
    add(fmt::format("-c {}", stripe_count));
  }
  if (stripe_size != 0) {
    add(fmt::format("-S {}", stripe_size));
  }
  if (start_ost) {
    add(fmt::format("-i {}", *start_ost));
  }
  if (!pool.empty()) {
    add("-p " + pool);
  }
  return text;
}

void IorOptions::apply_defaults() {
  if (!write && !read && !check_write && !check_read) {
    write = true;
    read = true;
  }
}

sim::Status apply_ior_arguments(std::span<const std::string> arguments, IorOptions& options) {
  return Arguments(arguments, options).apply();
}

sim::Status apply_ior_directives(std::string_view text, IorOptions& options) {
  text = text.substr(0, text.find('#'));
  while (true) {
    const std::size_t comma = text.find(',');
    if (sim::Status status = apply_directive(scan::trim(text.substr(0, comma)), options);
        !status || comma == std::string_view::npos) {
      return status;
    }
    text.remove_prefix(comma + 1);
  }
}

sim::Result<std::uint64_t> parse_ior_size(std::string_view text) {
  constexpr std::string_view kSuffixes = "kmgtp";
  std::string_view digits = text;
  unsigned shift = 0;
  if (!text.empty()) {
    const char last = static_cast<char>(text.back() | 0x20);
    const std::size_t power = kSuffixes.find(last);
    if (power != std::string_view::npos) {
      digits.remove_suffix(1);
      shift = static_cast<unsigned>(10 * (power + 1));
    }
  }
  const auto number = scan::unsigned_number(digits);
  if (!number || *number > (std::numeric_limits<std::uint64_t>::max() >> shift)) {
    return wrong(fmt::format(
        "found {}, expected a whole number, or one with k, m, g, t or p behind it, such as 4m",
        scan::in_quotes(text)));
  }
  return *number << shift;
}

}  // namespace scenarios
