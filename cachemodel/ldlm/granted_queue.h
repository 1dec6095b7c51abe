// The granted locks of one resource, of extents or of inode bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory_resource>
#include <vector>

#include "cachemodel/ldlm/granted_extents.h"
#include "cachemodel/ldlm/lock.h"

namespace cachemodel {

// What the locks of a namespace divide: the bytes of OST objects, or the aspects of inodes.
enum class LockType : std::uint8_t { extent, inode_bits };

// Extent locks stand in trees. Inode-bits locks stand in classes of equal mode and bits, of which
// a resource has few however many clients share it, so that asking is cheap and telling costs only
// the locks told.
class GrantedQueue {
 public:
  // Memory for classes comes from `memory`, which must outlive the queue.
  GrantedQueue(LockType type, std::pmr::memory_resource* memory) : type_(type), classes_(memory) {}

  LockType type() const { return type_; }
  std::size_t size() const { return size_; }
  const GrantedExtents& extents() const { return extents_; }

  // Adds `lock`, granted on `extent` (the whole object for inode bits) and its bits.
  void insert(Lock& lock, sim::Extent extent);
  void erase(Lock& lock);
  // An inode-bits lock keeps only `bits`, and counts as not called back.
  void change_bits(Lock& lock, InodeBits bits);
  // From now on `lock`, granted here, is called back.
  void call_back(Lock& lock);

  // Whether `request` conflicts with a granted lock.
  bool conflicts(const Lock& request) const;
  // Those of `bits` that no granted inode-bits lock of a mode incompatible with `request`'s has.
  InodeBits free_bits(const Lock& request, InodeBits bits) const;
  // Appends those granted locks that conflict with `request` and were not called back yet, in the
  // order of their handles.
  void collect_fresh(const Lock& request, std::pmr::vector<Lock*>& out);
  // How many granted extent locks conflict with `request`; with `requested_only`, of these only
  // those whose requested ranges overlap. Linear in the number of conflicts.
  std::size_t count_conflicts(const Lock& request, bool requested_only) const;

 private:
  struct BitsClass {
    LockMode mode = LockMode::pr;
    std::uint64_t group = 0;
    InodeBits bits = 0;
    LockQueue fresh;
    LockQueue called_back;
    bool empty() const { return fresh.empty() && called_back.empty(); }
  };
  BitsClass& class_of(const Lock& lock);
  void enter_class(Lock& lock);
  void leave_class(Lock& lock);
  bool conflicts_with_extents(const Lock& request) const;

  LockType type_;
  std::size_t size_ = 0;
  GrantedExtents extents_;
  std::pmr::list<BitsClass> classes_;
};

}  // namespace cachemodel
