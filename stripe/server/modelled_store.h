// The object store of both worlds: contents, places, a device's time, and maybe a page cache.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>

#include "sim/loop.h"
#include "stripe/server/allocator.h"
#include "stripe/server/content.h"
#include "stripe/server/device.h"
#include "stripe/server/object_hash.h"
#include "stripe/server/object_store.h"
#include "stripe/server/oss_cache.h"
#include "stripe/server/undo_content.h"

namespace stripe {

struct ModelledStoreParams {
  AllocatorParams allocation;
  // Writes and truncations beyond are too_large (ldiskfs: 16 TiB files of 4 KiB blocks).
  sim::Bytes max_object = 16 * sim::kTiB;
  // Whether crash() will be called. Else nothing is remembered of what was there before.
  bool crashes = false;
};

// Operations take the time of their visits to the device, counted by the loop: virtual in the sim
// world, by deadline in the real one. With a NullDevice nothing suspends, which makes it a plain
// store in memory. Reads visit the device for what is neither a hole nor in the cache; writes for
// all they write. A write that was given space before its object was cut or destroyed meanwhile is
// given space again, or not_found, when it is applied.
class ModelledStore : public ObjectStore {
 public:
  // `cache`, if not nullptr, must outlive the store.
  ModelledStore(const ModelledStoreParams& params, std::unique_ptr<ObjectContent> content,
                std::unique_ptr<Device> device, OssCache* cache = nullptr);

  sim::Task<sim::Result<transport::Payload>> read(ObjectId object, sim::Extent range,
                                                  StoreTimes& times) override;
  sim::Task<sim::Status> write(ObjectId object, sim::Bytes offset, transport::Payload data,
                               StoreTimes& times) override;
  sim::Task<sim::Status> sync(ObjectId object, StoreTimes& times) override;

  sim::Status create(ObjectId object) override;
  sim::Status destroy(ObjectId object) override;
  sim::Status truncate(ObjectId object, sim::Bytes size) override;
  void touch(ObjectId object, std::int64_t mtime_ns) override;
  sim::Result<ObjectAttr> attr(ObjectId object) const override;
  StoreSpace space() const override;
  sim::Bytes space_for(ObjectId object, sim::Extent range) const override {
    return allocator_.missing(object, range);
  }
  std::uint64_t changes() const override;
  void stable(std::uint64_t changes) override;
  sim::Task<void> flush() override;

  // All that was not stable is as it was before. Nobody may be waiting for the store, and the cache
  // must be cleared. An object that had been destroyed comes back without places on the device, so
  // that reading it takes no time.
  void crash();

  const Device& device() const { return *device_; }

 private:
  // What a read of `range`, cut at `size`, must fetch: ranges of the object, and their places.
  struct Fetch {
    ExtentList parts;
    ExtentList places;
  };
  // Two, because a wait for a device takes a frame that a store without one has no need of.
  sim::Task<sim::Result<transport::Payload>> read_at_once(ObjectId object, sim::Extent range);
  sim::Task<sim::Result<transport::Payload>> read_in_time(ObjectId object, sim::Extent range,
                                                          StoreTimes& times);
  Fetch plan_fetch(ObjectId object, sim::Extent range, sim::Bytes size);
  void keep(ObjectId object, const ExtentList& parts);
  sim::Status prepare_write(ObjectId object, sim::Extent range);
  sim::Status apply_write(ObjectId object, sim::Bytes offset, transport::Payload data);
  void cache_write(ObjectId object, sim::Extent range);

  ModelledStoreParams params_;
  std::unique_ptr<ObjectContent> content_;
  UndoContent* undo_ = nullptr;  // the same, if it remembers what was there before
  std::unique_ptr<Device> device_;
  OssCache* cache_;
  std::uint32_t cache_store_ = 0;  // this store's number in the cache
  bool takes_time_;
  Allocator allocator_;
  boost::unordered_flat_map<ObjectId, std::int64_t, ObjectIdHash> mtimes_;
};

}  // namespace stripe
