#include "stripe/server/memory_meta_store.h"

namespace stripe {
namespace {

// Sequence of ordinary files (Lustre: FID_SEQ_NORMAL 0x200000400).
constexpr std::uint64_t kFileSequence = 0x200000400;

sim::Error error(sim::Errc code) { return {code, std::string(sim::errc_name(code))}; }

}  // namespace

MemoryMetaStore::MemoryMetaStore(bool crashes) {
  if (crashes) {
    undo_.emplace();
  }
  auto root = std::make_unique<Inode>();
  root->attr.fid = kRootFid;
  root->attr.type = FileType::directory;
  root->attr.mode = 0755;
  root->attr.nlink = 2;
  inodes_.emplace(kRootFid, std::move(root));
}

MemoryMetaStore::Inode* MemoryMetaStore::find(const Fid& fid) {
  const auto found = inodes_.find(fid);
  return found == inodes_.end() ? nullptr : found->second.get();
}
const MemoryMetaStore::Inode* MemoryMetaStore::find(const Fid& fid) const {
  const auto found = inodes_.find(fid);
  return found == inodes_.end() ? nullptr : found->second.get();
}

sim::Result<MemoryMetaStore::Inode*> MemoryMetaStore::directory(const Fid& fid) {
  Inode* inode = find(fid);
  // A removed directory may still be open, but nothing comes into it any more.
  if (inode == nullptr || inode->attr.nlink == 0) {
    return error(sim::Errc::not_found);
  }
  if (inode->attr.type != FileType::directory) {
    return error(sim::Errc::not_directory);
  }
  return inode;
}

// The directory has been told to change().
void MemoryMetaStore::add_name(Inode& directory, std::string_view name, const Fid& fid) {
  if (undo_) {
    undo_->name(directory.attr.fid, name, nullptr);
  }
  directory.add_name(name, {fid, directory.next_cookie++});
}

void MemoryMetaStore::remove_name(Inode& directory, std::string_view name) {
  if (undo_) {
    undo_->name(directory.attr.fid, name, &directory.names.find(name)->second);
  }
  directory.remove_name(name);
}

sim::Result<Fid> MemoryMetaStore::lookup(const Fid& fid, std::string_view name) const {
  const Inode* dir = find(fid);
  if (dir == nullptr) {
    return error(sim::Errc::not_found);
  }
  if (dir->attr.type != FileType::directory) {
    return error(sim::Errc::not_directory);
  }
  const auto found = dir->names.find(name);
  if (found == dir->names.end()) {
    return error(sim::Errc::not_found);
  }
  return found->second.fid;
}

sim::Result<FileAttr> MemoryMetaStore::attr(const Fid& fid) const {
  const Inode* inode = find(fid);
  if (inode == nullptr) {
    return error(sim::Errc::not_found);
  }
  return inode->attr;
}

sim::Status MemoryMetaStore::set_attr(const FileAttr& attr) {
  Inode* inode = find(attr.fid);
  if (inode == nullptr) {
    return error(sim::Errc::not_found);
  }
  if (inode->attr == attr) {
    return {};
  }
  before_change(*inode);
  const FileAttr old = inode->attr;
  inode->attr = attr;
  inode->attr.type = old.type;
  inode->attr.nlink = old.nlink;
  return {};
}

sim::Result<Fid> MemoryMetaStore::create(const Fid& parent, std::string_view name, FileType type,
                                         std::uint32_t mode, std::int64_t now_ns) {
  auto dir = directory(parent);
  if (!dir.ok()) {
    return dir.error();
  }
  if ((*dir)->names.contains(name)) {
    return error(sim::Errc::exists);
  }
  const Fid fid{kFileSequence, next_oid_++, 0};
  add(fid, **dir, name, type, mode, now_ns);
  return fid;
}

sim::Status MemoryMetaStore::create_again(const Fid& fid, const Fid& parent, std::string_view name,
                                          FileType type, std::uint32_t mode, std::int64_t now_ns) {
  if (fid.seq != kFileSequence || fid.oid == 0 || fid.oid >= next_oid_ || fid.ver != 0) {
    return error(sim::Errc::invalid_argument);
  }
  auto dir = directory(parent);
  if (!dir.ok()) {
    return dir.error();
  }
  if ((*dir)->names.contains(name) || inodes_.contains(fid)) {
    return error(sim::Errc::exists);
  }
  add(fid, **dir, name, type, mode, now_ns);
  return {};
}

void MemoryMetaStore::add(const Fid& fid, Inode& directory, std::string_view name, FileType type,
                          std::uint32_t mode, std::int64_t now_ns) {
  auto inode = std::make_unique<Inode>();
  inode->attr.fid = fid;
  inode->attr.type = type;
  inode->attr.mode = mode;
  inode->attr.nlink = type == FileType::directory ? 2 : 1;
  inode->attr.mtime_ns = inode->attr.ctime_ns = now_ns;
  inode->parent = directory.attr.fid;
  before_change(directory);
  add_name(directory, name, fid);
  directory.attr.mtime_ns = now_ns;
  directory.attr.nlink += type == FileType::directory ? 1 : 0;
  if (undo_) {
    undo_->inode(fid, nullptr);
  }
  inodes_.emplace(fid, std::move(inode));
}

sim::Result<Removed> MemoryMetaStore::unlink(const Fid& parent, std::string_view name,
                                             std::int64_t now_ns) {
  auto dir = directory(parent);
  if (!dir.ok()) {
    return dir.error();
  }
  const auto found = (*dir)->names.find(name);
  if (found == (*dir)->names.end()) {
    return error(sim::Errc::not_found);
  }
  Inode& inode = *find(found->second.fid);
  const Fid fid = inode.attr.fid;
  const bool is_directory = inode.attr.type == FileType::directory;
  if (is_directory && !inode.names.empty()) {
    return error(sim::Errc::not_empty);
  }
  before_change(**dir);
  before_change(inode);
  remove_name(**dir, name);
  (*dir)->attr.mtime_ns = now_ns;
  (*dir)->attr.nlink -= is_directory ? 1 : 0;
  inode.attr.nlink = is_directory ? 0 : inode.attr.nlink - 1;
  inode.attr.ctime_ns = now_ns;
  return Removed{fid, inode.attr.nlink == 0};
}

// True if `fid` is `ancestor` or lies below it.
bool MemoryMetaStore::inside(const Fid& fid, const Fid& ancestor) const {
  for (Fid at = fid;; at = find(at)->parent) {
    if (at == ancestor) {
      return true;
    }
    if (at == kRootFid) {
      return false;
    }
  }
}

sim::Result<Removed> MemoryMetaStore::rename(const Fid& from, std::string_view name, const Fid& to,
                                             std::string_view new_name, std::int64_t now_ns) {
  auto source = directory(from);
  auto target = directory(to);
  if (!source.ok() || !target.ok()) {
    return source.ok() ? target.error() : source.error();
  }
  const auto moved = lookup(from, name);
  if (!moved.ok()) {
    return moved.error();
  }
  Inode& inode = *find(*moved);
  const bool is_directory = inode.attr.type == FileType::directory;
  if (is_directory && inside(to, *moved)) {
    return error(sim::Errc::invalid_argument);
  }
  Removed removed;
  if (const auto there = lookup(to, new_name); there.ok()) {
    if (*there == *moved) {
      return removed;
    }
    const bool over_directory = find(*there)->attr.type == FileType::directory;
    if (is_directory != over_directory) {
      return error(is_directory ? sim::Errc::not_directory : sim::Errc::is_directory);
    }
    auto unlinked = unlink(to, new_name, now_ns);
    if (!unlinked.ok()) {
      return unlinked.error();
    }
    removed = *unlinked;
  }
  const Fid fid = *moved;
  before_change(**source);
  before_change(**target);
  before_change(inode);
  remove_name(**source, name);
  add_name(**target, new_name, fid);
  (*source)->attr.nlink -= is_directory ? 1 : 0;
  (*target)->attr.nlink += is_directory ? 1 : 0;
  (*source)->attr.mtime_ns = (*target)->attr.mtime_ns = now_ns;
  inode.parent = to;
  inode.attr.ctime_ns = now_ns;
  return removed;
}

void MemoryMetaStore::forget(const Fid& fid) {
  const Inode* inode = find(fid);
  if (inode != nullptr && inode->attr.nlink == 0) {
    before_change(*inode);
    inodes_.erase(fid);
  }
}

const Layout* MemoryMetaStore::layout(const Fid& fid) const {
  const Inode* inode = find(fid);
  return inode != nullptr && inode->layout ? &*inode->layout : nullptr;
}

sim::Status MemoryMetaStore::set_layout(const Fid& fid, Layout layout) {
  Inode* inode = find(fid);
  if (inode == nullptr) {
    return error(sim::Errc::not_found);
  }
  before_change(*inode);
  inode->layout = std::move(layout);
  return {};
}

sim::Result<MetaStore::Listing> MemoryMetaStore::list(const Fid& fid, std::uint64_t cookie,
                                                      sim::Bytes max_bytes) const {
  const Inode* dir = find(fid);
  if (dir == nullptr) {
    return error(sim::Errc::not_found);
  }
  if (dir->attr.type != FileType::directory) {
    return error(sim::Errc::not_directory);
  }
  Listing listing;
  sim::Bytes bytes = 0;
  for (auto it = dir->by_cookie.lower_bound(cookie); it != dir->by_cookie.end(); ++it) {
    const Fid& child = dir->names.find(it->second)->second.fid;
    DirEntry entry{std::string(it->second), child, find(child)->attr.type};
    bytes += entry.wire_size();
    if (bytes > max_bytes && !listing.entries.empty()) {
      listing.next_cookie = it->first;
      break;
    }
    listing.entries.push_back(std::move(entry));
  }
  return listing;
}

}  // namespace stripe
