#include "stripe/server/dirty_ranges.h"

#include <algorithm>

namespace stripe {

using sim::Bytes;
using sim::Extent;

Bytes DirtyRanges::overlap(const Set& set, Extent range) {
  Bytes sum = 0;
  const auto [first, last] = set.equal_range(Interval(range.begin, range.end));
  for (auto it = first; it != last; ++it) {
    sum += range.intersect({it->lower(), it->upper()}).size();
  }
  return sum;
}

Bytes DirtyRanges::add(Extent range) {
  const Bytes known = overlap(young_, range) + overlap(old_, range);
  const Interval interval(range.begin, range.end);
  young_.add(interval);
  // What was old stays old, and in one set only.
  const auto [first, last] = old_.equal_range(interval);
  for (auto it = first; it != last; ++it) {
    young_.subtract(*it);
  }
  const auto [begin, end] = young_.equal_range(interval);
  for (auto it = begin; it != end; ++it) {
    const Bytes from = (it->lower() + row_ - 1) / row_ * row_;
    const Bytes to = it->upper() / row_ * row_;
    if (from < to) {
      full_.add(Interval(from, to));
    }
  }
  const Bytes added = range.size() - known;
  size_ += added;
  return added;
}

Bytes DirtyRanges::remove(Extent range) {
  const Bytes removed = overlap(young_, range) + overlap(old_, range);
  const Interval interval(range.begin, range.end);
  young_.subtract(interval);
  old_.subtract(interval);
  full_.subtract(Interval(range.begin / row_ * row_, (range.end + row_ - 1) / row_ * row_));
  size_ -= removed;
  return removed;
}

bool DirtyRanges::covers(Extent range) const {
  return overlap(young_, range) + overlap(old_, range) == range.size();
}

void DirtyRanges::age() {
  old_ += young_;
  young_.clear();
  full_.clear();
}

Extent DirtyRanges::next_in(const Set& set) const {
  auto it = set.lower_bound(Interval(cursor_, cursor_ + 1));
  if (it == set.end()) {
    it = set.begin();
  }
  // Ends at a row's end where it can, so that what stays begins with a full stripe.
  const Bytes stop = it->lower() / row_ * row_ + run_;
  return {it->lower(), std::min(it->upper(), stop)};
}

Extent DirtyRanges::take(bool wanted) {
  Extent run;
  if (!old_.empty()) {
    run = next_in(old_);
  } else if (!full_.empty()) {
    run = next_in(full_);
  } else if (wanted && !young_.empty()) {
    run = next_in(young_);
  } else {
    return run;
  }
  remove(run);
  cursor_ = run.end;
  return run;
}

}  // namespace stripe
