#include "reports/limiting.h"

#include <algorithm>

namespace reports {

sim::Duration total_time(std::span<const StageTime> stages) {
  sim::Duration total;
  for (const StageTime& stage : stages) {
    total += stage.time;
  }
  return total;
}

Limit find_limit(std::span<const ResourceUse> resources, std::span<const StageTime> foreground) {
  const auto busiest = std::ranges::max_element(resources, {}, &ResourceUse::busy);
  if (busiest != resources.end() && busiest->busy >= kBusyEnough) {
    return {Limit::Kind::resource, busiest->name, busiest->busy};
  }
  const auto largest = std::ranges::max_element(foreground, {}, &StageTime::time);
  if (largest == foreground.end() || largest->time.ns() <= 0) {
    return {};
  }
  const double share = largest->time.seconds() / total_time(foreground).seconds();
  return {Limit::Kind::latency_bound, largest->stage, share};
}

}  // namespace reports
