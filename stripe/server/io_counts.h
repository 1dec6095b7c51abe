// What a target's object I/O amounts to.
#pragma once

#include <cstdint>

#include "sim/units.h"

namespace stripe {

// What was asked so far.
struct IoCounts {
  std::uint64_t requests = 0;
  sim::Bytes bytes_read = 0;
  sim::Bytes bytes_written = 0;
  IoCounts& operator+=(const IoCounts& more) {
    requests += more.requests;
    bytes_read += more.bytes_read;
    bytes_written += more.bytes_written;
    return *this;
  }
};

}  // namespace stripe
