// Clients that fall silent: when they are given up, what they lose, and how soon they notice.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

using sim::Errc;
using sim::kMiB;
using sim::milliseconds;
using sim::seconds;

stripe::ClientDesign locking(sim::Duration ping_interval = seconds(25)) {
  stripe::ClientDesign design;
  design.coherence = stripe::Coherence::ldlm;
  design.ping_interval = ping_interval;
  return design;
}

class Eviction : public ::testing::Test {
 public:
  void run(sim::Task<void> task) { cluster_.run(std::move(task)); }
  transport::FaultyNetwork& network() { return cluster_.cluster().world().network(); }
  std::uint64_t evictions() { return cluster_.cluster().liveness().evictions; }
  sim::TimePoint now() { return cluster_.loop().now(); }
  auto sleep(sim::Duration span) { return sim::sleep_for(cluster_.loop(), span); }
  auto sleep_until(sim::TimePoint when) { return sim::sleep_until(cluster_.loop(), when); }
  // The way between a client and the only OST of `file`, both ways.
  void cut(stripe::Mount& client, const stripe::File& file, bool lost) {
    const std::uint32_t ost = file.layout().components.front().objects.front().ost_index;
    network().cut(client.context().endpoint.address().node, cluster_.cluster().map().osts[ost].node,
                  lost);
  }
  static sim::Task<std::uint64_t> write(stripe::File& file, sim::Extent range) {
    const stripe::Outcome outcome = co_await file.write(range);
    EXPECT_EQ(outcome.status, Errc::ok);
    co_return file.last_stamp().value;
  }
  static sim::Task<void> write_in_vain(stripe::File& file, sim::Extent range) {
    EXPECT_EQ((co_await file.write(range)).status, Errc::evicted);
  }
  static sim::Task<std::uint64_t> writer(stripe::File& file) {
    const stripe::Outcome outcome = co_await file.read({0, 4096});
    EXPECT_EQ(outcome.status, Errc::ok);
    const std::vector<Written> seen = writers_of(file, 0, outcome.data);
    co_return seen.size() == 1 ? seen.front().writer : 0;
  }
  SmallCluster cluster_;
};

TEST_F(Eviction, ALockThatIsNotGivenUpEndsAfterTheCallbackTimeOut) {
  run([](Eviction& test) -> sim::Task<void> {
    stripe::Mount& silent = test.cluster_.mount(locking());
    auto one = co_await open_file(silent, "/f", "-c 1", false);
    auto two = co_await open_file(test.cluster_.mount(locking()), "/f", "", false);
    co_await write(*one, {0, kMiB});
    test.network().silence(silent.context().endpoint.address().node, true);
    const sim::TimePoint asked = test.now();
    co_await write(*two, {0, kMiB});
    EXPECT_GE(test.now() - asked, seconds(100));
    EXPECT_LT(test.now() - asked, seconds(100) + milliseconds(10));
    EXPECT_EQ(test.evictions(), 1u);
    EXPECT_EQ(test.cluster_.cluster().liveness().callback_timeouts, 1u);
  }(*this));
}

TEST_F(Eviction, AnIdleClientWithoutAPingerIsGivenUpAfter150Seconds) {
  run([](Eviction& test) -> sim::Task<void> {
    auto file =
        co_await open_file(test.cluster_.mount(locking(sim::Duration())), "/f", "-c 1", false);
    co_await write(*file, {0, kMiB});
    co_await file->fsync();
    const sim::TimePoint heard = test.now();
    co_await test.sleep_until(heard + seconds(150) - milliseconds(10));
    EXPECT_EQ(test.evictions(), 0u);
    co_await test.sleep_until(heard + seconds(150));
    EXPECT_EQ(test.evictions(), 2u) << "by the OST and by the MDT";
  }(*this));
}

TEST_F(Eviction, AnIdleClientWithAPingerStays) {
  run([](Eviction& test) -> sim::Task<void> {
    auto file = co_await open_file(test.cluster_.mount(locking()), "/f", "-c 1", false);
    co_await write(*file, {0, kMiB});
    co_await file->fsync();
    co_await test.sleep(seconds(1000));
    EXPECT_EQ(test.evictions(), 0u);
    const std::uint64_t pings = test.cluster_.requests(transport::kPing);
    EXPECT_GE(pings, 39u) << "one each 25 s";
  }(*this));
}

TEST_F(Eviction, AHolderThatDoesNotTellAGlimpseHowFarItHasWrittenIsGivenUp) {
  run([](Eviction& test) -> sim::Task<void> {
    stripe::Mount& silent = test.cluster_.mount(locking());
    stripe::Mount& asking = test.cluster_.mount(locking());
    auto one = co_await open_file(silent, "/f", "-c 1", false);
    co_await write(*one, {0, kMiB});
    test.cut(silent, *one, true);
    const sim::TimePoint asked = test.now();
    const stripe::Found found = co_await asking.stat("/f");
    EXPECT_EQ(found.outcome.status, Errc::ok);
    EXPECT_EQ(found.attr.size, 0u);
    EXPECT_GE(test.now() - asked, seconds(100));
    EXPECT_EQ(test.evictions(), 1u);
    test.cut(silent, *one, false);
    co_await test.sleep(seconds(200));
    EXPECT_EQ((co_await asking.stat("/f")).attr.size, 0u) << "it does not come back";
    EXPECT_NE((co_await one->fsync()).status, Errc::ok) << "it is told";
  }(*this));
}

// The callback is lost, so the client does not know that it is to give up its lock.
TEST_F(Eviction, WhatAnEvictedClientHadDirtyIsLostAndSaysSo) {
  run([](Eviction& test) -> sim::Task<void> {
    stripe::Mount& evicted = test.cluster_.mount(locking());
    auto one = co_await open_file(evicted, "/f", "-c 1", false);
    auto two = co_await open_file(test.cluster_.mount(locking()), "/f", "", false);
    co_await write(*one, {0, kMiB});
    const sim::TimePoint start = test.now();
    sim::TaskGroup others(test.cluster_.loop());
    test.cut(evicted, *one, true);
    others.spawn(
        [](stripe::File& file) -> sim::Task<void> {
          co_await write(file, {0, 4096});
        }(*two),
        "the other");
    co_await test.sleep(seconds(1));
    test.cut(evicted, *one, false);
    co_await test.sleep_until(start + seconds(95));
    EXPECT_EQ(evicted.write_back().dirty(), 0u) << "the old data has been written back";
    co_await write(*one, {0, 2 * kMiB});
    co_await test.sleep_until(start + seconds(101) + seconds(25));
    EXPECT_EQ(test.evictions(), 1u);
    EXPECT_EQ(evicted.context().stats.bytes_lost, 2 * kMiB);
    EXPECT_EQ((co_await one->fsync()).status, Errc::evicted);
    EXPECT_EQ((co_await one->fsync()).status, Errc::ok) << "told once";
    EXPECT_EQ(co_await writer(*one), two->last_stamp().value);
    const std::uint64_t again = co_await write(*one, {0, 4096});
    EXPECT_EQ(co_await writer(*two), again) << "it goes on";
  }(*this));
}

// Of two calls at the only slot the first finds the eviction out, and the second goes through,
// without the lock that both were made under.
TEST_F(Eviction, WhatIsFetchedWithoutALockIsNotKept) {
  run([](Eviction& test) -> sim::Task<void> {
    stripe::ClientDesign design = locking();
    design.rpcs_in_flight = 1;
    stripe::Mount& evicted = test.cluster_.mount(design);
    auto one = co_await open_file(evicted, "/f", "-c 1", false);
    auto two = co_await open_file(test.cluster_.mount(locking()), "/f", "", false);
    co_await write(*two, {0, kMiB});
    co_await write(*one, {kMiB / 2, kMiB});
    co_await one->fsync();
    const sim::TimePoint start = test.now();
    test.cut(evicted, *one, true);
    co_await write(*two, {0, kMiB});
    EXPECT_EQ(test.evictions(), 1u);
    test.cut(evicted, *one, false);
    co_await test.sleep_until(start + seconds(110));
    sim::TaskGroup calls(test.cluster_.loop());
    calls.spawn(write_in_vain(*one, {kMiB / 4 + 1000, kMiB / 4 + 2000}), "the first");
    calls.spawn(write_in_vain(*one, {1000, 2000}), "the second");
    co_await test.sleep(seconds(1));
    const std::uint64_t newer = co_await write(*two, {0, kMiB});
    EXPECT_EQ(co_await writer(*one), newer);
  }(*this));
}

// On its way while its sender is given up, it arrives when somebody else has the lock.
TEST_F(Eviction, AWriteFromBeforeTheEvictionIsRefused) {
  run([](Eviction& test) -> sim::Task<void> {
    stripe::Mount& evicted = test.cluster_.mount(locking());
    const auto node = evicted.context().endpoint.address().node;
    auto one = co_await open_file(evicted, "/f", "-c 1", false);
    auto two = co_await open_file(test.cluster_.mount(locking()), "/f", "", false);
    co_await write(*one, {0, kMiB});
    const auto ost = test.cluster_.cluster()
                         .map()
                         .osts[one->layout().components.front().objects.front().ost_index];
    test.network().slow(node, ost.node, seconds(70));
    const std::uint64_t newer = co_await write(*two, {0, kMiB});
    EXPECT_EQ((co_await two->fsync()).status, Errc::ok);
    EXPECT_EQ(test.evictions(), 1u);
    co_await test.sleep(seconds(1000));
    EXPECT_EQ(co_await writer(*two), newer);
    auto third = co_await open_file(test.cluster_.mount(locking()), "/f", "", true);
    EXPECT_EQ(co_await writer(*third), newer);
    EXPECT_GT(evicted.context().stats.bytes_lost + evicted.context().stats.bytes_unknown, 0u);
  }(*this));
}

// It was heard just before it was given up, and the ping that would have told it is lost.
TEST_F(Eviction, StaleReadsEndAPingIntervalAndAnRpcTimeOutAfterTheEviction) {
  run([](Eviction& test) -> sim::Task<void> {
    stripe::Mount& evicted = test.cluster_.mount(locking());
    auto one = co_await open_file(evicted, "/f", "-c 1", false);
    auto two = co_await open_file(test.cluster_.mount(locking()), "/f", "", false);
    const std::uint64_t old = co_await write(*two, {0, kMiB});
    co_await two->fsync();
    EXPECT_EQ(co_await writer(*one), old);
    const sim::TimePoint start = test.now();
    test.cut(evicted, *one, true);
    co_await test.sleep(milliseconds(10));
    sim::TaskGroup others(test.cluster_.loop());
    others.spawn(
        [](stripe::File& file) -> sim::Task<void> {
          co_await write(file, {0, kMiB});
        }(*two),
        "the other");
    co_await test.sleep(milliseconds(10));
    test.cut(evicted, *one, false);
    co_await test.sleep_until(start + seconds(100) + milliseconds(9));
    EXPECT_EQ(test.evictions(), 0u);
    co_await test.sleep(milliseconds(2));
    EXPECT_EQ(test.evictions(), 1u);
    const sim::TimePoint eviction = test.now();
    const std::uint64_t lost = test.network().lost();
    test.cut(evicted, *one, true);
    while (test.network().lost() == lost) {
      co_await test.sleep(milliseconds(1));
    }
    test.cut(evicted, *one, false);
    EXPECT_LE(test.now(), eviction + seconds(25));
    co_await test.sleep(seconds(100) - milliseconds(2));
    EXPECT_EQ(co_await writer(*one), old) << "it does not know yet";
    co_await test.sleep_until(eviction + seconds(125));
    EXPECT_EQ(co_await writer(*one), two->last_stamp().value);
  }(*this));
}

}  // namespace
}  // namespace scenarios
