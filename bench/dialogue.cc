#include "bench/dialogue.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace bench {
namespace {

constexpr std::size_t kShown = 32;  // characters of a bad word that an answer repeats

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

// The next line, at most max_line + 1 characters of it; nothing at the end of `in`.
std::optional<std::string> read_line(std::istream& in, std::size_t max_line) {
  std::string line;
  char c = '\0';
  bool any = false;
  while (in.get(c)) {
    any = true;
    if (c == '\n') {
      return line;
    }
    if (line.size() <= max_line) {
      line += c;
    }
  }
  return any ? std::optional(line) : std::nullopt;
}

}  // namespace

std::vector<std::string_view> split_words(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r";
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t begin = line.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) {
      return words;
    }
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

sim::Result<sim::Bytes> parse_number(std::string_view word) {
  sim::Bytes value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (end != word.data() + word.size() || error == std::errc::invalid_argument) {
    return refuse(fmt::format("\"{}\" is not a whole number of bytes", word.substr(0, kShown)));
  }
  if (error != std::errc()) {
    return refuse(fmt::format("{} is above 2^64-1", word.substr(0, kShown)));
  }
  return value;
}

std::string answer_line(std::string_view line, std::size_t max_line, LineAnswer answer) {
  if (line.size() > max_line) {
    return fmt::format("error: line is longer than {} characters", max_line);
  }
  const sim::Result<std::string> result = answer(line);
  return result ? *result : fmt::format("error: {}", result.error().message);
}

int answer_lines(std::istream& in, std::ostream& out, std::size_t max_line, LineAnswer answer) {
  while (const std::optional<std::string> line = read_line(in, max_line)) {
    out << answer_line(*line, max_line, answer) << '\n';
    if (in.rdbuf()->in_avail() <= 0) {
      out.flush();
    }
  }
  out.flush();
  return 0;
}

}  // namespace bench
