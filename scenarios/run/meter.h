// What the cluster's resources did during each phase.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/timeline.h"
#include "sim/units.h"
#include "transport/traffic.h"

namespace scenarios {

// One resource's running account since the beginning.
struct ResourceCounter {
  std::string name;  // "oss0.tx"
  std::string kind;  // "nic", "link", "cpu", "threads", "device"
  std::uint32_t servers = 1;
  sim::Duration busy;    // worked, summed over the servers
  sim::Duration waited;  // by requests in its queue
};

// One OST's running account.
struct OstCounter {
  sim::Bytes bytes = 0;
  std::uint64_t rpcs = 0;
  sim::Duration device_busy;
  std::uint32_t device_servers = 1;
};

// Everything that counts up, at one moment.
struct Snapshot {
  sim::TimePoint at;
  std::vector<ResourceCounter> resources;
  std::vector<OstCounter> osts;
  transport::TrafficCounts traffic;
  sim::StageTimes background{};
  sim::Bytes over_fetched = 0;
  sim::Bytes dirty = 0;  // not a counter: bytes that wait in client caches now
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
