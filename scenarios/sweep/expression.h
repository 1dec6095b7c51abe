// The left side of a threshold: what a scenario expects a bound to hold for.
//
//   read.bandwidth                                  one metric, in every variant
//   read.bandwidth[lustre]                          in the variants that carry this label
//   read.bandwidth[lustre] / read.bandwidth[nfs]    a ratio; " - " is a difference
//   write.bandwidth / write.bandwidth[-c 1]         every variant against one
//
// The second metric of a pair is that of the variant with the labels named and otherwise the
// first's, so a pair holds within each choice of the other axes. "AXIS=LABEL" tells labels apart
// that two axes have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/sweep.h"
#include "scenarios/spec.h"
#include "sim/status.h"

namespace scenarios {

// A metric and the label it is taken at, by axis: nothing where any will do.
struct MetricTerm {
  std::string metric;
  std::vector<std::optional<std::string>> pinned;

  // Whether a variant with these labels, one for each axis, is one of those meant.
  bool selects(const std::vector<reports::Label>& labels) const;
};

enum class Combination : std::uint8_t { value, ratio, difference };

// What is on the left of a bound.
struct Expression {
  Combination combination = Combination::value;
  MetricTerm first;
  MetricTerm second;  // of a ratio or a difference
};

// Reads the left side. invalid_argument says what is not understood, and names the labels there
// are. Metrics are not judged.
sim::Result<Expression> parse_expression(std::string_view text, const std::vector<Axis>& axes);

}  // namespace scenarios
