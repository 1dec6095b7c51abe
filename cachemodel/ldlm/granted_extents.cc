#include "cachemodel/ldlm/granted_extents.h"

#include <algorithm>

namespace cachemodel {

void GrantedExtents::insert(LockMode mode, ExtentNode& node, sim::Extent extent,
                            std::uint64_t order) {
  tree(mode).insert(node, extent, order);
  present_.add(mode);
}

void GrantedExtents::erase(LockMode mode, ExtentNode& node) {
  tree(mode).erase(node);
  if (tree(mode).empty()) {
    present_.remove(mode);
  }
}

std::size_t GrantedExtents::count(ModeSet modes) const {
  std::size_t locks = 0;
  visit_trees(modes, [&](const ExtentTree& t) {
    locks += t.size();
    return true;
  });
  return locks;
}

bool GrantedExtents::overlaps(ModeSet modes, sim::Extent extent) const {
  bool found = false;
  visit_trees(modes, [&](const ExtentTree& t) {
    found = t.overlaps(extent);
    return !found;
  });
  return found;
}

sim::Bytes GrantedExtents::first_begin_from(ModeSet modes, sim::Bytes offset) const {
  sim::Bytes first = sim::kEof;
  visit_trees(modes, [&](const ExtentTree& t) {
    first = std::min(first, t.first_begin_from(offset));
    return true;
  });
  return first;
}

}  // namespace cachemodel
