#include "stripe/server/content.h"

#include <fmt/core.h>

namespace stripe {

sim::Error object_not_found(ObjectId object) {
  return {sim::Errc::not_found,
          fmt::format("object {:#x}:{:#x} does not exist here", object.seq, object.oid)};
}

sim::Error object_exists(ObjectId object) {
  return {sim::Errc::exists,
          fmt::format("object {:#x}:{:#x} exists already", object.seq, object.oid)};
}

}  // namespace stripe
