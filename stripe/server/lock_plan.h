// The locks of the MDT's own that one change takes.
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "cachemodel/ldlm/inode_bits.h"
#include "cachemodel/ldlm/lock_mode.h"
#include "stripe/protocol/fid.h"

namespace stripe {

// In the order of FIDs, one for each: two changes never wait for each other.
class LockPlan {
 public:
  struct Entry {
    Fid fid;
    cachemodel::LockMode mode = cachemodel::LockMode::ex;
    cachemodel::InodeBits bits = 0;
    bool operator==(const Entry&) const = default;
  };
  using Entries = boost::container::small_vector<Entry, 4>;

  // A directory whose entries change. Changes of different entries go on together (Lustre: parallel
  // directory operations), but nobody caches the directory meanwhile.
  void add_parent(const Fid& fid) { add(fid, cachemodel::LockMode::cw, cachemodel::kBitUpdate); }
  // What changes itself.
  void add_object(const Fid& fid, cachemodel::InodeBits bits) {
    add(fid, cachemodel::LockMode::ex, bits);
  }
  const Entries& entries() const { return entries_; }
  bool operator==(const LockPlan&) const = default;

 private:
  void add(const Fid& fid, cachemodel::LockMode mode, cachemodel::InodeBits bits) {
    const auto place = std::ranges::lower_bound(entries_, fid, {}, &Entry::fid);
    if (place == entries_.end() || place->fid != fid) {
      entries_.insert(place, {fid, mode, bits});
      return;
    }
    place->mode = std::min(place->mode, mode);  // the strongest is the first
    place->bits |= bits;
  }
  Entries entries_;
};

}  // namespace stripe
