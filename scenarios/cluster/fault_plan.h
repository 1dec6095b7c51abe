// What a scenario says goes wrong, done to a cluster when it is time.
#pragma once

#include <vector>

#include "scenarios/cluster/cluster.h"

namespace scenarios {

class FaultPlan {
 public:
  // Every client must be there. An error if a fault names a node that is not. `cluster` and
  // `faults` must outlive the plan, with which what it has not done yet is forgotten.
  static sim::Result<std::unique_ptr<FaultPlan>> make(Cluster& cluster,
                                                      const std::vector<FaultSpec>& faults);
  // Begins to wait for the time of each.
  void start();

 private:
  struct Planned {
    const FaultSpec* spec;
    transport::NodeId a =
        0;  // whose fault it is (the MDS is node 0, OSS i node i + 1), or one end of the link
    transport::NodeId b = 0;  // the other
  };
  explicit FaultPlan(Cluster& cluster) : cluster_(cluster), tasks_(cluster.world().loop()) {}
  sim::Task<void> carry_out(Planned planned);
  void change(const Planned& planned, bool begins);

  Cluster& cluster_;
  std::vector<Planned> planned_;
  sim::TaskGroup tasks_;
};

}  // namespace scenarios
