#include "reports/sweep.h"

#include <fmt/core.h>

#include <algorithm>

namespace reports {

std::string label_text(const std::vector<Label>& labels) {
  std::string text;
  for (const Label& label : labels) {
    text += (text.empty() ? "" : ", ") + label.text;
  }
  return text;
}

std::string_view unit_name(Unit unit) {
  constexpr std::string_view kNames[] = {"", "bytes", "ns", "bytes/s"};
  return kNames[static_cast<std::size_t>(unit)];
}

namespace {

// The units' own formats know no signs; a difference may have one.
std::string format_magnitude(double value, Unit unit) {
  switch (unit) {
    case Unit::bytes:
      return sim::format_bytes(static_cast<sim::Bytes>(value + 0.5));
    case Unit::time:
      return sim::format_duration(sim::Duration(static_cast<std::int64_t>(value + 0.5)));
    case Unit::rate:
      return sim::format_rate(value);
    case Unit::none:
      break;
  }
  return value < 1e15 && value == static_cast<double>(static_cast<std::int64_t>(value))
             ? fmt::format("{:.0f}", value)
             : fmt::format("{:.4g}", value);
}

}  // namespace

std::string format_value(double value, Unit unit) {
  return value < 0 ? "-" + format_magnitude(-value, unit) : format_magnitude(value, unit);
}

bool ThresholdResult::holds() const { return std::ranges::all_of(verdicts, &Verdict::holds); }

const Verdict& ThresholdResult::telling() const {
  const auto failed = std::ranges::find(verdicts, false, &Verdict::holds);
  return failed == verdicts.end() ? verdicts[nearest] : *failed;
}

bool SweepResult::thresholds_hold() const {
  return std::ranges::all_of(thresholds, &ThresholdResult::holds);
}

bool SweepResult::ran() const {
  return std::ranges::all_of(variants,
                             [](const VariantResult& v) { return v.result.errors.empty(); });
}

}  // namespace reports
