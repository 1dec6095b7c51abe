// The part of a scenario that makes several of it: what varies, and what must hold. Plain data, as
// spec.h.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace scenarios {

// A value to put in place, as --set PATH=VALUE does; `value` is the text of its JSON.
struct Setting {
  std::string path;
  std::string value;
  bool operator==(const Setting&) const = default;
};

// One of the alternatives of an axis: all that it sets, in order, and what reports call it.
struct Choice {
  std::string label;  // unique in its axis
  std::vector<Setting> settings;
  bool operator==(const Choice&) const = default;
};

// One thing that is varied. A plain value sets the path that is the axis's name.
struct Axis {
  std::string name;
  std::vector<Choice> choices;  // at least one
  bool operator==(const Axis&) const = default;
};

// What a result must keep to; scenarios/sweep/thresholds.h reads the two texts.
struct ThresholdSpec {
  std::string expression;  // "read.bandwidth[a] / read.bandwidth[b]"
  std::string bound;       // ">= 1.5"
  bool operator==(const ThresholdSpec&) const = default;
};

// At most this many variants: any more is a mistake in one of the lists.
inline constexpr std::size_t kMostVariants = 1000;

// What makes of one scenario several, and what is expected of them. The variants are the product of
// the axes in the order written, the last one changing fastest.
struct SweepSpec {
  std::vector<Axis> axes;
  std::vector<ThresholdSpec> thresholds;
  bool operator==(const SweepSpec&) const = default;
};

}  // namespace scenarios
