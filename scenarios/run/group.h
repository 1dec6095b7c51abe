// One group of clients of a running scenario.
#pragma once

#include <memory>
#include <vector>

#include "scenarios/cluster/cluster.h"
#include "scenarios/run/assemble.h"
#include "scenarios/run/client_design.h"
#include "scenarios/run/rank.h"

namespace scenarios {

// Who follows what all groups do.
struct GroupWatch {
  Verifier* verifier = nullptr;  // null: the stores keep no contents, nothing can be verified
  Unflushed unflushed;
  Witness* witness = nullptr;  // null: nobody judges what was seen
  // Hear the labels of the phases.
  std::function<void(const std::string&)> phase_begins;
  std::function<void(const std::string&)> phase_ended;
};

// Mounts, ranks and measurements of one group.
class Group {
 public:
  // `first_client` is the number of the group's first mount in the cluster. `meets`: where its
  // ranks wait for each other, and for those of groups they share files with. `meets` and `watch`
  // outlive the group.
  Group(const Scenario& scenario, const ClientGroup& spec, Cluster& cluster,
        std::unique_ptr<Workload> workload, std::uint32_t first_client, Rendezvous& meets,
        GroupWatch& watch);
  ~Group();

  // Makes the nodes and their mounts.
  sim::Status mount();
  // Makes directories and files that the workload expects to be there.
  sim::Task<sim::Status> prepare();
  // Starts every rank.
  void start(sim::TaskGroup& tasks);

  const std::vector<std::unique_ptr<stripe::Mount>>& mounts() const { return mounts_; }
  const ClientGroup& spec() const { return spec_; }
  std::uint32_t first_client() const { return first_client_; }
  const Workload& workload() const { return *workload_; }
  const Recorder& recorder() const { return recorder_; }
  GroupMeasured measured() const;

 private:
  sim::Task<sim::Status> make_directories();
  sim::Task<sim::Status> make_file(const FileSpec& file);

  const ClientGroup& spec_;
  Cluster& cluster_;
  std::unique_ptr<Workload> workload_;
  std::uint32_t first_client_;
  Witness* witness_;
  const std::string& default_layout_;
  stripe::ClientDesign design_;
  Recorder recorder_;
  Team team_;
  GroupContext context_;
  std::vector<std::unique_ptr<stripe::Mount>> mounts_;  // by node of the plan
  std::vector<std::unique_ptr<Rank>> ranks_;
};

}  // namespace scenarios
