#include "bench/layout_query.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "bench/dialogue.h"
#include "sim/status.h"
#include "stripe/layout/limits.h"
#include "stripe/layout/raid0.h"

namespace bench {
namespace {

constexpr std::size_t kMaxLine = 4096;

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

using Numbers = std::span<const sim::Bytes>;
using Answer = sim::Result<std::string>;

// `arguments` are those behind S and N. The index among them is checked before.
Answer answer_map(const stripe::Raid0& g, Numbers arguments) {
  const stripe::StripePosition p = g.map(arguments[0]);
  return fmt::format("{} {}", p.index, p.object_offset);
}

Answer answer_size(const stripe::Raid0& g, Numbers arguments) {
  const auto size =
      g.object_size_to_file_size(static_cast<std::uint32_t>(arguments[0]), arguments[1]);
  return size ? Answer(fmt::format("{}", *size)) : Answer(size.error());
}

Answer answer_objsz(const stripe::Raid0& g, Numbers arguments) {
  const auto index = static_cast<std::uint32_t>(arguments[0]);
  return fmt::format("{}", g.file_size_to_object_size(index, arguments[1]));
}

Answer answer_isect(const stripe::Raid0& g, Numbers arguments) {
  if (arguments[1] > arguments[2]) {
    return refuse(fmt::format("range [{}, {}) ends before it begins", arguments[1], arguments[2]));
  }
  const auto range =
      g.intersects(static_cast<std::uint32_t>(arguments[0]), {arguments[1], arguments[2]});
  return range ? fmt::format("1 {} {}", range->first, range->last) : std::string("0");
}

struct Question {
  std::string_view name;
  std::string_view form;
  std::size_t arguments;  // numbers behind the name
  bool has_index;         // the third number is a stripe index
  Answer (*answer)(const stripe::Raid0&, Numbers);
};

constexpr std::array kQuestions = {
    Question{"map", "map S N OFFSET", 3, false, answer_map},
    Question{"size", "size S N I OBJECT_SIZE", 4, true, answer_size},
    Question{"objsz", "objsz S N I FILE_SIZE", 4, true, answer_objsz},
    Question{"isect", "isect S N I START END", 5, true, answer_isect},
};

sim::Status check_geometry(const Question& question, Numbers numbers) {
  for (const sim::Status& s :
       {stripe::check_stripe_size(numbers[0]), stripe::check_stripe_count(numbers[1])}) {
    if (!s) {
      return s;
    }
  }
  if (question.has_index && numbers[2] >= numbers[1]) {
    return refuse(fmt::format("stripe index {} is not below the stripe count {}; 0 to {} would be",
                              numbers[2], numbers[1], numbers[1] - 1));
  }
  return {};
}

Answer answer(std::string_view line) {
  const std::vector<std::string_view> words = split_words(line);
  if (words.empty()) {
    return refuse("empty line; map, size, objsz and isect are the questions");
  }
  const auto question = std::find_if(kQuestions.begin(), kQuestions.end(),
                                     [&](const Question& q) { return q.name == words[0]; });
  if (question == kQuestions.end()) {
    return refuse(
        fmt::format("unknown question \"{}\"; map, size, objsz and isect are the "
                    "questions",
                    words[0]));
  }
  if (words.size() != question->arguments + 1) {
    return refuse(fmt::format("{} numbers; write {}", words.size() - 1, question->form));
  }
  std::vector<sim::Bytes> numbers;
  for (const std::string_view word : std::span(words).subspan(1)) {
    const auto number = parse_number(word);
    if (!number) {
      return number.error();
    }
    numbers.push_back(*number);
  }
  if (sim::Status s = check_geometry(*question, numbers); !s) {
    return s.error();
  }
  const stripe::Raid0 geometry{numbers[0], static_cast<std::uint32_t>(numbers[1])};
  return question->answer(geometry, Numbers(numbers).subspan(2));
}

}  // namespace

std::string answer_layout_question(std::string_view line) {
  return answer_line(line, kMaxLine, answer);
}

int layout_query(std::istream& in, std::ostream& out) {
  return answer_lines(in, out, kMaxLine, answer);
}

}  // namespace bench
