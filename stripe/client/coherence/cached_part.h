// What of a file's cached data one server vouches for.
#pragma once

#include <optional>
#include <set>

#include "stripe/client/page_reader.h"
#include "stripe/client/write_back.h"

namespace stripe {

// All of a file, or what lies on some targets; with no targets, nothing. Both caches must outlive
// the part.
class CachedPart {
 public:
  CachedPart(WriteBack& write_back, PageReader& pages) : write_back_(write_back), pages_(pages) {}
  CachedPart(WriteBack& write_back, PageReader& pages, std::set<std::uint32_t> targets)
      : write_back_(write_back), pages_(pages), targets_(std::move(targets)) {}

  // Writes back what is dirty of it, as WriteBack::flush does.
  sim::Task<void> flush(Inode& inode, sim::Timeline* timeline = nullptr) {
    return targets_ ? write_back_.flush_targets(inode, *targets_, timeline)
                    : write_back_.flush(inode, timeline);
  }
  // Forgets what is cached of it and not dirty, and what fetches under way bring of it.
  void drop(Inode& inode) {
    if (!targets_) {
      pages_.drop(inode, {0, sim::kEof});
    } else if (!targets_->empty()) {
      drop_objects(inode);
    }
  }

 private:
  void drop_objects(Inode& inode) {
    for (const Component& component : inode.layout.components) {
      const std::uint32_t index = inode.layout.index_of(component);
      if (component.on_mdt() && targets_->contains(kMdtTarget)) {
        pages_.drop_object(inode, index, 0, {0, sim::kEof}, {});
      }
      for (std::uint32_t stripe = 0; stripe < component.objects.size(); ++stripe) {
        if (targets_->contains(component.objects[stripe].ost_index)) {
          pages_.drop_object(inode, index, stripe, {0, sim::kEof}, {});
        }
      }
    }
  }

  WriteBack& write_back_;
  PageReader& pages_;
  std::optional<std::set<std::uint32_t>> targets_;
};

}  // namespace stripe
