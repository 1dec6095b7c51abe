#include "cachemodel/history/verdict.h"

#include <algorithm>

namespace cachemodel {
namespace {

bool clean(const RegisterVerdict& verdict) {
  return verdict.impossible == 0 && verdict.total.stale == 0 &&
         std::ranges::all_of(verdict.guarantees, &GuaranteeCount::held);
}

}  // namespace

std::string_view guarantee_name(Guarantee guarantee) {
  constexpr std::array<std::string_view, kGuarantees> kNames = {
      "linearizable", "close_to_open", "monotonic_reads", "read_your_writes", "bounded_staleness"};
  return kNames[static_cast<std::size_t>(guarantee)];
}

std::uint64_t ReadCounts::stale_per_million() const {
  return reads == 0
             ? 0
             : static_cast<std::uint64_t>(static_cast<unsigned __int128>(stale) * 1000000 / reads);
}

bool Verdict::clean() const {
  return cachemodel::clean(blocks) && cachemodel::clean(sizes) && cachemodel::clean(mtimes) &&
         lost_after_fsync == 0;
}

}  // namespace cachemodel
