#include "stripe/server/null_content.h"

#include <algorithm>

namespace stripe {

sim::Status NullContent::create(ObjectId object) {
  return sizes_.try_emplace(object, 0).second ? sim::Status() : object_exists(object);
}

sim::Status NullContent::destroy(ObjectId object) {
  return sizes_.erase(object) == 1 ? sim::Status() : object_not_found(object);
}

sim::Status NullContent::write(ObjectId object, sim::Bytes offset, transport::Payload data) {
  const auto it = sizes_.find(object);
  if (it == sizes_.end()) {
    return object_not_found(object);
  }
  if (data.size() > 0) {
    it->second = std::max(it->second, offset + data.size());
  }
  return {};
}

sim::Result<transport::Payload> NullContent::read(ObjectId object, sim::Extent range) const {
  const auto it = sizes_.find(object);
  if (it == sizes_.end()) {
    return object_not_found(object);
  }
  return transport::Payload::unknown(range.intersect({0, it->second}).size());
}

sim::Status NullContent::truncate(ObjectId object, sim::Bytes size) {
  const auto it = sizes_.find(object);
  if (it == sizes_.end()) {
    return object_not_found(object);
  }
  it->second = size;
  return {};
}

sim::Result<sim::Bytes> NullContent::size(ObjectId object) const {
  const auto it = sizes_.find(object);
  if (it == sizes_.end()) {
    return object_not_found(object);
  }
  return it->second;
}

}  // namespace stripe
