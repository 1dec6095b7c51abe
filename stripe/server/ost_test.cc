#include "stripe/server/ost.h"

#include <gtest/gtest.h>

#include "stripe/server/memory_content.h"
#include "stripe/server/modelled_store.h"
#include "stripe/server/null_device.h"
#include "stripe/server/nvme_device.h"
#include "transport/import.h"
#include "transport/testing/loopback_network.h"

namespace stripe {
namespace {

using sim::Errc;
using transport::MessageKind;
using transport::Payload;

constexpr transport::Address kOst{0, 1};
constexpr transport::Address kClient{1, 1};
constexpr ObjectId kA{7, 1};

transport::ImportOptions many_calls() {
  transport::ImportOptions options;
  options.rpcs_in_flight = 1000;
  return options;
}

// An OST with an object kA, and a client of it. `make_device` gives the OST's device.
class OstWorld {
 public:
  explicit OstWorld(std::unique_ptr<Device> (*make_device)(sim::Loop&) = nullptr,
                    const OstOptions& options = OstOptions())
      : store_(loop, ModelledStoreParams(), std::make_unique<MemoryContent>(),
               make_device ? make_device(loop)
                           : std::make_unique<NullDevice>(loop, "d", NullDeviceParams())),
        ost(loop, network, kOst, "OST0000", host_, store_, options) {
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

  Errc write(ObjectId object, const Niobufs& ranges, sim::Bytes bulk, bool inside = false) {
    OstWriteRequest request;
    request.object = object;
    request.ranges = ranges;
    transport::CallOptions options;
    options.inline_bulk = inside;
    options.bulk = Payload(transport::ContentRun{9, 0, bulk, transport::Stamp::make(1, ++writes)});
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
  sim::ModelledHost host_{loop, "oss", sim::HostProfile()};
  ModelledStore store_;

 public:
  Ost ost;
  transport::Endpoint endpoint{loop, network, kClient};
  transport::Import import{endpoint, kOst, "OST0000", many_calls()};
  std::uint64_t writes = 0;
};

template <typename Reply>
const Reply& body_of(const transport::RpcReply& reply) {
  return static_cast<const Reply&>(*reply.body);
}

TEST(Ost, WhatIsWrittenIsReadBack) {
  OstWorld world;
  EXPECT_EQ(world.write(kA, {{4096, 1000}}, 1000), Errc::ok);
  const auto reply = world.read(kA, {{4196, 100}});
  ASSERT_EQ(reply.status, Errc::ok);
  ASSERT_EQ(reply.bulk.runs().size(), 1u);
  EXPECT_EQ(reply.bulk.runs()[0],
            (transport::ContentRun{9, 100, 100, transport::Stamp::make(1, 1)}));
  EXPECT_EQ(body_of<OstReadReply>(reply).info.size, 5096u);
}

TEST(Ost, AReadIsCutAtTheEndOfTheObject) {
  OstWorld world;
  world.write(kA, {{0, 100}}, 100);
  const auto reply = world.read(kA, {{0, 50}, {90, 50}, {200, 50}});
  EXPECT_EQ(reply.bulk.size(), 60u);
  const auto& lengths = body_of<OstReadReply>(reply).lengths;
  EXPECT_EQ((std::vector<sim::Bytes>(lengths.begin(), lengths.end())),
            (std::vector<sim::Bytes>{50, 10, 0}));
}

TEST(Ost, SeveralRangesAreWrittenFromOneBulk) {
  OstWorld world;
  EXPECT_EQ(world.write(kA, {{1000, 10}, {0, 20}}, 30), Errc::ok);
  const auto first = world.read(kA, {{1000, 10}});
  EXPECT_EQ(first.bulk.runs()[0].offset, 0u);
  const auto second = world.read(kA, {{0, 20}});
  EXPECT_EQ(second.bulk.runs()[0].offset, 10u);
  EXPECT_EQ(world.ost.counts().bytes_written, 30u);
  EXPECT_EQ(world.ost.counts().bytes_read, 30u);
}

TEST(Ost, ShortIoNeedsNoBulkMessages) {
  OstWorld world;
  EXPECT_EQ(world.write(kA, {{0, 100}}, 100, true), Errc::ok);
  EXPECT_EQ(world.read(kA, {{0, 100}}, true).bulk.size(), 100u);
  for (const MessageKind kind : {MessageKind::bulk_get, MessageKind::bulk_put}) {
    EXPECT_EQ(world.network.sent(kind, kOstWrite) + world.network.sent(kind, kOstRead), 0u);
  }
}

TEST(Ost, BulkThatDoesNotFitTheRangesIsRefusedAndWritesNothing) {
  OstWorld world;
  EXPECT_EQ(world.write(kA, {{0, 100}}, 99), Errc::protocol);
  EXPECT_EQ(world.write(kA, {{0, 100}}, 101), Errc::protocol);
  EXPECT_EQ(world.write(kA, {{0, 100}}, 99, true), Errc::protocol);
  EXPECT_EQ(body_of<OstReadReply>(world.read(kA, {{0, 1}})).info.size, 0u);
  EXPECT_EQ(world.write(kA, {{0, 100}}, 100), Errc::ok);
}

TEST(Ost, AbsurdRangesAreRefused) {
  OstWorld world;
  constexpr sim::Bytes kMost = 64 * sim::kMiB;
  // Of a missing object, so that what passes is told by its answer.
  const auto status = [&](const Niobufs& ranges) { return world.read({7, 99}, ranges).status; };
  Niobufs many;
  many.resize(16384, {0, 1});
  EXPECT_EQ(status(many), Errc::not_found);
  many.resize(16385, {0, 1});
  EXPECT_EQ(status(many), Errc::protocol);
  EXPECT_EQ(status({}), Errc::protocol);
  EXPECT_EQ(status({{0, kMost}}), Errc::not_found);
  EXPECT_EQ(status({{0, kMost + 1}}), Errc::protocol);
  EXPECT_EQ(status({{0, kMost}, {0, 1}}), Errc::protocol);
  EXPECT_EQ(status({{sim::kEof - 10, 10}}), Errc::not_found);
  EXPECT_EQ(status({{sim::kEof - 10, 11}}), Errc::protocol);
  EXPECT_EQ(status({{0, sim::kEof}, {0, 2}}), Errc::protocol);
  EXPECT_EQ(world.write(kA, {{sim::kEof - 10, 11}}, 11), Errc::protocol);
  EXPECT_EQ(world.network.sent(MessageKind::bulk_get, kOstWrite), 0u);  // not even fetched
}

TEST(Ost, AMissingObjectIsNotFound) {
  OstWorld world;
  constexpr ObjectId kMissing{7, 99};
  EXPECT_EQ(world.write(kMissing, {{0, 1}}, 1), Errc::not_found);
  EXPECT_EQ(world.read(kMissing, {{0, 1}}).status, Errc::not_found);
  EXPECT_EQ(world.object<OstGetattrRequest>(kMissing).status, Errc::not_found);
  EXPECT_EQ(world.object<OstPunchRequest>(kMissing, 10).status, Errc::not_found);
  EXPECT_EQ(world.object<OstDestroyRequest>(kMissing).status, Errc::not_found);
}

TEST(Ost, CreateMakesAllObjectsUpToTheLast) {
  OstWorld world;
  const auto reply = world.create(8, 3);
  EXPECT_EQ(body_of<OstCreateReply>(reply).last_oid, 3u);
  for (std::uint64_t oid = 1; oid <= 3; ++oid) {
    EXPECT_EQ(world.object<OstGetattrRequest>({8, oid}).status, Errc::ok);
  }
  EXPECT_EQ(world.object<OstGetattrRequest>({8, 4}).status, Errc::not_found);
}

TEST(Ost, CreateSentAgainChangesNothing) {
  OstWorld world;
  world.create(8, 3);
  EXPECT_EQ(world.write({8, 2}, {{0, 10}}, 10), Errc::ok);
  EXPECT_EQ(body_of<OstCreateReply>(world.create(8, 3)).last_oid, 3u);
  EXPECT_EQ(body_of<OstCreateReply>(world.create(8, 2)).last_oid, 3u);
  EXPECT_EQ(body_of<OstReadReply>(world.read({8, 2}, {{0, 1}})).info.size, 10u);
}

TEST(Ost, CreateNeverBringsADestroyedObjectBack) {
  OstWorld world;
  world.create(8, 3);
  for (std::uint64_t oid = 1; oid <= 3; ++oid) {
    EXPECT_EQ(world.object<OstDestroyRequest>({8, oid}).status, Errc::ok);
  }
  EXPECT_EQ(body_of<OstCreateReply>(world.create(8, 4)).last_oid, 4u);
  EXPECT_EQ(world.object<OstGetattrRequest>({8, 3}).status, Errc::not_found);
  EXPECT_EQ(world.object<OstGetattrRequest>({8, 4}).status, Errc::ok);
}

TEST(Ost, CreateMakesAtMost20000ObjectsAtATime) {
  OstWorld world;
  EXPECT_EQ(body_of<OstCreateReply>(world.create(8, 20000)).last_oid, 20000u);
  EXPECT_EQ(body_of<OstCreateReply>(world.create(8, 60000)).last_oid, 40000u);
  EXPECT_EQ(body_of<OstStatfsReply>(world.call(OstStatfsRequest())).objects, 40001u);
}

TEST(Ost, PunchCutsAndStatfsCounts) {
  OstWorld world;
  world.write(kA, {{0, sim::kMiB}}, sim::kMiB);
  const auto before = body_of<OstStatfsReply>(world.call(OstStatfsRequest()));
  EXPECT_EQ(before.used, sim::kMiB);
  const auto punched = world.object<OstPunchRequest>(kA, 4096);
  EXPECT_EQ(body_of<OstPunchReply>(punched).info.size, 4096u);
  EXPECT_EQ(body_of<OstStatfsReply>(world.call(OstStatfsRequest())).used, 4096u);
}

TEST(Ost, AFullOstSaysNoSpaceAndKeepsWhatItHas) {
  OstWorld world([](sim::Loop& loop) -> std::unique_ptr<Device> {
    return std::make_unique<NullDevice>(loop, "d", NullDeviceParams{8192});
  });
  EXPECT_EQ(world.write(kA, {{0, 8192}}, 8192), Errc::ok);
  EXPECT_EQ(world.write(kA, {{8192, 1}}, 1), Errc::no_space);
  EXPECT_EQ(world.read(kA, {{0, 10000}}).bulk.size(), 8192u);
}

std::unique_ptr<Device> slow_drive(sim::Loop& loop) {
  NvmeParams params;
  params.read_latency = sim::milliseconds(100);
  return std::make_unique<NvmeDevice>(loop, "d", params);
}

TEST(Ost, TheDevicesTimeIsInTheReplysAccount) {
  OstWorld world(&slow_drive);
  world.write(kA, {{0, 4096}}, 4096);
  const auto reply = world.read(kA, {{0, 4096}});
  EXPECT_GE(reply.server.device, sim::milliseconds(100));
  EXPECT_LT(reply.server.device, sim::milliseconds(101));
  EXPECT_GT(reply.server.cpu, sim::Duration());
  EXPECT_EQ(reply.server.queue, sim::Duration());
}

TEST(Ost, AttributesDoNotWaitBehindReads) {
  OstOptions options;
  options.io_threads = 1;
  OstWorld world(&slow_drive, options);
  world.write(kA, {{0, 4096}}, 4096);
  OstReadRequest read;
  read.object = kA;
  read.ranges = {{0, 4096}};
  std::array<transport::RpcReply, 2> reads;
  sim::TaskGroup readers(world.loop);
  const sim::TimePoint begin = world.loop.now();
  for (transport::RpcReply& reply : reads) {
    readers.spawn(world.call_to(read, {}, reply), "a reader", sim::TaskKind::daemon);
  }
  EXPECT_EQ(world.object<OstGetattrRequest>(kA).status, Errc::ok);
  EXPECT_LT(world.loop.now() - begin, sim::milliseconds(10));
  EXPECT_EQ(world.ost.io_service().waiting(), 1u);
}

TEST(Ost, NrsSeesObjectAndOffset) {
  transport::Message message;
  message.header.opcode = kOstWrite;
  auto body = std::make_unique<OstWriteRequest>();
  body->object = kA;
  body->ranges = {{77, 1}, {5, 1}};
  message.body = std::move(body);
  const transport::NrsKey key = IoHandler::key(message);
  EXPECT_EQ(key.offset, 77u);
  message.header.opcode = kOstStatfs;
  EXPECT_EQ(IoHandler::key(message).object, 0u);
}

}  // namespace
}  // namespace stripe
