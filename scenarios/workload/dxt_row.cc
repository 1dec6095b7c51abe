#include "scenarios/workload/dxt_row.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "scenarios/workload/scan.h"

namespace scenarios {
namespace {

enum Column : std::size_t { kModule, kRank, kKind, kSegment, kOffset, kLength, kStart, kEnd };
constexpr std::size_t kColumns = 8;
constexpr std::array<std::size_t, kColumns> kWidths = {8, 8, 7, 9, 16, 16, 12, 12};
constexpr std::array<std::string_view, kColumns> kNames = {
    "Module", "Rank", "Wt/Rd", "Segment", "Offset", "Length", "Start(s)", "End(s)"};

using Columns = std::array<std::string_view, kColumns>;

sim::Error wrong(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

// Takes the next word off `rest`.
std::string_view next_word(std::string_view& rest) {
  rest = scan::trim(rest);
  const std::string_view word = rest.substr(0, rest.find_first_of(" \t"));
  rest.remove_prefix(word.size());
  return word;
}

// Digits, a point and exactly four digits: anything else is not a time that Darshan printed.
std::optional<sim::Duration> scan_seconds(std::string_view text) {
  constexpr std::size_t kDecimals = 4;
  constexpr std::uint64_t kMostSeconds = 4'000'000'000;
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos || text.size() - point - 1 != kDecimals) {
    return std::nullopt;
  }
  if (text == "-0.0000") {
    return sim::Duration();
  }
  const auto whole = scan::unsigned_number(text.substr(0, point));
  const auto parts = scan::unsigned_number(text.substr(point + 1));
  if (!whole || !parts || *whole > kMostSeconds) {
    return std::nullopt;
  }
  return sim::seconds(static_cast<std::int64_t>(*whole)) +
         sim::microseconds(static_cast<std::int64_t>(*parts) * 100);
}

bool plausible(const Columns& columns) {
  for (const Column column : {kRank, kSegment, kOffset, kLength}) {
    if (!scan::unsigned_number(columns[column])) {
      return false;
    }
  }
  return scan_seconds(columns[kStart]) && scan_seconds(columns[kEnd]);
}

Columns split_at_blanks(std::string_view line, std::string_view& rest) {
  Columns columns;
  rest = line;
  for (std::string_view& column : columns) {
    column = next_word(rest);
  }
  return columns;
}

constexpr std::string_view kDigits = "0123456789";
constexpr std::size_t kMostDigits = 19;  // of a 64-bit number with sign

// How many characters the column `i` takes at the front of `line`. A number shorter than its column
// has blanks before it and ends with the column. One that fills or exceeds it ends where its digits
// do, unless those are too many for one number: then the next column is full as well, and this one
// is taken to be as wide as printed. A time ends with its four decimals.
std::size_t column_end(std::string_view line, std::size_t i) {
  const std::size_t width = kWidths[i];
  const bool padded = line.starts_with(' ');
  if (padded || line.size() < width) {
    return width;
  }
  const std::size_t digits = std::min(line.find_first_not_of(kDigits), line.size());
  const bool point = digits < line.size() && line[digits] == '.';
  if (i == kStart || i == kEnd) {
    return point ? digits + 5 : width;
  }
  return digits > width && digits <= kMostDigits && !point ? digits : width;
}

std::optional<Columns> split_at_widths(std::string_view line, std::string_view& rest) {
  Columns columns;
  for (std::size_t i = 0; i < kColumns; ++i) {
    const std::size_t end = column_end(line, i);
    if (line.size() < end) {
      return std::nullopt;
    }
    columns[i] = scan::trim(line.substr(0, end));
    line.remove_prefix(end);
  }
  rest = line;
  return columns;
}

// The columns behind the times: "[n]" for each stripe, then a thread's number or N/A.
sim::Status check_rest(std::string_view rest) {
  bool thread = false;
  for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
    const bool stripe = word.size() > 2 && word.front() == '[' && word.back() == ']' &&
                        scan::unsigned_number(word.substr(1, word.size() - 2));
    if (thread || (!stripe && word != "N/A" && !scan::unsigned_number(word))) {
      return wrong(fmt::format(
          "behind the times: found {}, expected [OST] columns, then a Pthread-ID or N/A",
          scan::in_quotes(word)));
    }
    thread = !stripe;
  }
  return {};
}

sim::Status explain(const Columns& columns) {
  for (const Column column : {kRank, kSegment, kOffset, kLength}) {
    if (!scan::unsigned_number(columns[column])) {
      return wrong(fmt::format("column {}: found {}, expected a whole number", kNames[column],
                               scan::in_quotes(columns[column])));
    }
  }
  for (const Column column : {kStart, kEnd}) {
    if (!scan_seconds(columns[column])) {
      return wrong(fmt::format("column {}: found {}, expected seconds with four decimals",
                               kNames[column], scan::in_quotes(columns[column])));
    }
  }
  return {};
}

sim::Result<DxtRow> convert(const Columns& columns) {
  DxtRow row;
  if (columns[kModule] != "X_POSIX" && columns[kModule] != "X_MPIIO") {
    return wrong(fmt::format("column Module: found {}, expected X_POSIX or X_MPIIO",
                             scan::in_quotes(columns[kModule])));
  }
  if (columns[kKind] != "write" && columns[kKind] != "read") {
    return wrong(fmt::format("column Wt/Rd: found {}, expected write or read",
                             scan::in_quotes(columns[kKind])));
  }
  row.module = columns[kModule] == "X_POSIX" ? DxtModule::posix : DxtModule::mpiio;
  row.rank = *scan::unsigned_number(columns[kRank]);
  DxtSegment& segment = row.segment;
  segment.write = columns[kKind] == "write";
  segment.number = *scan::unsigned_number(columns[kSegment]);
  segment.offset = *scan::unsigned_number(columns[kOffset]);
  segment.length = *scan::unsigned_number(columns[kLength]);
  segment.start = *scan_seconds(columns[kStart]);
  segment.end = *scan_seconds(columns[kEnd]);
  constexpr auto kLargest = static_cast<sim::Bytes>(std::numeric_limits<std::int64_t>::max());
  if (segment.offset > kLargest || segment.length > kLargest - segment.offset) {
    return wrong(fmt::format("offset {} + length {} is past the largest file offset, {}",
                             segment.offset, segment.length, kLargest));
  }
  if (segment.end < segment.start) {
    return wrong(
        fmt::format("ends at {} s, before its start at {} s", columns[kEnd], columns[kStart]));
  }
  return row;
}

}  // namespace

sim::Result<DxtRow> parse_dxt_row(std::string_view line) {
  std::string_view rest;
  Columns columns = split_at_blanks(line, rest);
  if (!plausible(columns)) {
    std::string_view rest_by_width;
    const auto by_width = split_at_widths(line, rest_by_width);
    if (by_width && plausible(*by_width)) {
      columns = *by_width;
      rest = rest_by_width;
    }
  }
  if (sim::Status status = explain(columns); !status) {
    return status.error();
  }
  if (sim::Status status = check_rest(rest); !status) {
    return status.error();
  }
  return convert(columns);
}

}  // namespace scenarios
