// A content that knows the sizes of objects and nothing of what is in them.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include "stripe/server/content.h"
#include "stripe/server/object_hash.h"

namespace stripe {

// Reads answer Payload::unknown of the right length, holes included. No operation but create
// allocates memory.
class NullContent : public ObjectContent {
 public:
  sim::Status create(ObjectId object) override;
  sim::Status destroy(ObjectId object) override;
  sim::Status write(ObjectId object, sim::Bytes offset, transport::Payload data) override;
  sim::Result<transport::Payload> read(ObjectId object, sim::Extent range) const override;
  sim::Status truncate(ObjectId object, sim::Bytes size) override;
  sim::Result<sim::Bytes> size(ObjectId object) const override;

 private:
  boost::unordered_flat_map<ObjectId, sim::Bytes, ObjectIdHash> sizes_;
};

}  // namespace stripe
