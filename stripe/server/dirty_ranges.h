// What waits in an array's write-back cache, and in which order it leaves.
#pragma once

#include <boost/icl/interval_set.hpp>

#include "sim/units.h"

namespace stripe {

// A set of bytes of the group that are newer in the cache than on the drives. Full stripes leave
// first and gladly, since writing them needs no reading; the rest leaves when it has become old or
// when space is wanted. Each kind leaves in ascending order of place, round and round (C-LOOK).
class DirtyRanges {
 public:
  // `row`: data bytes of a full stripe. `run`: how much leaves at a time, at least a row.
  DirtyRanges(sim::Bytes row, sim::Bytes run) : row_(row), run_(run / row * row) {}

  // Returns how many bytes became dirty by it; the others were dirty already.
  sim::Bytes add(sim::Extent range);
  // Takes `range` out, for data written past the cache. Returns how many dirty bytes it held.
  sim::Bytes remove(sim::Extent range);
  // Whether every byte of `range` is here.
  bool covers(sim::Extent range) const;
  sim::Bytes size() const { return size_; }

  // Makes old all that is here.
  void age();
  // Takes out the next run of adjacent bytes: of what is old, else full stripes, else, if `wanted`,
  // anything. Empty if nothing is to leave.
  sim::Extent take(bool wanted);

 private:
  using Interval = boost::icl::right_open_interval<sim::Bytes>;
  using Set = boost::icl::interval_set<sim::Bytes, std::less, Interval>;

  static sim::Bytes overlap(const Set& set, sim::Extent range);
  sim::Extent next_in(const Set& set) const;

  sim::Bytes row_;
  sim::Bytes run_;
  Set young_;
  Set full_;  // the full stripes within young_
  Set old_;   // disjoint from young_
  sim::Bytes size_ = 0;
  sim::Bytes cursor_ = 0;  // where the last run ended
};

}  // namespace stripe
