#include "stripe/client/write_back.h"

#include <gtest/gtest.h>

#include "stripe/client/client_testing.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Errc;
using sim::Extent;
using sim::kKiB;
using sim::kMiB;

sim::Task<void> write(ClientWorld& world, Inode& inode, Extent range, Outcome& outcome) {
  outcome = co_await world.write_back.absorb(inode, range, world.stamp());
}
sim::Task<void> write(ClientWorld& world, Inode& inode, Extent range) {
  static_cast<void>(co_await world.write_back.absorb(inode, range, world.stamp()));
}
sim::Task<void> flush(ClientWorld& world, Inode& inode, Extent range = {0, sim::kEof}) {
  co_await world.write_back.flush(inode, range);
}
sim::Task<void> write_and_flush(ClientWorld& world, Inode& inode, Extent range) {
  co_await write(world, inode, range);
  co_await flush(world, inode);
}

TEST(WriteBack, DataLeavesOnlyAfterItsCopy) {
  ClientWorld world({}, 1, {.request = {}, .copy = sim::Rate(kMiB), .checksum = {}});
  const auto inode = world.file();
  world.run(write(world, *inode, {0, 8 * kMiB}));
  world.run(flush(world, *inode));
  ASSERT_EQ(world.ost(0).count(kOstWrite), 2u);
  EXPECT_EQ(world.ost(0).seen[0].at, sim::TimePoint() + sim::seconds(4));
  EXPECT_EQ(world.ost(0).seen[1].at, sim::TimePoint() + sim::seconds(8));
}

TEST(WriteBack, WhatIsWrittenIsCleanHoweverFastItWas) {
  ClientDesign design;
  design.cache_size = 16 * kMiB;
  ClientWorld world(design, 1, {.request = {}, .copy = sim::Rate(kMiB), .checksum = {}});
  const auto inode = world.file();
  for (Bytes at = 0; at < 64 * kMiB; at += 4 * kMiB) {
    world.run(write(world, *inode, {at, at + 4 * kMiB}));
  }
  world.run(flush(world, *inode));
  EXPECT_EQ(world.cache.dirty(), 0u);
  EXPECT_EQ(world.write_back.dirty(), 0u);
  EXPECT_EQ(world.cache.cached(), 16 * kMiB);
}

TEST(WriteBack, ACallCostsItsTimeOnceHoweverManyParts) {
  ClientWorld world({}, 1,
                    {.request = {}, .call = sim::microseconds(3), .copy = {}, .checksum = {}});
  const auto inode = world.file();
  Outcome outcome;
  world.run(write(world, *inode, {0, 64 * kMiB}, outcome));
  EXPECT_EQ(outcome.timeline.total(), sim::microseconds(3));
}

TEST(WriteBack, FullChunksLeaveAtOnceAndPartialOnesWhenAsked) {
  ClientWorld world;
  const auto inode = world.file();
  world.run(write(world, *inode, {0, 9 * kMiB}));
  world.run_for(sim::seconds(1));
  EXPECT_EQ(world.ost(0).count(kOstWrite), 2u);
  EXPECT_EQ(world.write_back.dirty(), kMiB);
  world.run(flush(world, *inode));
  EXPECT_EQ(world.ost(0).count(kOstWrite), 3u);
  EXPECT_EQ(world.loop.now(), sim::TimePoint() + sim::seconds(1));
}

TEST(WriteBack, PartialChunkLeavesWhenItIsOld) {
  ClientWorld world;
  const auto inode = world.file();
  world.run(write(world, *inode, {0, kMiB}));
  world.run_for(sim::seconds(30) - sim::nanoseconds(1));
  EXPECT_EQ(world.ost(0).count(kOstWrite), 0u);
  world.run_for(sim::nanoseconds(1));
  EXPECT_EQ(world.ost(0).count(kOstWrite), 1u);
}

// Writers of a file each whose data is never a full chunk, on a limit that holds some of them.
sim::TimePoint end_of_crowd(Bytes limit, std::uint32_t slots, int writers, Bytes each) {
  ClientDesign design;
  design.max_dirty_per_ost = limit;
  design.rpcs_in_flight = slots;
  ClientWorld world(design);
  world.ost(0).delay = sim::milliseconds(1);
  std::vector<std::unique_ptr<Inode>> files;
  for (int i = 0; i < writers; ++i) {
    files.push_back(world.file());
    world.start(write(world, *files.back(), {0, each}));
  }
  world.run();
  return world.loop.now();
}

TEST(WriteBack, WritersThatWaitForRoomNeverWaitForTime) {
  EXPECT_LE(end_of_crowd(32 * kMiB, 8, 64, 3 * kMiB), sim::TimePoint() + sim::milliseconds(8));
  EXPECT_LE(end_of_crowd(4 * kMiB, 1, 16, 3 * kMiB), sim::TimePoint() + sim::milliseconds(16));
}

TEST(WriteBack, DirtyLimitHoldsAsGiven) {
  for (const Bytes limit : {4 * kMiB, 12 * kMiB, 64 * kMiB}) {
    ClientDesign design;
    design.max_dirty_per_ost = limit;
    ClientWorld world(design);
    world.ost(0).delay = sim::seconds(1);
    const auto inode = world.file();
    world.start(write(world, *inode, {0, 256 * kMiB}));
    world.run_for(sim::milliseconds(500));
    EXPECT_EQ(world.write_back.dirty(), limit);
    world.run();
  }
}

TEST(WriteBack, PartialChunksDoNotLeaveWhileFullOnesUseAllSlots) {
  ClientDesign design;
  design.max_dirty_per_ost = 33 * kMiB;
  ClientWorld world(design);
  world.ost(0).delay = sim::seconds(1);
  const auto streams = world.file();
  const auto small = world.file();
  world.start(write(world, *streams, {0, 32 * kMiB}));
  world.run_for(sim::milliseconds(1));
  world.start(write(world, *small, {0, kMiB}));
  world.start(write(world, *small, {kMiB, 2 * kMiB}));
  world.run_for(sim::milliseconds(1));
  EXPECT_EQ(world.ost(0).count(kOstWrite), 8u) << "the second waits for one of these";
  world.run();
}

TEST(WriteBack, RewriteOfAChunkUnderWayFollowsIt) {
  ClientWorld world;
  world.ost(0).delay = sim::seconds(1);
  const auto inode = world.file();
  world.start(write(world, *inode, {0, 4 * kMiB}));
  world.run_for(sim::milliseconds(1));
  world.run(write_and_flush(world, *inode, {0, 4 * kMiB}));
  ASSERT_EQ(world.ost(0).count(kOstWrite), 2u);
  EXPECT_EQ(world.ost(0).most_under_way, 1u);
  EXPECT_EQ(writers_of(0, world.ost(0).content(ClientWorld::object(*inode))),
            (std::vector<Written>{{0, 4 * kMiB, transport::Stamp::make(1, 2).value}}));
  EXPECT_EQ(world.cache.dirty(), 0u);
}

TEST(WriteBack, FlushOfARangeWritesOnlyTheChunksOfIt) {
  ClientWorld world;
  const auto inode = world.file();
  world.run(write(world, *inode, {0, kMiB}));
  world.run(write(world, *inode, {8 * kMiB, 9 * kMiB}));
  world.run(flush(world, *inode, {kMiB, 8 * kMiB}));
  EXPECT_EQ(world.ost(0).count(kOstWrite), 0u);
  world.run(flush(world, *inode, {kMiB - 1, 8 * kMiB}));
  ASSERT_EQ(world.ost(0).count(kOstWrite), 1u);
  EXPECT_EQ(world.ost(0).seen.front().extent, (Extent{0, kMiB}));
}

TEST(WriteBack, FlushDoesNotWaitForWhatBecomesDirtyMeanwhile) {
  ClientWorld world;
  world.ost(0).delay = sim::seconds(1);
  const auto inode = world.file();
  world.run(write(world, *inode, {0, kMiB}));
  world.start(flush(world, *inode));
  world.run_for(sim::milliseconds(1));
  world.start(write(world, *inode, {8 * kMiB, 12 * kMiB}));
  world.run();
  EXPECT_EQ(world.loop.now(), sim::TimePoint() + sim::seconds(1));
  EXPECT_EQ(world.write_back.dirty(), 4 * kMiB);
}

sim::Task<void> flush_timed(ClientWorld& world, Inode& inode, sim::StageTimes& times) {
  sim::Timeline timeline(world.loop.now(), sim::Stage::slot);
  co_await world.write_back.flush(inode, &timeline);
  timeline.finish(world.loop.now());
  timeline.add_to(times);
}

TEST(WriteBack, WhoeverFlushesTakesOverWhereTheTimeOfTheLastRpcWent) {
  ClientWorld world;
  world.network.set_delay(sim::seconds(1));
  const auto inode = world.file();
  world.run(write(world, *inode, {0, kMiB}));
  const sim::TimePoint begin = world.loop.now();
  sim::StageTimes times{};
  world.run(flush_timed(world, *inode, times));
  EXPECT_EQ(sim::total(times), world.loop.now() - begin);
  EXPECT_GE(sim::at(times, sim::Stage::fabric), sim::seconds(2)) << "there and back";
}

TEST(WriteBack, DiscardedDataIsNotWrittenAndFlushesEnd) {
  ClientWorld world;
  const auto inode = world.file();
  world.run(write(world, *inode, {0, 3 * kMiB}));
  world.write_back.discard(*inode, kMiB);
  EXPECT_EQ(world.write_back.dirty(), kMiB);
  world.run(flush(world, *inode));
  EXPECT_EQ(world.ost(0).bytes(kOstWrite), kMiB);
  world.run(write(world, *inode, {4 * kMiB, 5 * kMiB}));
  world.write_back.discard(*inode, 0);
  world.run(flush(world, *inode));
  EXPECT_EQ(world.ost(0).count(kOstWrite), 1u);
  EXPECT_EQ(world.write_back.dirty(), 0u);
}

TEST(WriteBack, SerialDispatchWritesOneChunkOfAFileAtATime) {
  for (const auto& [dispatch, most] : {std::pair{Dispatch::parallel, 4u}, {Dispatch::serial, 1u}}) {
    ClientDesign design;
    design.dispatch = dispatch;
    ClientWorld world(design);
    world.ost(0).delay = sim::seconds(1);
    const auto inode = world.file();
    world.run(write_and_flush(world, *inode, {0, 16 * kMiB}));
    EXPECT_EQ(world.ost(0).most_under_way, most);
  }
}

Errc failing_behind(Bytes offset, const SeenRpc& rpc) {
  return rpc.opcode == kOstWrite && rpc.extent.begin >= offset ? Errc::no_space : Errc::ok;
}

TEST(WriteBack, FailedDataIsForgottenAndTheFileEndsBeforeIt) {
  ClientWorld world;
  world.ost(0).fault = [](const SeenRpc& rpc) { return failing_behind(8 * kMiB, rpc); };
  const auto inode = world.file();
  world.run(write_and_flush(world, *inode, {0, 20 * kMiB}));
  EXPECT_EQ(inode->write_error, Errc::no_space);
  EXPECT_EQ(inode->known_size, 8 * kMiB);
  EXPECT_EQ(world.context.stats.failed_write_backs, 3u);
  EXPECT_EQ(world.cache.cached(), 8 * kMiB);
  EXPECT_EQ(world.write_back.dirty(), 0u);
}

TEST(WriteBack, FailureLeavesTheSizeThatServersTold) {
  ClientWorld world;
  world.ost(0).fault = [](const SeenRpc& rpc) { return failing_behind(0, rpc); };
  const auto inode = world.file();
  inode->known_size = 3 * kMiB;
  world.run(write_and_flush(world, *inode, {2 * kMiB, 6 * kMiB}));
  EXPECT_EQ(inode->known_size, 3 * kMiB);
}

TEST(WriteBack, FailureKeepsWhatWasWrittenOverTheDataMeanwhile) {
  ClientWorld world;
  world.ost(0).delay = sim::seconds(1);
  world.ost(0).fault = [](const SeenRpc& rpc) {
    return rpc.at == sim::TimePoint() ? Errc::no_space : Errc::ok;
  };
  const auto inode = world.file();
  world.start(write(world, *inode, {0, 4 * kMiB}));
  world.run_for(sim::milliseconds(1));
  world.run(write_and_flush(world, *inode, {kMiB, 2 * kMiB}));
  EXPECT_TRUE(world.cache.contains(inode->content_id(), {kMiB, 2 * kMiB}));
  EXPECT_EQ(world.cache.cached(), kMiB);
}

TEST(WriteBack, TheErrorAtTheLowestOffsetIsRemembered) {
  ClientWorld world({}, 2);
  world.ost(0).delay = sim::seconds(2);  // the lower offset fails later
  world.ost(0).fault = [](const SeenRpc&) { return Errc::no_space; };
  world.ost(1).fault = [](const SeenRpc&) { return Errc::io_error; };
  const auto inode = world.file(2);
  world.run(write_and_flush(world, *inode, {0, 2 * kMiB}));
  EXPECT_EQ(inode->write_error, Errc::no_space);
}

TEST(WriteBack, FailureOfAFileThatIsGoneIsNone) {
  ClientWorld world;
  world.ost(0).fault = [](const SeenRpc&) { return Errc::not_found; };
  const auto inode = world.file();
  inode->unlinked = true;
  world.run(write_and_flush(world, *inode, {0, 4 * kMiB}));
  EXPECT_EQ(inode->write_error, Errc::ok);
  EXPECT_EQ(world.context.stats.failed_write_backs, 0u);
}

TEST(WriteBack, AWriterThatIsCancelledGivesItsRoomBack) {
  ClientDesign design;
  design.max_dirty_per_ost = 4 * kMiB;
  ClientWorld world(design, 1, {.request = {}, .copy = sim::Rate(kMiB), .checksum = {}});
  const auto inode = world.file();
  {
    sim::TaskGroup writers(world.loop);
    writers.spawn(write(world, *inode, {0, 4 * kMiB}), "copies");
    writers.spawn(write(world, *inode, {4 * kMiB, 8 * kMiB}), "waits for room");
    world.run_for(sim::milliseconds(1));
  }
  EXPECT_EQ(world.lov.target(0).dirty_room().available(), 4 * kMiB);
  EXPECT_EQ(world.write_back.dirty(), 0u);
}

}  // namespace
}  // namespace stripe
