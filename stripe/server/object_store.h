// The seam between an OST and what it keeps objects on.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/status.h"
#include "sim/task.h"
#include "sim/units.h"
#include "stripe/layout/object_id.h"
#include "transport/payload.h"

namespace stripe {

// Where the time of one store operation went.
struct StoreTimes {
  sim::Duration queue;   // waiting for the device
  sim::Duration device;  // the device at work for this operation
};

struct ObjectAttr {
  sim::Bytes size = 0;        // one past the last byte ever written or set by truncate
  sim::Bytes allocated = 0;   // bytes of the device in use for this object
  std::int64_t mtime_ns = 0;  // the latest told by touch(); 0 before
};

struct StoreSpace {
  sim::Bytes capacity = 0;
  sim::Bytes used = 0;
  std::uint64_t objects = 0;
};

// Keeps objects: sparse byte arrays named by ObjectId. Operations on different objects and ranges
// may overlap in time; each is applied to the contents in one instant (a write when its data is
// accepted, a read when it returns), so that the order of application is well defined.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // Reads `range` of `object`: at most range.size() bytes, cut at the object's end (a short read,
  // down to empty), zeros in holes. not_found if the object does not exist. `times` is added to.
  virtual sim::Task<sim::Result<transport::Payload>> read(ObjectId object, sim::Extent range,
                                                          StoreTimes& times) = 0;
  // Writes `data` at `offset`. no_space if the device is full (nothing is written then). Returns
  // when the store has accepted it, which may be before it is stable.
  virtual sim::Task<sim::Status> write(ObjectId object, sim::Bytes offset, transport::Payload data,
                                       StoreTimes& times) = 0;
  // Makes everything accepted for `object` stable.
  virtual sim::Task<sim::Status> sync(ObjectId object, StoreTimes& times) = 0;

  // Metadata of objects; instantaneous here, their cost is charged by the service.
  virtual sim::Status create(ObjectId object) = 0;   // exists if it does
  virtual sim::Status destroy(ObjectId object) = 0;  // not_found if it does not
  virtual sim::Status truncate(ObjectId object, sim::Bytes size) = 0;
  // The object was changed at `mtime_ns`, by the clock of who did; an earlier time than is known
  // changes nothing. Not found is ignored.
  virtual void touch(ObjectId object, std::int64_t mtime_ns) = 0;
  virtual sim::Result<ObjectAttr> attr(ObjectId object) const = 0;
  virtual StoreSpace space() const = 0;
  // Bytes of the device that a write of `range` would take now.
  virtual sim::Bytes space_for(ObjectId object, sim::Extent range) const = 0;

  // Of a store that can lose what is not stable: how many changes it has seen, ...
  virtual std::uint64_t changes() const { return 0; }
  // ... the first so many of which are stable now, ...
  virtual void stable(std::uint64_t changes) { static_cast<void>(changes); }
  // ... after the device has been told to make all it accepted so.
  virtual sim::Task<void> flush() { co_return; }
};

}  // namespace stripe
