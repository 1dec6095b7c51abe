#include <fmt/core.h>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stripe/layout/setstripe.h"
#include "stripe/layout/setstripe_builder.h"
#include "stripe/layout/setstripe_text.h"

namespace stripe {
namespace {

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

enum class Value : std::uint8_t { required, optional };

struct Option {
  std::string_view letter;
  std::array<std::string_view, 2> names;
  Value value;
  sim::Status (SetstripeBuilder::*take)(std::string_view);
};

constexpr std::array kOptions = {
    Option{"-c", {"--stripe-count", "--count"}, Value::required, &SetstripeBuilder::stripe_count},
    Option{"-C", {"--overstripe-count", ""}, Value::required, &SetstripeBuilder::overstripe_count},
    Option{"-S", {"--stripe-size", "--size"}, Value::required, &SetstripeBuilder::stripe_size},
    Option{"-i", {"--stripe-index", "--index"}, Value::required, &SetstripeBuilder::stripe_index},
    Option{"-o", {"--ost", "--ost-list"}, Value::required, &SetstripeBuilder::ost},
    Option{"-p", {"--pool", ""}, Value::required, &SetstripeBuilder::pool},
    Option{"-L", {"--layout", ""}, Value::required, &SetstripeBuilder::layout},
    Option{
        "-E", {"--component-end", "--comp-end"}, Value::required, &SetstripeBuilder::component_end},
    Option{"-N", {"--mirror-count", ""}, Value::optional, &SetstripeBuilder::mirror_count},
    Option{"",
           {"--component-flags", "--comp-flags"},
           Value::required,
           &SetstripeBuilder::component_flags},
};

// A word taken apart: the option, and the value that is written in the same word, if any.
struct Match {
  const Option* option = nullptr;
  std::optional<std::string_view> value;
};

Match match(std::string_view word) {
  if (word.starts_with("--")) {
    const std::size_t equals = word.find('=');
    for (const Option& option : kOptions) {
      const std::string_view name = word.substr(0, equals);
      if (name == option.names[0] || name == option.names[1]) {
        return {&option, equals == std::string_view::npos ? std::nullopt
                                                          : std::optional(word.substr(equals + 1))};
      }
    }
    return {};
  }
  for (const Option& option : kOptions) {
    if (!option.letter.empty() && word.starts_with(option.letter)) {
      return {&option, word.size() == 2 ? std::nullopt : std::optional(word.substr(2))};
    }
  }
  return {};
}

bool is_number(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

// The options among the words: without the command's name and its path, if it is there.
std::span<const std::string> options_of(const std::vector<std::string>& words) {
  std::span<const std::string> rest(words);
  if (rest.size() >= 2 && rest[0] == "lfs" && rest[1] == "setstripe") {
    rest = rest.subspan(2);
    if (!rest.empty() && rest.back().find('/') != std::string::npos) {
      rest = rest.first(rest.size() - 1);
    }
  }
  return rest;
}

// Hands the option at `words[at]` to the builder; returns how many words it took.
sim::Result<std::size_t> take(std::span<const std::string> words, std::size_t at,
                              SetstripeBuilder& builder) {
  const Match found = match(words[at]);
  if (found.option == nullptr) {
    return refuse(
        fmt::format("\"{}\" is not an option of a layout; -c, -C, -S, -i, -o, -p, -L, -E "
                    "and -N are",
                    words[at]));
  }
  std::size_t taken = 1;
  std::string_view value = found.value.value_or("");
  const bool may_follow =
      found.option->value == Value::required || (at + 1 < words.size() && is_number(words[at + 1]));
  if (!found.value && may_follow) {
    if (at + 1 == words.size()) {
      return refuse(fmt::format("{} needs a value", words[at]));
    }
    value = words[at + 1];
    taken = 2;
  } else if (!found.value) {
    value = "1";
  }
  if (sim::Status s = (builder.*found.option->take)(value); !s) {
    return s.error();
  }
  return taken;
}

}  // namespace

sim::Result<LayoutTemplate> parse_setstripe(std::string_view text) {
  const auto words = split_words(text);
  if (!words) {
    return words.error();
  }
  const std::span<const std::string> options = options_of(*words);
  SetstripeBuilder builder;
  for (std::size_t at = 0; at < options.size();) {
    const auto taken = take(options, at, builder);
    if (!taken) {
      return taken.error();
    }
    at += *taken;
  }
  return std::move(builder).finish();
}

}  // namespace stripe
