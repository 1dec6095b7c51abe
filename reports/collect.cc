#include "reports/collect.h"

#include <algorithm>

namespace reports {

LatencySummary summarize(std::string op, const sim::Histogram& h) {
  return {std::move(op),
          h.count(),
          h.mean(),
          h.min(),
          h.percentile(500000),
          h.percentile(900000),
          h.percentile(990000),
          h.percentile(999000),
          h.max()};
}

std::vector<StageTime> stage_times(const sim::StageTimes& times, std::string_view prefix) {
  std::vector<StageTime> list;
  for (std::size_t i = 0; i < sim::kStages; ++i) {
    if (times[i].ns() != 0) {
      const auto stage = static_cast<sim::Stage>(i);
      list.push_back({std::string(prefix) + std::string(sim::stage_name(stage)), times[i]});
    }
  }
  return list;
}

OstRange ost_range(const std::vector<double>& values) {
  if (values.empty()) {
    return {};
  }
  const auto min = std::ranges::min_element(values);
  const auto max = std::ranges::max_element(values);
  return {*min, *max, static_cast<std::uint32_t>(min - values.begin()),
          static_cast<std::uint32_t>(max - values.begin())};
}

}  // namespace reports
