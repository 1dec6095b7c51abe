// An OST and a client of it over a loopback network, for tests.
#pragma once

#include <memory>
#include <utility>

#include "stripe/server/memory_content.h"
#include "stripe/server/modelled_store.h"
#include "stripe/server/null_device.h"
#include "stripe/server/oss.h"
#include "transport/import.h"
#include "transport/testing/loopback_network.h"

namespace stripe {

inline constexpr transport::Address kOst{0, 1};
inline constexpr transport::Address kClient{1, 1};
inline constexpr ObjectId kA{7, 1};

inline transport::ImportOptions many_calls() {
  transport::ImportOptions options;
  options.rpcs_in_flight = 1000;
  return options;
}

// An OST with an object kA, and a client of it. `make_device` gives the OST's device.
class OstWorld {
 public:
  explicit OstWorld(std::unique_ptr<Device> (*make_device)(sim::Loop&) = nullptr,
                    const OssOptions& options = OssOptions(), sim::Rate checksum_rate = {})
      : host_(loop, "oss", {.copy = {}, .checksum = checksum_rate}),
        store_(ModelledStoreParams(), std::make_unique<MemoryContent>(),
               make_device ? make_device(loop)
                           : std::make_unique<NullDevice>(loop, "d", NullDeviceParams())),
        oss(loop, network, "OSS0", host_, options),
        ost(oss.add_ost(kOst, "OST0000", store_)) {
    sim::check(store_.create(kA).ok(), "a new store takes an object");
  }

  template <typename Request>
  transport::RpcReply call(Request request, transport::CallOptions options = {}) {
    transport::RpcReply reply;
    sim::TaskGroup callers(loop);
    callers.spawn(call_to(std::move(request), std::move(options), reply), "a caller");
    sim::check(sim::run_virtual(loop).ok(), "every call is answered");
    return reply;
  }
  template <typename Request>
  sim::Task<void> call_to(Request request, transport::CallOptions options,
                          transport::RpcReply& reply) {
    options.opcode = Request::kOpcode;
    reply = co_await import.call(std::move(request), std::move(options));
  }

  sim::Errc write(ObjectId object, const Niobufs& ranges, sim::Bytes bulk, bool inside = false) {
    OstWriteRequest request;
    request.object = object;
    request.ranges = ranges;
    transport::CallOptions options;
    options.inline_bulk = inside;
    options.bulk =
        transport::Payload(transport::ContentRun{9, 0, bulk, transport::Stamp::make(1, ++writes)});
    return call(std::move(request), std::move(options)).status;
  }
  transport::RpcReply read(ObjectId object, const Niobufs& ranges, bool short_io = false) {
    OstReadRequest request;
    request.object = object;
    request.ranges = ranges;
    request.short_io = short_io;
    return call(std::move(request));
  }
  transport::RpcReply create(std::uint64_t seq, std::uint64_t last_oid) {
    OstCreateRequest request;
    request.seq = seq;
    request.last_oid = last_oid;
    return call(request);
  }
  template <typename Request>
  transport::RpcReply object(ObjectId id, sim::Bytes size = 0) {
    Request request;
    request.object = id;
    request.size = size;
    return call(request);
  }

  sim::Loop loop{1};
  transport::testing::LoopbackNetwork network{loop};

 private:
  sim::ModelledHost host_;
  ModelledStore store_;

 public:
  Oss oss;
  Ost& ost;
  transport::Endpoint endpoint{loop, network, kClient};
  transport::Import import{endpoint, kOst, "OST0000", many_calls()};
  std::uint64_t writes = 0;
};

template <typename Reply>
const Reply& body_of(const transport::RpcReply& reply) {
  return static_cast<const Reply&>(*reply.body);
}

}  // namespace stripe
