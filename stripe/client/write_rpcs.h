// From what is dirty of an object to the RPCs that write it.
#pragma once

#include <vector>

#include "stripe/client/design.h"
#include "stripe/protocol/ost_messages.h"
#include "transport/payload.h"

namespace stripe {

// What one OST_WRITE carries: the bytes of its ranges, one behind the other.
struct WriteRpc {
  Niobufs ranges;
  transport::Payload data;
};

// Forms them as the design's coalescing says: a request for each piece (none), for what touches
// (adjacent, and read_through, which is nothing for writes), or for several ranges (vector).
class WriteRpcs {
 public:
  // `file` is the file's content id. `design` must outlive this.
  WriteRpcs(const ClientDesign& design, std::uint64_t file) : design_(design), file_(file) {}

  // Bytes of one write, contiguous in the file and in the object. Pieces come in the order of the
  // object, without overlap; none is larger than an RPC.
  void add(sim::Bytes object_offset, sim::Bytes file_offset, sim::Bytes length,
           transport::Stamp stamp);
  std::vector<WriteRpc> take() { return std::move(rpcs_); }

 private:
  const ClientDesign& design_;
  std::uint64_t file_;
  std::vector<WriteRpc> rpcs_;
  OpenRequest open_;
};

}  // namespace stripe
