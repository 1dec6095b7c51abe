#include "cachemodel/ldlm/lock.h"

#include <boost/container_hash/hash.hpp>

namespace cachemodel {

std::size_t ResourceNameHash::operator()(const ResourceName& name) const {
  return boost::hash_range(name.words.begin(), name.words.end());
}

bool incompatible(LockMode a, std::uint64_t group_a, LockMode b, std::uint64_t group_b) {
  const bool other_group = a == LockMode::group && b == LockMode::group && group_a != group_b;
  return other_group || !compatible(a, b);
}

bool conflict(const Lock& a, const Lock& b) {
  return (a.bits & b.bits) != 0 && a.covers().overlaps(b.covers()) && incompatible(a, b);
}

}  // namespace cachemodel
