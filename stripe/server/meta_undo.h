// What a store of names and attributes would lose with its memory, and how it goes back.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "stripe/server/meta_store.h"

namespace stripe {

struct MetaEntry {
  Fid fid;
  std::uint64_t cookie = 0;
};

struct MetaInode {
  FileAttr attr;
  Fid parent;  // of a directory
  std::optional<Layout> layout;
  std::map<std::string, MetaEntry, std::less<>> names;  // of a directory
  std::map<std::uint64_t, std::string_view> by_cookie;  // the same in order of creation
  std::uint64_t next_cookie = 1;

  void add_name(std::string_view name, const MetaEntry& entry);
  void remove_name(std::string_view name);
};
using MetaInodes = std::map<Fid, std::unique_ptr<MetaInode>>;

// Remembers of each change what was there before, until it is told that the change is stable.
class MetaUndo {
 public:
  // The inode is about to change, to come (`now` is null) or to go; its names do not count.
  void inode(const Fid& fid, const MetaInode* now);
  // A name is about to come into a directory, or to leave it; `now` is null if it is not there.
  void name(const Fid& directory, std::string_view name, const MetaEntry* now);

  // Changes so far.
  std::uint64_t changes() const { return stable_ + log_.size(); }
  // The first so many of them are stable.
  void stable(std::uint64_t changes);
  bool all_stable() const { return log_.empty(); }

  // Undoes all that are not, from the last on, and remembers how what they were of was by then.
  void undo(MetaInodes& inodes);
  // Whether nothing of the inode was undone, or all of it has been done again.
  bool is_back(const Fid& fid, const MetaInodes& inodes) const;
  // Nothing more will be done again. Returns the objects that nobody has any more.
  std::vector<StripeObject> settle(const MetaInodes& inodes);

 private:
  struct Change {
    Fid fid;
    std::unique_ptr<MetaInode> inode;  // as it was, without names; null: it was not there
    std::optional<std::string> name;   // of one: nothing of the inode itself changed
    std::optional<MetaEntry> entry;    // what it led to; nothing: it was not there
  };
  struct Lost {
    std::unique_ptr<MetaInode> inode;  // null: it was not there
    std::map<std::string, Fid> names;
  };
  void remember(const Fid& fid, const MetaInodes& inodes);
  static void undo(Change& change, MetaInodes& inodes);

  std::uint64_t stable_ = 0;
  std::deque<Change> log_;
  std::map<Fid, Lost> lost_;
};

}  // namespace stripe
