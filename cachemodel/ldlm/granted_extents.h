// The granted extent locks of one resource: a tree for each mode.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "cachemodel/ldlm/extent_tree.h"
#include "cachemodel/ldlm/lock_mode.h"
#include "sim/units.h"

namespace cachemodel {

// Costs are those of ExtentTree for each mode that is present.
class GrantedExtents {
 public:
  // As ExtentTree's, in the tree of `mode`.
  void insert(LockMode mode, ExtentNode& node, sim::Extent extent, std::uint64_t order);
  void erase(LockMode mode, ExtentNode& node);
  void call_back(LockMode mode, ExtentNode& node) { tree(mode).call_back(node); }

  // How many locks have one of `modes`.
  std::size_t count(ModeSet modes) const;
  bool overlaps(ModeSet modes, sim::Extent extent) const;
  // The smallest beginning at or after `offset` among locks of `modes`, or kEof.
  sim::Bytes first_begin_from(ModeSet modes, sim::Bytes offset) const;

  // The modes of which there is a lock.
  ModeSet present() const { return present_; }
  const ExtentTree& tree(LockMode mode) const { return trees_[static_cast<std::size_t>(mode)]; }

  // Calls `visit(const ExtentTree&)`, which returns whether to go on, for each mode of `modes` that
  // is present, the strongest first.
  template <typename Visit>
  void visit_trees(ModeSet modes, Visit visit) const {
    for (ModeSet left = modes & present_; !left.empty(); left.remove(left.first())) {
      if (!visit(tree(left.first()))) {
        return;
      }
    }
  }

 private:
  ExtentTree& tree(LockMode mode) { return trees_[static_cast<std::size_t>(mode)]; }

  std::array<ExtentTree, kLockModes> trees_;
  ModeSet present_;
};

}  // namespace cachemodel
