// Names and attributes in memory.
#pragma once

#include <optional>

#include "stripe/server/meta_undo.h"

namespace stripe {

class MemoryMetaStore final : public MetaStore {
 public:
  // `crashes`: whether crash() will be called. Else nothing is remembered of what was there before.
  explicit MemoryMetaStore(bool crashes = false);

  // All that was not stable is as it was before.
  void crash();

  sim::Result<Fid> lookup(const Fid& directory, std::string_view name) const override;
  sim::Result<FileAttr> attr(const Fid& fid) const override;
  sim::Status set_attr(const FileAttr& attr) override;
  sim::Result<Fid> create(const Fid& directory, std::string_view name, FileType type,
                          std::uint32_t mode, std::int64_t now_ns) override;
  sim::Status create_again(const Fid& fid, const Fid& directory, std::string_view name,
                           FileType type, std::uint32_t mode, std::int64_t now_ns) override;
  sim::Result<Removed> unlink(const Fid& directory, std::string_view name,
                              std::int64_t now_ns) override;
  sim::Result<Removed> rename(const Fid& from, std::string_view name, const Fid& to,
                              std::string_view new_name, std::int64_t now_ns) override;
  void forget(const Fid& fid) override;
  const Layout* layout(const Fid& fid) const override;
  sim::Status set_layout(const Fid& fid, Layout layout) override;
  void for_each_layout(const std::function<void(const Fid&, const Layout&)>& visit) const override;
  sim::Result<Listing> list(const Fid& directory, std::uint64_t cookie,
                            sim::Bytes max_bytes) const override;

  std::uint64_t changes() const override { return undo_ ? undo_->changes() : 0; }
  void stable(std::uint64_t changes) override;
  bool all_stable() const override { return !undo_ || undo_->all_stable(); }
  bool is_back(const Fid& fid) const override { return !undo_ || undo_->is_back(fid, inodes_); }
  Leavings settle() override;

 private:
  using Inode = MetaInode;
  Inode* find(const Fid& fid);
  const Inode* find(const Fid& fid) const;
  sim::Result<Inode*> directory(const Fid& fid);
  void add(const Fid& fid, Inode& directory, std::string_view name, FileType type,
           std::uint32_t mode, std::int64_t now_ns);
  void before_change(const Inode& inode);
  void add_name(Inode& directory, std::string_view name, const Fid& fid);
  void remove_name(Inode& directory, std::string_view name);
  bool inside(const Fid& fid, const Fid& ancestor) const;

  MetaInodes inodes_;
  std::optional<MetaUndo> undo_;
  std::uint32_t next_oid_ = 1;
};

}  // namespace stripe
