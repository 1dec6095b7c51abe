#include "cachemodel/ldlm/granted_queue.h"

#include <algorithm>

#include "sim/status.h"

namespace cachemodel {
namespace {

constexpr sim::Extent kWhole{0, sim::kEof};

Lock& lock_of(ExtentNode& node) { return static_cast<Lock&>(node); }

// The modes among which `request` finds conflicts: for a GROUP lock also GROUP, then by group.
ModeSet modes_to_search(const Lock& request) {
  ModeSet modes = incompatible_modes(request.mode);
  if (request.mode == LockMode::group) {
    modes.add(LockMode::group);
  }
  return modes;
}

}  // namespace

// Classes that became empty are used again, so their number is that of the most at one time.
GrantedQueue::BitsClass& GrantedQueue::class_of(const Lock& lock) {
  BitsClass* unused = nullptr;
  for (BitsClass& c : classes_) {
    if (c.mode == lock.mode && c.group == lock.group && c.bits == lock.bits) {
      return c;
    }
    if (c.empty() && unused == nullptr) {
      unused = &c;
    }
  }
  BitsClass& c = unused != nullptr ? *unused : classes_.emplace_back();
  c.mode = lock.mode;
  c.group = lock.group;
  c.bits = lock.bits;
  return c;
}

void GrantedQueue::enter_class(Lock& lock) { class_of(lock).fresh.push_back(lock); }

void GrantedQueue::leave_class(Lock& lock) {
  BitsClass& c = class_of(lock);
  LockQueue& queue = lock.called_back() ? c.called_back : c.fresh;
  queue.erase(queue.iterator_to(lock));
}

void GrantedQueue::insert(Lock& lock, sim::Extent extent) {
  extents_.insert(lock.mode, lock, extent, lock.handle);
  lock.granted = true;
  ++size_;
  if (type_ == LockType::inode_bits) {
    enter_class(lock);
  }
}

void GrantedQueue::erase(Lock& lock) {
  if (type_ == LockType::inode_bits) {
    leave_class(lock);
  }
  extents_.erase(lock.mode, lock);
  --size_;
}

void GrantedQueue::change_bits(Lock& lock, InodeBits bits) {
  erase(lock);
  lock.bits = bits;
  insert(lock, kWhole);
}

void GrantedQueue::call_back(Lock& lock) {
  if (lock.called_back()) {
    return;
  }
  if (type_ == LockType::inode_bits) {
    leave_class(lock);
    class_of(lock).called_back.push_back(lock);
  }
  extents_.call_back(lock.mode, lock);
}

bool GrantedQueue::conflicts_with_extents(const Lock& request) const {
  if (extents_.overlaps(incompatible_modes(request.mode), request.requested)) {
    return true;
  }
  bool found = false;
  if (request.mode == LockMode::group) {
    extents_.tree(LockMode::group).visit_overlapping(request.requested, [&](ExtentNode& node) {
      found = lock_of(node).group != request.group;
      return !found;
    });
  }
  return found;
}

bool GrantedQueue::conflicts(const Lock& request) const {
  if (type_ == LockType::extent) {
    return conflicts_with_extents(request);
  }
  return free_bits(request, request.bits) != request.bits;
}

InodeBits GrantedQueue::free_bits(const Lock& request, InodeBits bits) const {
  for (const BitsClass& c : classes_) {
    if (!c.empty() && incompatible(c.mode, c.group, request.mode, request.group)) {
      bits &= ~c.bits;
    }
  }
  return bits;
}

void GrantedQueue::collect_fresh(const Lock& request, std::pmr::vector<Lock*>& out) {
  const std::size_t first = out.size();
  if (type_ == LockType::extent) {
    extents_.visit_trees(modes_to_search(request), [&](const ExtentTree& tree) {
      tree.visit_fresh_overlapping(request.requested, [&](ExtentNode& node) {
        if (incompatible(lock_of(node), request)) {
          out.push_back(&lock_of(node));
        }
        return true;
      });
      return true;
    });
  } else {
    for (BitsClass& c : classes_) {
      if ((c.bits & request.bits) != 0 &&
          incompatible(c.mode, c.group, request.mode, request.group)) {
        for (Lock& lock : c.fresh) {
          out.push_back(&lock);
        }
      }
    }
  }
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(),
            [](const Lock* a, const Lock* b) { return a->handle < b->handle; });
}

std::size_t GrantedQueue::count_conflicts(const Lock& request, bool requested_only) const {
  std::size_t count = 0;
  extents_.visit_trees(modes_to_search(request), [&](const ExtentTree& tree) {
    tree.visit_overlapping(request.requested, [&](ExtentNode& node) {
      const Lock& lock = lock_of(node);
      const bool counts = !requested_only || lock.requested.overlaps(request.requested);
      count += counts && incompatible(lock, request) ? 1 : 0;
      return true;
    });
    return true;
  });
  return count;
}

}  // namespace cachemodel
