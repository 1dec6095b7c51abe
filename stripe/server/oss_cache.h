// The page cache of an object storage server, shared by all its targets.
#pragma once

#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/member.hpp>
#include <boost/multi_index/sequenced_index.hpp>
#include <boost/multi_index_container.hpp>
#include <cstdint>

#include "sim/units.h"
#include "stripe/layout/object_id.h"
#include "stripe/server/device.h"

namespace stripe {

struct OssCacheParams {
  sim::Bytes size = 0;  // of data; 0: no cache
  // What is found and evicted as one. A bit for each 64th of it tells what is there, so 256 KiB
  // means pages of 4 KiB. Entries for single pages would take more memory than a simulated server
  // is worth: a cache of 64 GiB has 262 144 granules of about 100 bytes.
  // A power of two, 64 KiB to 64 MiB.
  sim::Bytes granule = 256 * sim::kKiB;
  bool read_through = true;  // what is read stays (Lustre: read_cache_enable, default 1)
  bool write_through =
      true;  // what is written stays (Lustre: writethrough_cache_enable, default 1)
};

// Which pages of which objects are in memory; least recently used granules go first. It holds no
// data and takes no time: a hit saves the visit to the device, the copying is charged to the
// server's processors by whoever copies. There is no read-ahead.
class OssCache {
 public:
  explicit OssCache(const OssCacheParams& params);

  // A number for one more store; objects of different stores are different objects.
  std::uint32_t add_store() { return stores_++; }
  const OssCacheParams& params() const { return params_; }

  // Appends what of `range` is not here, in whole pages, and makes the rest recently used.
  void look_up(std::uint32_t store, ObjectId object, sim::Extent range, ExtentList& missing);
  // Keeps the pages that `range` covers wholly. The last page of an object counts as whole if
  // `range` reaches `size`, the object's end: there is nothing behind it.
  void keep(std::uint32_t store, ObjectId object, sim::Extent range, sim::Bytes size);
  // Drops the pages that `range` touches. `range` should be cut to the object's size.
  void drop(std::uint32_t store, ObjectId object, sim::Extent range);

  // Drops everything.
  void clear();

  sim::Bytes used() const { return used_; }
  // In whole pages, by look_up.
  sim::Bytes hit_bytes() const { return hits_; }
  sim::Bytes missed_bytes() const { return misses_; }

 private:
  struct Key {
    std::uint32_t store;
    ObjectId object;
    std::uint64_t granule;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Entry {
    Key key;
    mutable std::uint64_t pages;  // bit i: page i is here; no part of any index
  };
  // Most recently used first.
  using Entries = boost::multi_index_container<
      Entry, boost::multi_index::indexed_by<
                 boost::multi_index::sequenced<>,
                 boost::multi_index::hashed_unique<
                     boost::multi_index::member<Entry, Key, &Entry::key>, KeyHash>>>;

  // The pages [begin, end) by number within the object.
  struct Pages {
    std::uint64_t begin;
    std::uint64_t end;
  };
  template <typename Visit>
  void for_each_granule(Pages pages, Visit visit) const;
  const Entry* find(const Key& key) const;
  void drop_pages(const Entry& entry, std::uint64_t mask);
  void evict();

  OssCacheParams params_;
  sim::Bytes page_;
  Entries entries_;
  std::uint32_t stores_ = 0;
  sim::Bytes used_ = 0;
  sim::Bytes hits_ = 0;
  sim::Bytes misses_ = 0;
};

// An error that names the parameter, if a cache cannot be made so.
sim::Status check_oss_cache(const OssCacheParams& params);

}  // namespace stripe
