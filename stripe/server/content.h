// What a store remembers of the data in its objects, apart from any notion of time or place.
#pragma once

#include "sim/status.h"
#include "sim/units.h"
#include "stripe/layout/object_id.h"
#include "transport/payload.h"

namespace stripe {

// Sparse byte arrays named by ObjectId; every operation is instantaneous. Operations on an object
// that does not exist answer not_found. Offsets and sizes must not pass 2^64-1 together; the caller
// sees to that.
class ObjectContent {
 public:
  virtual ~ObjectContent() = default;

  // An empty object. exists if there is one already.
  virtual sim::Status create(ObjectId object) = 0;
  virtual sim::Status destroy(ObjectId object) = 0;
  // Puts `data` at `offset`; the object grows if it must, a gap left behind its old end is a hole.
  // Writing nothing changes nothing.
  virtual sim::Status write(ObjectId object, sim::Bytes offset, transport::Payload data) = 0;
  // The part of `range` before the object's end, in the form that the content is kept in.
  virtual sim::Result<transport::Payload> read(ObjectId object, sim::Extent range) const = 0;
  // Sets the size. What lies behind a smaller size is gone: growing again shows zeros there.
  virtual sim::Status truncate(ObjectId object, sim::Bytes size) = 0;
  virtual sim::Result<sim::Bytes> size(ObjectId object) const = 0;
};

// The errors of every content, with the object's name in the message.
sim::Error object_not_found(ObjectId object);
sim::Error object_exists(ObjectId object);

}  // namespace stripe
