// What the user of the checker chooses.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "cachemodel/history/event.h"
#include "sim/units.h"

namespace cachemodel {

struct CheckOptions {
  sim::Duration staleness_bound;  // what bounded_staleness promises; a stale read as old as
                                  // this keeps the promise
  std::uint32_t groups = 1;       // of reads, counted apart
  // The group of a read by `client` that was invoked at `at`; all are of group 0 without.
  std::function<std::uint32_t(std::uint32_t client, sim::TimePoint at)> group_of;
  // Stale reads of which this says no are counted as unexcused as well; all are excused without.
  std::function<bool(std::uint32_t client, const Call& call)> excuses;
  std::size_t stories = 3;  // of each kind of violation; 0 tells none
  // How stories name a file; "file N" without.
  std::function<std::string(std::uint64_t)> file_name;
};

template <typename Read>
bool excused(const CheckOptions& options, const Read& read) {
  return !options.excuses || options.excuses(read.client, read.call);
}

}  // namespace cachemodel
