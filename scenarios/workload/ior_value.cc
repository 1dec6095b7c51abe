#include "scenarios/workload/ior_value.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <string>

#include "scenarios/workload/scan.h"

namespace scenarios {
namespace {

sim::Error wrong(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

}  // namespace

sim::Status IorValue::level(std::uint64_t& out) const {
  if (!text_) {
    ++out;
    return {};
  }
  return size(out);
}

sim::Status IorValue::flag(bool& out) const {
  std::uint64_t value = out ? 1 : 0;
  sim::Status status = level(value);
  out = value != 0;
  return status;
}

sim::Status IorValue::size(std::uint64_t& out) const {
  const auto value = parse_ior_size(text());
  if (!value) {
    return wrong(fmt::format("{}: {}", option_, value.error().message));
  }
  out = *value;
  return {};
}

sim::Status IorValue::number(std::int64_t& out) const {
  const auto value = scan::signed_number(text());
  constexpr std::int64_t kLargest = std::numeric_limits<std::int32_t>::max();
  if (!value || *value > kLargest || *value < -kLargest) {
    return wrong(fmt::format("{}: found {}, expected a whole number of 32 bits", option_,
                             scan::in_quotes(text())));
  }
  out = *value;
  return {};
}

sim::Status IorValue::microseconds(sim::Duration& out) const {
  std::uint64_t value = 0;
  if (sim::Status status = size(value); !status) {
    return status;
  }
  constexpr std::uint64_t kHour = 3'600'000'000;
  if (value > kHour) {
    return wrong(fmt::format("{}: found {} us, at most an hour is supported", option_, value));
  }
  out = sim::microseconds(static_cast<std::int64_t>(value));
  return {};
}

sim::Status IorValue::refuse(std::string_view why) const {
  if (text_ && (*text_ == "0" || scan::same_word(*text_, "off"))) {
    return {};
  }
  return wrong(fmt::format("{}: {}", option_, why));
}

sim::Status IorValue::note(IorOptions& options, std::string_view why) const {
  std::string line = fmt::format("{} has no effect here: {}", option_, why);
  if (std::find(options.notes.begin(), options.notes.end(), line) == options.notes.end()) {
    options.notes.push_back(std::move(line));
  }
  return {};
}

}  // namespace scenarios
