// Names and attributes in memory.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "stripe/server/meta_store.h"

namespace stripe {

class MemoryMetaStore final : public MetaStore {
 public:
  MemoryMetaStore();

  sim::Result<Fid> lookup(const Fid& directory, std::string_view name) const override;
  sim::Result<FileAttr> attr(const Fid& fid) const override;
  sim::Status set_attr(const FileAttr& attr) override;
  sim::Result<Fid> create(const Fid& directory, std::string_view name, FileType type,
                          std::uint32_t mode, std::int64_t now_ns) override;
  sim::Result<Removed> unlink(const Fid& directory, std::string_view name,
                              std::int64_t now_ns) override;
  sim::Result<Removed> rename(const Fid& from, std::string_view name, const Fid& to,
                              std::string_view new_name, std::int64_t now_ns) override;
  void forget(const Fid& fid) override;
  const Layout* layout(const Fid& fid) const override;
  sim::Status set_layout(const Fid& fid, Layout layout) override;
  sim::Result<Listing> list(const Fid& directory, std::uint64_t cookie,
                            sim::Bytes max_bytes) const override;

 private:
  struct Entry {
    Fid fid;
    std::uint64_t cookie = 0;
  };
  struct Inode {
    FileAttr attr;
    Fid parent;  // of a directory
    std::optional<Layout> layout;
    std::map<std::string, Entry, std::less<>> names;      // of a directory
    std::map<std::uint64_t, std::string_view> by_cookie;  // the same in order of creation
    std::uint64_t next_cookie = 1;
  };
  Inode* find(const Fid& fid);
  const Inode* find(const Fid& fid) const;
  sim::Result<Inode*> directory(const Fid& fid);
  static void add_name(Inode& directory, std::string_view name, const Fid& fid);
  static void remove_name(Inode& directory, std::string_view name);
  bool inside(const Fid& fid, const Fid& ancestor) const;

  std::map<Fid, std::unique_ptr<Inode>> inodes_;
  std::uint32_t next_oid_ = 1;
};

}  // namespace stripe
