// The end of a run behind its measurements: clients go as they should, and what was lost is told.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <vector>

#include "reports/result.h"
#include "scenarios/run/group.h"

namespace scenarios {

class Farewell {
 public:
  using Groups = std::vector<std::unique_ptr<Group>>;

  // Unmounts every client that holds something at servers (its design has a coherence policy); an
  // error if that does not end. The others stay as they are, dirty data included.
  sim::Status run(WorldModel& world, const Groups& groups);

  std::size_t unmounted() const { return unmounted_; }
  // Locks that unmounting could not give back: nobody uses a file any more, so that is a leak.
  std::uint64_t leaked_locks() const { return leaked_; }
  // Adds that to the errors of a run, if there was any: it fails.
  void tell_leaks(std::vector<std::string>& errors) const;
  // What the group's clients had not written when the measurements ended.
  sim::Bytes dirty(const Group& group) const { return dirty_.at(&group); }

 private:
  sim::Task<void> unmount(stripe::Mount& mount);

  std::size_t unmounted_ = 0;
  std::uint64_t leaked_ = 0;
  boost::unordered_flat_map<const Group*, sim::Bytes> dirty_;  // looked up only
};

// What became of clients and servers in a run that has ended.
reports::Liveness liveness_of(const Cluster& cluster, const Farewell::Groups& groups,
                              const Farewell& farewell);

}  // namespace scenarios
