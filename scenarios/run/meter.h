// What the cluster's resources did during each phase.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/cluster/counters.h"
#include "sim/timeline.h"
#include "sim/units.h"
#include "stripe/client/context.h"
#include "transport/traffic.h"

namespace scenarios {

// Everything that counts up, at one moment.
struct Snapshot {
  sim::TimePoint at;
  std::vector<ResourceCounter> resources;
  std::vector<OstCounter> osts;
  transport::TrafficCounts traffic;
  sim::StageTimes background{};
  sim::Bytes fetched = 0;
  sim::Bytes over_fetched = 0;
  OssCacheCounter oss_cache;
  sim::Bytes swapped_in = 0;
  sim::Bytes evicted_early = 0;
  std::uint64_t purges = 0;
  std::uint64_t failed_purges = 0;
  std::vector<std::uint64_t> dropped_falsely;  // pages, by group of clients
  sim::Bytes dirty = 0;  // not a counter: bytes that wait in client caches now

  // Counts what one client did.
  void add(const stripe::ClientStats& stats) {
    for (std::size_t s = 0; s < sim::kStages; ++s) {
      background[s] += stats.background[s];
    }
    fetched += stats.fetched;
    over_fetched += stats.over_fetched;
    swapped_in += stats.swapped_in;
    evicted_early += stats.evicted_early;
    purges += stats.purges;
    failed_purges += stats.failed_purges;
  }
};

// The first and the last moment of each phase, by the label it is reported under. Several groups
// may have phases of one label: it lasts from the first one's beginning to the last one's end.
class Meter {
 public:
  struct Period {
    Snapshot begin;
    Snapshot end;
  };
  template <typename Take>
  void begins(const std::string& label, Take take) {
    if (!periods_.contains(label)) {
      order_.push_back(label);
      periods_[label].begin = take();
    }
  }
  void ended(const std::string& label, Snapshot now) { periods_[label].end = std::move(now); }

  // Labels in the order in which they began.
  const std::vector<std::string>& labels() const { return order_; }
  const Period& period(const std::string& label) const { return periods_.at(label); }

 private:
  std::vector<std::string> order_;
  std::map<std::string, Period> periods_;
};

}  // namespace scenarios
