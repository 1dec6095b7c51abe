// What came of one operation of a user.
#pragma once

#include "sim/status.h"
#include "sim/timeline.h"
#include "transport/payload.h"

namespace stripe {

struct Outcome {
  // ok; or the error at the lowest offset. A transfer with an error may still have moved `bytes`
  // bytes before that offset.
  sim::Errc status = sim::Errc::ok;
  sim::Bytes bytes = 0;     // transferred, contiguous from the beginning
  transport::Payload data;  // of a read, in runs; unknown content if the store keeps none
  // Of a write or truncate: the file's time of last change that it set; 0 if it changed nothing.
  std::int64_t mtime_ns = 0;
  sim::Timeline timeline;  // from the call to the return

  bool ok() const { return status == sim::Errc::ok; }
};

}  // namespace stripe
