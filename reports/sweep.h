// What a scenario's variants found, side by side, and whether its thresholds hold: the record that
// every writer prints. A scenario that varies nothing is one variant without labels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/result.h"

namespace reports {

// What one variant has chosen on one axis.
struct Label {
  std::string axis;  // "clients[0].design"
  std::string text;  // "lustre"
  bool operator==(const Label&) const = default;
};

// "lustre, -c 4": the labels' texts in order.
std::string label_text(const std::vector<Label>& labels);

struct VariantResult {
  std::vector<Label> labels;
  Result result;
};

// What a number counts; kNone for numbers without a unit, such as counts and shares.
enum class Unit : std::uint8_t { none, bytes, time, rate };

// The unit as machine-readable output has it: "", "bytes", "ns", "bytes/s".
std::string_view unit_name(Unit unit);

// "1.5", "4 MiB", "25 us", "1.2 GiB/s".
std::string format_value(double value, Unit unit);

// A threshold for one variant, or for one pair of them.
struct Verdict {
  std::string variant;          // which one, or which two; empty when nothing is varied
  std::optional<double> value;  // in the threshold's unit; nothing when it was not measured
  bool holds = false;
};

struct ThresholdResult {
  std::string expression;  // as the scenario has it: "read.bandwidth[a] / read.bandwidth[b]"
  std::string bound;       // ">= 1.5"
  Unit unit = Unit::none;
  std::vector<Verdict> verdicts;  // at least one, in the order of the variants

  bool holds() const;
  // The verdict to tell when there is room for one: the first that does not hold, or else the one
  // nearest to the bound, as `nearest` says.
  const Verdict& telling() const;
  std::size_t nearest = 0;
};

struct SweepResult {
  std::string version;                  // of stripelab
  std::string scenario;                 // its name
  std::vector<std::string> axes;        // what is varied; empty for a single run
  std::vector<VariantResult> variants;  // at least one
  std::vector<ThresholdResult> thresholds;

  bool varied() const { return !axes.empty(); }
  bool thresholds_hold() const;
  // Whether every variant ran to its end without an error.
  bool ran() const;
};

}  // namespace reports
