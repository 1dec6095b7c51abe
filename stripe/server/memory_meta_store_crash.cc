// What the store in memory loses with its server, and how that is told.
#include "stripe/server/memory_meta_store.h"

namespace stripe {

void MemoryMetaStore::before_change(const Inode& inode) {
  if (undo_) {
    undo_->inode(inode.attr.fid, &inode);
  }
}

void MemoryMetaStore::crash() {
  sim::check(undo_.has_value(), "a store crashes that does not remember what was there before");
  undo_->undo(inodes_);
}

void MemoryMetaStore::stable(std::uint64_t changes) {
  if (undo_) {
    undo_->stable(changes);
  }
}

void MemoryMetaStore::for_each_layout(
    const std::function<void(const Fid&, const Layout&)>& visit) const {
  for (const auto& [fid, inode] : inodes_) {
    if (inode->layout) {
      visit(fid, *inode->layout);
    }
  }
}

MetaStore::Leavings MemoryMetaStore::settle() {
  Leavings left;
  for (const auto& [fid, inode] : inodes_) {
    if (inode->attr.nlink == 0) {
      left.inodes.push_back(fid);
    }
  }
  if (undo_) {
    left.objects = undo_->settle(inodes_);
  }
  return left;
}

}  // namespace stripe
