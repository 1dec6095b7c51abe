#include "bench/ldlm_extent.h"

#include <fmt/core.h>

#include <cstddef>
#include <deque>
#include <span>
#include <vector>

#include "bench/dialogue.h"
#include "cachemodel/ldlm/extent_growth.h"
#include "cachemodel/ldlm/granted_extents.h"
#include "cachemodel/ldlm/lock_mode.h"
#include "sim/status.h"
#include "sim/units.h"

namespace bench {
namespace {

using cachemodel::ExtentNode;
using cachemodel::ExtentRequest;
using cachemodel::GrantedExtents;
using cachemodel::WaitingExtent;

constexpr std::size_t kMaxLine = std::size_t{1} << 20;
constexpr std::string_view kForm =
    "write REQ MODE START END CLIENT [G MODE START END]... "
    "[W MODE START END CLIENT [ASKED_START ASKED_END]]...";

using Words = std::span<const std::string_view>;

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

// The half-open extent of a range that includes its end.
sim::Result<sim::Extent> parse_range(std::string_view start, std::string_view end) {
  const auto first = parse_number(start);
  const auto last = parse_number(end);
  if (!first || !last) {
    return first ? last.error() : first.error();
  }
  if (*first > *last) {
    return refuse(fmt::format("range {} to {} ends before it begins", *first, *last));
  }
  if (*first >= sim::kEof - 1 || *last == sim::kEof - 1) {
    return refuse(
        fmt::format("range {} to {} does not fit; the last byte that can be named is {}, "
                    "and {} is the end of the file",
                    *first, *last, sim::kEof - 2, sim::kEof));
  }
  return sim::Extent{*first, *last == sim::kEof ? *last : *last + 1};
}

std::string print_range(sim::Extent extent) {
  return fmt::format("{} {}", extent.begin, extent.end == sim::kEof ? extent.end : extent.end - 1);
}

// A lock of the line: the mode, the range and, of a request, the client.
sim::Result<ExtentRequest> parse_lock(Words words, bool has_client) {
  const auto mode = cachemodel::parse_lock_mode(words[0]);
  if (!mode) {
    return mode.error();
  }
  const auto extent = parse_range(words[1], words[2]);
  if (!extent) {
    return extent.error();
  }
  ExtentRequest lock{*mode, *extent, 0};
  if (has_client) {
    const auto client = parse_number(words[3]);
    if (!client) {
      return refuse(fmt::format("client \"{}\" is not a whole number", words[3].substr(0, 32)));
    }
    lock.client = *client;
  }
  return lock;
}

bool begins_lock(std::string_view word) { return word == "G" || word == "W"; }

// The words of one lock: what stands before the next G or W.
Words take_lock(Words& rest) {
  std::size_t count = 1;
  while (count < rest.size() && !begins_lock(rest[count])) {
    ++count;
  }
  const Words lock = rest.first(count);
  rest = rest.subspan(count);
  return lock;
}

struct Case {
  ExtentRequest request;
  GrantedExtents granted;
  std::deque<ExtentNode> nodes;
  std::vector<WaitingExtent> waiting;
};

sim::Status add_granted(Case& c, Words words) {
  if (words.size() != 4) {
    return refuse(fmt::format("G has {} words; write G MODE START END", words.size() - 1));
  }
  const auto lock = parse_lock(words.subspan(1), false);
  if (!lock) {
    return lock.error();
  }
  c.granted.insert(lock->mode, c.nodes.emplace_back(), lock->extent, c.nodes.size());
  return {};
}

sim::Status add_waiting(Case& c, Words words) {
  if (words.size() != 5 && words.size() != 7) {
    return refuse(fmt::format(
        "W has {} words; write W MODE START END CLIENT [ASKED_START ASKED_END]", words.size() - 1));
  }
  const auto lock = parse_lock(words.subspan(1), true);
  if (!lock) {
    return lock.error();
  }
  sim::Extent asked = lock->extent;
  if (words.size() == 7) {
    const auto range = parse_range(words[5], words[6]);
    if (!range) {
      return range.error();
    }
    asked = *range;
  }
  c.waiting.push_back({lock->mode, lock->extent, asked, lock->client});
  return {};
}

sim::Status parse_case(Words words, Case& c) {
  if (words.empty() || words[0] != "REQ") {
    return refuse(fmt::format("no request; {}", kForm));
  }
  const Words request = take_lock(words);
  if (request.size() != 5) {
    return refuse(fmt::format("REQ has {} words; {}", request.size() - 1, kForm));
  }
  const auto lock = parse_lock(request.subspan(1), true);
  if (!lock) {
    return lock.error();
  }
  c.request = *lock;
  while (!words.empty()) {
    const Words next = take_lock(words);
    sim::Status added = next[0] == "G" ? add_granted(c, next) : add_waiting(c, next);
    if (!added) {
      return added;
    }
  }
  return {};
}

sim::Result<std::string> answer(std::string_view line) {
  const std::vector<std::string_view> words = split_words(line);
  Case c;
  if (const sim::Status parsed = parse_case(words, c); !parsed) {
    return parsed.error();
  }
  const sim::Extent grown = cachemodel::grow_extent(c.request, c.granted, c.waiting);
  return fmt::format("{} {}", print_range(grown), grown == c.request.extent ? "same" : "changed");
}

}  // namespace

std::string answer_ldlm_extent(std::string_view line) {
  return answer_line(line, kMaxLine, answer);
}

int ldlm_extent(std::istream& in, std::ostream& out) {
  return answer_lines(in, out, kMaxLine, answer);
}

}  // namespace bench
