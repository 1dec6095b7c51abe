#include "stripe/server/ost.h"

#include <gtest/gtest.h>

#include "stripe/server/nvme_device.h"
#include "stripe/server/ost_testing.h"

namespace stripe {
namespace {

using sim::Errc;
using transport::MessageKind;
using transport::Payload;

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
  OssOptions options;
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
  EXPECT_EQ(world.oss.io_service().waiting(), 1u);
}

TEST(Ost, CreatingCostsTheProcessorsForEachObject) {
  OssOptions options;
  options.costs.object = sim::microseconds(10);
  OstWorld world(nullptr, options);
  EXPECT_EQ(world.create(3, 1).server.cpu, sim::microseconds(10));
  EXPECT_EQ(world.create(3, 101).server.cpu, sim::microseconds(1000));
  EXPECT_EQ(world.create(3, 101).server.cpu, sim::microseconds(10)) << "looking costs one";
  EXPECT_EQ(world.create(3, 1'000'000).server.cpu, sim::milliseconds(200)) << "20,000 at most";
}

TEST(Ost, AChecksumIsComputedOnlyForAClientThatAsksForIt) {
  for (const bool asked : {false, true}) {
    OssOptions options;
    options.costs.io = sim::microseconds(20);
    OstWorld world(nullptr, options, sim::Rate(sim::kGiB));
    OstWriteRequest write;
    write.object = kA;
    write.ranges = {{0, sim::kMiB}};
    write.checksum = asked;
    transport::CallOptions bulk;
    bulk.bulk = Payload::zeros(sim::kMiB);
    OstReadRequest read;
    read.object = kA;
    read.ranges = write.ranges;
    read.checksum = asked;
    const sim::Duration expected =
        sim::microseconds(20) +
        (asked ? sim::Rate(sim::kGiB).time_for(sim::kMiB) : sim::Duration());
    EXPECT_EQ(world.call(write, std::move(bulk)).server.cpu, expected);
    EXPECT_EQ(world.call(read).server.cpu, expected);
  }
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
  message.to.port = 1;
  EXPECT_NE(IoHandler::key(message).object, key.object) << "another target's object";
  message.header.opcode = kOstStatfs;
  EXPECT_EQ(IoHandler::key(message).object, 0u);
}

}  // namespace
}  // namespace stripe
