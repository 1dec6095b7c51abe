// The seam between an MDT and what it keeps names and attributes in.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "stripe/layout/layout.h"
#include "stripe/protocol/mds_messages.h"

namespace stripe {

// What an unlink or a rename took away.
struct Removed {
  Fid fid;            // invalid: nothing was removed
  bool last = false;  // that was its last name
};

// A tree of directories and files under kRootFid. Every operation is instantaneous and all or
// nothing; its time is the MDT's affair. Names are checked by the caller. Errors as POSIX has them.
class MetaStore {
 public:
  virtual ~MetaStore() = default;

  virtual sim::Result<Fid> lookup(const Fid& directory, std::string_view name) const = 0;
  virtual sim::Result<FileAttr> attr(const Fid& fid) const = 0;
  // Replaces all attributes but fid, type and nlink.
  virtual sim::Status set_attr(const FileAttr& attr) = 0;
  virtual sim::Result<Fid> create(const Fid& directory, std::string_view name, FileType type,
                                  std::uint32_t mode, std::int64_t now_ns) = 0;
  // The same for what was lost with the server's memory: it gets the FID that it had. Exists if
  // somebody else has it, invalid_argument if nobody ever had.
  virtual sim::Status create_again(const Fid& fid, const Fid& directory, std::string_view name,
                                   FileType type, std::uint32_t mode, std::int64_t now_ns) = 0;
  // A directory must be empty. An inode without names stays until forget().
  virtual sim::Result<Removed> unlink(const Fid& directory, std::string_view name,
                                      std::int64_t now_ns) = 0;
  // As POSIX rename: replaces a file by a file and an empty directory by a directory; never moves a
  // directory into itself.
  virtual sim::Result<Removed> rename(const Fid& from, std::string_view name, const Fid& to,
                                      std::string_view new_name, std::int64_t now_ns) = 0;
  // Frees an inode that has no name left.
  virtual void forget(const Fid& fid) = 0;

  // Null if there is no such file, or it has none yet.
  virtual const Layout* layout(const Fid& fid) const = 0;
  virtual sim::Status set_layout(const Fid& fid, Layout layout) = 0;
  // All there are, in order of FIDs.
  virtual void for_each_layout(
      const std::function<void(const Fid&, const Layout&)>& visit) const = 0;

  // Of a store that can lose what is not stable: how many changes it has seen, the first so many of
  // which are stable now; and whether all are.
  virtual std::uint64_t changes() const { return 0; }
  virtual void stable(std::uint64_t changes) { static_cast<void>(changes); }
  virtual bool all_stable() const { return true; }
  // Whether nothing that was lost of it, if anything was, is still to be done again.
  virtual bool is_back(const Fid& /*fid*/) const { return true; }
  // Nothing more will be done again: returns the inodes without names, and the objects that nobody
  // has any more.
  struct Leavings {
    std::vector<Fid> inodes;
    std::vector<StripeObject> objects;
  };
  virtual Leavings settle() { return {}; }

  // Entries in order of creation, from `cookie` on, up to `max_bytes` of wire size but at least
  // one. An entry that is there during a whole scan is returned exactly once, whatever else
  // changes.
  struct Listing {
    std::vector<DirEntry> entries;
    std::uint64_t next_cookie = 0;  // 0: that was all
  };
  virtual sim::Result<Listing> list(const Fid& directory, std::uint64_t cookie,
                                    sim::Bytes max_bytes) const = 0;
};

}  // namespace stripe
