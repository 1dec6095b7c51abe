#include "stripe/server/meta_undo.h"

#include <algorithm>
#include <set>

namespace stripe {
namespace {

std::unique_ptr<MetaInode> without_names(const MetaInode& inode) {
  auto copy = std::make_unique<MetaInode>();
  copy->attr = inode.attr;
  copy->parent = inode.parent;
  copy->layout = inode.layout;
  copy->next_cookie = inode.next_cookie;
  return copy;
}

std::map<std::string, Fid> names_of(const MetaInode& inode) {
  std::map<std::string, Fid> names;
  for (const auto& [name, entry] : inode.names) {
    names.emplace(name, entry.fid);
  }
  return names;
}

bool are_names_of(const std::map<std::string, Fid>& names, const MetaInode& inode) {
  return std::ranges::equal(names, inode.names, [](const auto& name, const auto& entry) {
    return name.first == entry.first && name.second == entry.second.fid;
  });
}

const MetaInode* find(const MetaInodes& inodes, const Fid& fid) {
  const auto found = inodes.find(fid);
  return found == inodes.end() ? nullptr : found->second.get();
}

}  // namespace

void MetaInode::add_name(std::string_view name, const MetaEntry& entry) {
  const auto [at, added] = names.emplace(std::string(name), entry);
  by_cookie.emplace(entry.cookie, at->first);
}

void MetaInode::remove_name(std::string_view name) {
  const auto found = names.find(name);
  by_cookie.erase(found->second.cookie);
  names.erase(found);
}

void MetaUndo::inode(const Fid& fid, const MetaInode* now) {
  log_.push_back({fid, now == nullptr ? nullptr : without_names(*now), {}, {}});
}

void MetaUndo::name(const Fid& directory, std::string_view name, const MetaEntry* now) {
  const auto entry = now == nullptr ? std::nullopt : std::optional(*now);
  log_.push_back({directory, nullptr, std::string(name), entry});
}

void MetaUndo::stable(std::uint64_t changes) {
  while (stable_ < changes && !log_.empty()) {
    log_.pop_front();
    ++stable_;
  }
}

// As it is before anything is undone. What an earlier restart has lost of it and nobody has brought
// back since does not count any more.
void MetaUndo::remember(const Fid& fid, const MetaInodes& inodes) {
  const MetaInode* now = find(inodes, fid);
  lost_[fid] = now == nullptr ? Lost() : Lost{without_names(*now), names_of(*now)};
}

void MetaUndo::undo(MetaInodes& inodes) {
  std::set<Fid> touched;
  for (const Change& change : log_) {
    touched.insert(change.fid);
  }
  for (const Fid& fid : touched) {
    remember(fid, inodes);
  }
  while (!log_.empty()) {
    undo(log_.back(), inodes);
    log_.pop_back();
  }
}

void MetaUndo::undo(Change& change, MetaInodes& inodes) {
  std::unique_ptr<MetaInode>& inode = inodes[change.fid];
  if (!change.name) {
    if (!change.inode) {
      inodes.erase(change.fid);
      return;
    }
    if (inode) {
      change.inode->names = std::move(inode->names);
      change.inode->by_cookie = std::move(inode->by_cookie);
    }
    inode = std::move(change.inode);
    return;
  }
  if (inode->names.contains(*change.name)) {
    inode->remove_name(*change.name);
  }
  if (change.entry) {
    inode->add_name(*change.name, *change.entry);
  }
}

bool MetaUndo::is_back(const Fid& fid, const MetaInodes& inodes) const {
  const auto lost = lost_.find(fid);
  if (lost == lost_.end()) {
    return true;
  }
  const MetaInode* now = find(inodes, fid);
  const MetaInode* then = lost->second.inode.get();
  if (now == nullptr || then == nullptr) {
    return now == then;
  }
  return now->attr == then->attr && now->layout == then->layout &&
         are_names_of(lost->second.names, *now);
}

std::vector<StripeObject> MetaUndo::settle(const MetaInodes& inodes) {
  std::vector<StripeObject> orphans;
  for (const auto& [fid, lost] : lost_) {
    if (!lost.inode || !lost.inode->layout) {
      continue;
    }
    const MetaInode* now = find(inodes, fid);
    std::vector<StripeObject> kept;
    if (now != nullptr && now->layout) {
      for (const Component& component : now->layout->components) {
        kept.insert(kept.end(), component.objects.begin(), component.objects.end());
      }
    }
    for (const Component& component : lost.inode->layout->components) {
      std::ranges::copy_if(
          component.objects, std::back_inserter(orphans),
          [&](const StripeObject& object) { return std::ranges::count(kept, object) == 0; });
    }
  }
  lost_.clear();
  return orphans;
}

}  // namespace stripe
