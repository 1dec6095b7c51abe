// The reads of a file's content that are under way, found by place.
#pragma once

#include <algorithm>
#include <list>
#include <map>
#include <vector>

#include "sim/sync.h"
#include "stripe/client/outcome.h"

namespace stripe {

// A read of file content under way, for its first asker or ahead of need; others may wait for it
// too.
struct Fetch {
  Fetch(sim::Loop& loop, sim::Extent range) : extent(range), done(loop, "a page being read") {}
  sim::Extent extent;
  sim::Event done;
  Outcome outcome;
  sim::TimePoint ended;
  std::uint64_t number = 0;  // in the order of beginning
  std::uint32_t waiters = 0;
  // Parts that were written or cut off since it began: what it brings of them is old.
  std::vector<sim::Extent> outdated;
};

// Those under way do not overlap. One that has ended stays until nobody waits for it any more.
// Costs are logarithmic in those under way: read-ahead has hundreds on the way.
class Fetches {
  using List = std::list<Fetch>;
  struct Place {
    sim::Bytes end;
    List::iterator fetch;
  };
  template <typename Places>
  static auto behind(Places& places, sim::Bytes offset) {
    const auto it = places.upper_bound(offset);
    return it != places.begin() && std::prev(it)->second.end > offset ? std::prev(it) : it;
  }

 public:
  using Ref = List::iterator;

  // Nothing of `extent`, which is not empty, is on its way already.
  Ref begin(sim::Loop& loop, sim::Extent extent) {
    Fetch& fetch = all_.emplace_back(loop, extent);
    fetch.number = ++count_;
    const Ref ref = std::prev(all_.end());
    under_way_.emplace(extent.begin, Place{extent.end, ref});
    return ref;
  }
  // It has ended: who waits for it is woken.
  void end(Ref fetch) {
    under_way_.erase(fetch->extent.begin);
    fetch->done.set();
    if (fetch->waiters == 0) {
      all_.erase(fetch);
    }
  }

  // Has the caller wait for those under way that overlap `range`: appends them to `out` in the
  // order in which they began. They stay until stop_waiting(), once each.
  void wait_for(sim::Extent range, std::vector<Ref>& out) {
    const std::size_t before = out.size();
    for_each(range, [&out](Ref fetch) {
      ++fetch->waiters;
      out.push_back(fetch);
    });
    std::ranges::sort(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(), {},
                      [](Ref fetch) { return fetch->number; });
  }
  void stop_waiting(Ref fetch) {
    if (--fetch->waiters == 0 && fetch->done.is_set()) {
      all_.erase(fetch);
    }
  }

  // What the first one under way that ends behind `offset` fetches; {kEof, kEof} if there is none.
  sim::Extent first_behind(sim::Bytes offset) const {
    const auto found = behind(under_way_, offset);
    return found == under_way_.end() ? sim::Extent{sim::kEof, sim::kEof}
                                     : sim::Extent{found->first, found->second.end};
  }
  // Calls `with(Ref)` for those under way that overlap `range`, ascending.
  template <typename With>
  void for_each(sim::Extent range, With with) {
    for (auto it = behind(under_way_, range.begin); it != under_way_.end() && it->first < range.end;
         ++it) {
      with(it->second.fetch);
    }
  }
  bool empty() const { return all_.empty(); }

 private:
  List all_;
  std::map<sim::Bytes, Place> under_way_;  // by where they begin
  std::uint64_t count_ = 0;
};

}  // namespace stripe
