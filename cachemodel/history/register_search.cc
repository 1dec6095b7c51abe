#include "cachemodel/history/register_search.h"

#include <algorithm>
#include <set>
#include <utility>

#include "cachemodel/history/sweep.h"

namespace cachemodel {
namespace {

class Search {
 public:
  explicit Search(const std::vector<RegisterCall>& calls) : calls_(calls) {}

  // True if the calls not in `done` can follow, with the register at `value`.
  bool can_finish(std::uint64_t done, std::uint64_t value) {
    std::int64_t first_return = kNever;
    bool finished = true;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if ((done >> i & 1) == 0) {
        first_return = std::min(first_return, calls_[i].returned);
        finished = finished && calls_[i].returned == kNever;
      }
    }
    if (finished || !dead_.insert({done, value}).second) {
      return finished;
    }
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      const bool next = (done >> i & 1) == 0 && calls_[i].invoked <= first_return &&
                        (calls_[i].write || calls_[i].value == value);
      if (next &&
          can_finish(done | std::uint64_t{1} << i, calls_[i].write ? calls_[i].value : value)) {
        return true;
      }
    }
    return false;
  }

 private:
  const std::vector<RegisterCall>& calls_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> dead_;
};

}  // namespace

bool some_order_explains(const std::vector<RegisterCall>& calls) {
  return Search(calls).can_finish(0, 0);
}

}  // namespace cachemodel
