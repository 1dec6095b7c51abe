#include "stripe/client/page_reader.h"

#include <gtest/gtest.h>

#include "stripe/client/client_testing.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Errc;
using sim::Extent;
using sim::kKiB;
using sim::kMiB;

ClientDesign without_read_ahead() {
  ClientDesign design;
  design.read_ahead.enabled = false;
  return design;
}

sim::Task<void> write(ClientWorld& world, Inode& inode, Extent range) {
  static_cast<void>(co_await world.write_back.absorb(inode, range, world.stamp()));
  co_await world.write_back.flush(inode);
}

TEST(PageReader, WhatIsHereIsNotFetchedAgain) {
  ClientWorld world(without_read_ahead());
  const auto inode = world.file();
  world.fill(*inode, 4 * kMiB, world.stamp());
  Reader reader(world, *inode);
  EXPECT_EQ(writers_of(0, reader.read({0, kMiB}).data),
            (std::vector<Written>{{0, kMiB, transport::Stamp::make(1, 1).value}}));
  reader.read({0, kMiB});
  EXPECT_EQ(world.ost(0).bytes(kOstRead), kMiB);
  reader.read({kMiB / 2, 2 * kMiB});
  EXPECT_EQ(world.ost(0).bytes(kOstRead), 2 * kMiB);
}

TEST(PageReader, WhatIsOnTheWayIsFetchedOnceWhoeverAsks) {
  ClientWorld world(without_read_ahead());
  world.ost(0).delay = sim::seconds(1);
  const auto inode = world.file();
  world.fill(*inode, 4 * kMiB, world.stamp());
  std::vector<Reader> readers(3, Reader(world, *inode));
  std::vector<Outcome> outcomes(3);
  world.start(readers[0].task({0, 2 * kMiB}, outcomes[0]));
  world.start(readers[1].task({0, 2 * kMiB}, outcomes[1]));
  world.start(readers[2].task({kMiB, 3 * kMiB}, outcomes[2]));
  world.run();
  EXPECT_EQ(world.ost(0).bytes(kOstRead), 3 * kMiB);
  for (const Outcome& outcome : outcomes) {
    EXPECT_EQ(outcome.bytes, 2 * kMiB);
    EXPECT_EQ(outcome.timeline.total(), sim::seconds(1));
  }
}

TEST(PageReader, FetchesWholePages) {
  ClientWorld world(without_read_ahead());
  const auto inode = world.file();
  world.fill(*inode, 4 * kMiB, world.stamp());
  Reader(world, *inode).read({5000, 5001});
  EXPECT_EQ(world.ost(0).seen.front().extent, (Extent{4 * kKiB, 8 * kKiB}));
}

TEST(PageReader, ACallCostsItsTimeAndTheCopy) {
  ClientWorld world(
      without_read_ahead(), 1,
      {.request = {}, .call = sim::microseconds(3), .copy = sim::Rate(kMiB), .checksum = {}});
  const auto inode = world.file();
  world.fill(*inode, 4 * kMiB, world.stamp());
  Reader reader(world, *inode);
  reader.read({0, kMiB});
  EXPECT_EQ(reader.read({0, kMiB}).timeline.total(), sim::seconds(1) + sim::microseconds(3));
}

Errc failing_behind(Bytes offset, const SeenRpc& rpc) {
  return rpc.opcode == kOstRead && rpc.extent.end > offset ? Errc::io_error : Errc::ok;
}

TEST(PageReader, GivesWhatLiesBeforeTheFirstError) {
  ClientWorld world(without_read_ahead());
  world.ost(0).fault = [](const SeenRpc& rpc) { return failing_behind(4 * kMiB, rpc); };
  const auto inode = world.file();
  world.fill(*inode, 8 * kMiB, world.stamp());
  const Outcome outcome = Reader(world, *inode).read({kMiB, 8 * kMiB});
  EXPECT_EQ(outcome.status, Errc::io_error);
  EXPECT_EQ(outcome.bytes, 0u) << "the first RPC reaches beyond 4 MiB";
  const Outcome prefix = Reader(world, *inode).read({0, 8 * kMiB});
  EXPECT_EQ(prefix.status, Errc::io_error);
  EXPECT_EQ(prefix.bytes, 4 * kMiB);
  EXPECT_EQ(prefix.data.size(), 4 * kMiB);
}

TEST(PageReader, AnErrorOutsideItsRangeIsNotTheReadersOwn) {
  ClientWorld world(without_read_ahead());
  world.ost(0).delay = sim::seconds(1);
  world.ost(0).fault = [](const SeenRpc& rpc) {
    return rpc.at == sim::TimePoint() ? failing_behind(4 * kMiB, rpc) : Errc::ok;
  };
  const auto inode = world.file();
  world.fill(*inode, 8 * kMiB, world.stamp());
  std::vector<Reader> readers(3, Reader(world, *inode));
  std::vector<Outcome> outcomes(3);
  world.start(readers[0].task({0, 8 * kMiB}, outcomes[0]));
  world.run_for(sim::milliseconds(500));
  world.start(readers[1].task({0, kMiB}, outcomes[1]));
  world.start(readers[2].task({7 * kMiB, 8 * kMiB}, outcomes[2]));
  world.run();
  EXPECT_EQ(outcomes[0].bytes, 4 * kMiB);
  EXPECT_EQ(outcomes[0].status, Errc::io_error);
  EXPECT_EQ(outcomes[1].bytes, kMiB);
  EXPECT_TRUE(outcomes[1].ok());
  EXPECT_EQ(outcomes[2].bytes, kMiB) << "lost with the other's error, so it asks itself";
  EXPECT_TRUE(outcomes[2].ok());
}

// A read of 8 MiB of old data, which has been read on the OST and is on its way back.
class FetchUnderWay : public testing::Test {
 protected:
  FetchUnderWay() {
    world.fill(*inode, 8 * kMiB, old);
    world.ost(0).reply_delay = sim::seconds(1);
    world.start(reader.task({0, 8 * kMiB}, outcome));
    world.run_for(sim::milliseconds(500));
    world.ost(0).reply_delay = {};
  }
  void set_content(sim::Bytes size, transport::Stamp stamp) {
    world.ost(0).content(ClientWorld::object(*inode)) =
        transport::Payload(transport::ContentRun{inode->content_id(), 0, size, stamp});
  }
  ClientWorld world{without_read_ahead()};
  std::unique_ptr<Inode> inode = world.file();
  Reader reader{world, *inode};
  transport::Stamp old = world.stamp();
  Outcome outcome;
};

TEST_F(FetchUnderWay, BringsNothingOfWhatWasDropped) {
  const transport::Stamp newer = world.stamp();
  set_content(8 * kMiB, newer);
  world.pages.drop(*inode, {kMiB, 2 * kMiB});
  world.run();
  EXPECT_EQ(writers_of(0, outcome.data), (std::vector<Written>{{0, kMiB, old.value},
                                                               {kMiB, 2 * kMiB, newer.value},
                                                               {2 * kMiB, 8 * kMiB, old.value}}));
}

TEST_F(FetchUnderWay, BringsNothingOfWhatATruncateCutsOff) {
  set_content(2 * kMiB, old);
  world.pages.cut(*inode, 2 * kMiB);
  inode->known_size = 2 * kMiB;
  world.run();
  EXPECT_EQ(inode->known_size, 2 * kMiB) << "sizes of before do not count";
  EXPECT_EQ(world.cache.cached(), 2 * kMiB);
  EXPECT_EQ(outcome.bytes, 2 * kMiB);
}

sim::Task<void> glimpse(ClientWorld& world, Inode& inode) {
  static_cast<void>(co_await world.lov.glimpse(inode));
}

TEST(PageReader, SizesAskedForBeforeATruncateDoNotCount) {
  ClientWorld world;
  const auto inode = world.file();
  world.fill(*inode, 8 * kMiB, world.stamp());
  world.ost(0).reply_delay = sim::seconds(1);
  world.start(glimpse(world, *inode));
  world.run_for(sim::milliseconds(500));
  world.pages.cut(*inode, 2 * kMiB);
  inode->known_size = 2 * kMiB;
  world.run();
  EXPECT_EQ(inode->known_size, 2 * kMiB);
}

TEST(PageReader, WhatAReadFoundWhileSizesWereAskedForCountsMore) {
  for (const bool beside : {true, false}) {
    ClientWorld world;
    const auto inode = world.file();
    world.fill(*inode, 2 * kMiB, world.stamp());
    inode->reaches(beside ? 0 : 8 * kMiB, inode->cuts);
    world.ost(0).reply_delay = sim::seconds(1);
    world.start(glimpse(world, *inode));
    world.run_for(sim::milliseconds(500));
    inode->reaches(beside ? 8 * kMiB : 0, inode->cuts);
    world.run();
    EXPECT_EQ(inode->known_size, beside ? 8 * kMiB : 2 * kMiB);
  }
}

TEST_F(FetchUnderWay, BringsNothingOfWhatWasWrittenEvenIfThatHasLeftTheCache) {
  world.start(write(world, *inode, {0, kMiB}));
  world.run_for(sim::milliseconds(100));
  const std::uint64_t newer = transport::Stamp::make(1, 2).value;
  ASSERT_EQ(world.cache.dirty(), 0u);
  world.cache.drop(inode->content_id(), {0, kMiB});  // as eviction would
  world.run();
  EXPECT_EQ(writers_of(0, outcome.data),
            (std::vector<Written>{{0, kMiB, newer}, {kMiB, 8 * kMiB, old.value}}));
}

TEST(PageReader, ACacheTooSmallForOneReadIsPassedBy) {
  ClientDesign design = without_read_ahead();
  design.cache_size = kMiB;
  ClientWorld world(design);
  const auto inode = world.file();
  world.fill(*inode, 32 * kMiB, world.stamp());
  const Outcome outcome = Reader(world, *inode).read({0, 32 * kMiB});
  EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(outcome.bytes, 32 * kMiB);
}

sim::Task<void> write_only(ClientWorld& world, Inode& inode, Extent range) {
  static_cast<void>(co_await world.write_back.absorb(inode, range, world.stamp()));
}

TEST(PageReader, PassingTheCacheByStillSeesWhatIsDirtyInIt) {
  ClientDesign design = without_read_ahead();
  design.cache_size = kMiB;
  ClientWorld world(design);
  const auto inode = world.file();
  world.fill(*inode, 32 * kMiB, world.stamp());
  world.run(write_only(world, *inode, {16 * kMiB, 17 * kMiB}));
  const Outcome outcome = Reader(world, *inode).read({0, 32 * kMiB});
  const std::uint64_t old = transport::Stamp::make(1, 1).value;
  EXPECT_EQ(writers_of(0, outcome.data),
            (std::vector<Written>{{0, 16 * kMiB, old},
                                  {16 * kMiB, 17 * kMiB, transport::Stamp::make(1, 2).value},
                                  {17 * kMiB, 32 * kMiB, old}}));
}

TEST(PageReader, PassingTheCacheByStillSeesWhatLeavesItMeanwhile) {
  ClientDesign design = without_read_ahead();
  design.cache_size = kMiB;
  ClientWorld world(design);
  const auto inode = world.file();
  world.fill(*inode, 4 * kMiB, world.stamp());
  world.run(write_only(world, *inode, {2 * kMiB, 2 * kMiB + 64 * kKiB}));
  world.ost(0).reply_delay = sim::seconds(1);
  Outcome outcome;
  Reader reader(world, *inode);
  world.start(reader.task({0, 4 * kMiB}, outcome));
  world.run_for(sim::milliseconds(500));  // the OST has read, and its answer is on the way
  world.ost(0).reply_delay = {};
  world.start([](ClientWorld& w, Inode& i) -> sim::Task<void> {
    co_await w.write_back.flush(i);
    w.cache.drop(i.content_id(), {0, 4 * kMiB});  // as eviction would
  }(world, *inode));
  world.run();
  const std::uint64_t old = transport::Stamp::make(1, 1).value;
  EXPECT_EQ(
      writers_of(0, outcome.data),
      (std::vector<Written>{{0, 2 * kMiB, old},
                            {2 * kMiB, 2 * kMiB + 64 * kKiB, transport::Stamp::make(1, 2).value},
                            {2 * kMiB + 64 * kKiB, 4 * kMiB, old}}));
}

TEST_F(FetchUnderWay, DropKeepsWhatIsDirty) {
  world.start(write_only(world, *inode, {0, kMiB}));
  world.run_for(sim::milliseconds(1));
  world.pages.drop(*inode, {0, 8 * kMiB});
  world.run();
  EXPECT_EQ(writers_of(0, outcome.data).front(),
            (Written{0, kMiB, transport::Stamp::make(1, 2).value}));
}

TEST(PageReader, SerialDispatchHasOneFetchOfAFileUnderWay) {
  for (const auto& [dispatch, most] : {std::pair{Dispatch::parallel, 2u}, {Dispatch::serial, 1u}}) {
    ClientDesign design = without_read_ahead();
    design.dispatch = dispatch;
    ClientWorld world(design);
    world.ost(0).delay = sim::seconds(1);
    const auto inode = world.file();
    world.fill(*inode, 8 * kMiB, world.stamp());
    Reader reader(world, *inode);
    reader.read({4 * kMiB, 5 * kMiB});
    const Outcome outcome = reader.read({2 * kMiB, 7 * kMiB});  // two gaps
    EXPECT_EQ(world.ost(0).most_under_way, most);
    EXPECT_EQ(outcome.timeline.total(), sim::seconds(3 - most)) << "each takes a second";
  }
}

}  // namespace
}  // namespace stripe
