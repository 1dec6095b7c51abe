// Reads of data that another client has written and not brought to the servers.
#pragma once

#include <boost/icl/interval_map.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <vector>

#include "stripe/client/mount.h"

namespace scenarios {

// Without locks between clients nobody has such data written back first: the reader gets what the
// servers hold, which is older, or nothing at all. A run that does so says so. Where reader and
// writer both take extent locks (coherence ldlm), the lock brings the data.
class Unflushed {
 public:
  // `by` has written `range` of `file`, through its cache or past it.
  void wrote(std::uint64_t file, sim::Extent range, stripe::Mount& by);
  // All that `by` has written to `file` is on the servers.
  void synced(std::uint64_t file, const stripe::Mount& by);
  // `reader` begins to read `range` of `file`.
  void reads(std::uint64_t file, sim::Extent range, stripe::Mount& reader);

  // Reads of bytes that another client wrote and kept dirty, and what they asked for.
  std::uint64_t count() const { return count_; }
  sim::Bytes bytes() const { return bytes_; }

 private:
  struct Writers {
    // Who wrote it last through a cache: the client, above how often it had synced the file.
    boost::icl::interval_map<sim::Bytes, std::uint64_t> last;
    boost::unordered_flat_map<std::uint32_t, std::uint32_t> syncs;  // by client; looked up only
  };
  static std::uint64_t key(std::uint32_t client, std::uint32_t syncs) {
    return std::uint64_t{client} << 32 | syncs;
  }
  static bool takes_locks(stripe::Mount& mount);
  bool keeps_dirty(Writers& writers, std::uint64_t writer) const;

  boost::unordered_flat_map<std::uint64_t, Writers> files_;  // looked up only
  std::vector<stripe::Mount*> mounts_;                       // by client, those that wrote
  std::uint64_t count_ = 0;
  sim::Bytes bytes_ = 0;
};

}  // namespace scenarios
