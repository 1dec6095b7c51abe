// An open file.
#pragma once

#include "stripe/client/inode.h"
#include "stripe/client/open_flags.h"

namespace stripe {

struct Access;
class Mount;

// A handle of one opener: its read-ahead and its flags. What the client caches of the file is
// shared by all handles. Not to be used after close(), nor after its Mount.
class File {
 public:
  File(Mount& mount, Inode& inode, OpenHandle handle, OpenFlags flags);

  // At most range.size() bytes; fewer at the end of the file.
  sim::Task<Outcome> read(sim::Extent range);
  // Names the write with the mount's next stamp at the time of the call.
  sim::Task<Outcome> write(sim::Extent range);
  // Writes back what is dirty and makes it stable. Reports an earlier write-back's error, once.
  sim::Task<Outcome> fsync();
  // Cuts the file, or makes it longer by zeros: at the MDT first, then the objects. What of it
  // waits in the cache is given up once the MDT has agreed.
  sim::Task<Outcome> truncate(sim::Bytes size);
  // Has the MDT give objects to all that `range` covers, as a first write there would.
  sim::Task<Outcome> reserve(sim::Extent range);
  // Does not write back. Reports an earlier write-back's error, once.
  sim::Task<Outcome> close();

  const Layout& layout() const { return inode_.layout; }
  const Fid& fid() const { return inode_.fid; }
  // The stamp that the last write() was given.
  transport::Stamp last_stamp() const { return last_stamp_; }

 private:
  sim::Task<Outcome> read_shared(sim::Extent range);
  sim::Task<Outcome> read_under(const Access& access, sim::Extent range);
  sim::Task<Outcome> write_under(const Access& access, sim::Extent range, transport::Stamp stamp);
  sim::Task<Outcome> read_after_flush(sim::Extent range, bool server_lock);
  sim::Task<Outcome> write_past_cache(sim::Extent range, transport::Stamp stamp, bool server_lock);
  sim::Task<Outcome> write_beside_cache(sim::Extent range, transport::Stamp stamp);
  sim::Task<Outcome> write_as(sim::Extent range, transport::Stamp stamp);
  sim::Task<Outcome> cut_at_mdt(sim::Bytes size);
  sim::Task<sim::Errc> fill_partial_pages(const Access& access, sim::Extent range,
                                          sim::Timeline& timeline);
  sim::Task<sim::Errc> instantiate(sim::Extent range, sim::Timeline& timeline);
  bool needs_layout(sim::Extent range) const;

  Mount& mount_;
  Inode& inode_;
  OpenHandle handle_;
  OpenFlags flags_;
  bool changed_ = false;  // through this handle
  transport::Stamp last_stamp_;
  cachemodel::ReadAhead read_ahead_;
};

}  // namespace stripe
