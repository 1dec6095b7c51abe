// When a client found out that it was evicted.
#include "transport/standings.h"

#include <gtest/gtest.h>

#include "transport/testing/ping_world.h"

namespace transport::testing {
namespace {

using sim::milliseconds;
using sim::seconds;

sim::TimePoint at(std::int64_t s) { return sim::TimePoint() + seconds(s); }
constexpr std::uint32_t kFirst = 7;

class StandingsTest : public ::testing::Test {
 protected:
  // Of a connection that has had these generations.
  void expect(std::int64_t evicted, std::uint32_t first, std::uint32_t last, std::int64_t missed,
              std::int64_t noticed) {
    const auto found = standings_.discovery_of({kClientAddress, at(evicted), first, last}, at(100));
    EXPECT_EQ(found.missed, at(missed));
    EXPECT_EQ(found.noticed, at(noticed));
  }
  Standings standings_;
};

TEST_F(StandingsTest, AStandingConnectionIsMissedWhenLostAndTheEvictionNoticedAtTheNext) {
  standings_.connected(at(1), kFirst, false);
  expect(10, kFirst, kFirst, 100, 100);
  standings_.lost(at(20));
  expect(10, kFirst, kFirst, 20, 100);
  standings_.connected(at(30), kFirst + 5, false);
  standings_.usable();
  expect(10, kFirst, kFirst, 20, 30);
  expect(40, kFirst + 5, kFirst + 5, 100, 100);
}

TEST_F(StandingsTest, OneThatWasLostBeforeIsMissedAtOnce) {
  standings_.connected(at(1), kFirst, false);
  standings_.lost(at(5));
  standings_.connected(at(30), kFirst + 1, false);
  expect(10, kFirst, kFirst, 10, 30);
}

TEST_F(StandingsTest, AConnectionThatWasGivenUpIsDiscoveredAtOnce) {
  standings_.connected(at(1), kFirst, false);
  standings_.given_up(at(9));
  standings_.connected(at(30), kFirst + 1, false);
  expect(10, kFirst, kFirst, 10, 10);
  expect(8, kFirst, kFirst, 9, 9);
}

TEST_F(StandingsTest, AConnectionThatTheClientNeverHeardOfIsDiscoveredAtOnce) {
  expect(10, kFirst, kFirst, 10, 10);
  standings_.connected(at(30), kFirst + 1, false);
  expect(10, kFirst, kFirst, 10, 10);
}

TEST_F(StandingsTest, AConnectionThatReplacedAnotherGoesOnWithItsStanding) {
  standings_.connected(at(1), kFirst, false);
  standings_.lost(at(5));
  standings_.connected(at(6), kFirst + 1, true);
  standings_.usable();
  standings_.lost(at(20));
  standings_.connected(at(21), kFirst + 9, false);
  expect(10, kFirst, kFirst + 1, 20, 21);
}

TEST_F(StandingsTest, AConnectionMayBeEndedBeforeTheClientHearsThatItIsMade) {
  standings_.connected(at(11), kFirst, false);
  standings_.lost(at(20));
  standings_.connected(at(21), kFirst + 1, false);
  expect(10, kFirst, kFirst, 20, 21);
}

TEST_F(StandingsTest, AServerThatWaitedForTheClientEndsTheStandingOfThatTime) {
  standings_.connected(at(1), kFirst, false);
  standings_.given_up(at(5));
  standings_.connected(at(6), kFirst + 1, false);
  standings_.lost(at(8));
  standings_.connected(at(30), kFirst + 9, false);
  expect(10, 0, 0, 10, 30);
  expect(31, 0, 0, 100, 100);
}

// A client that is evicted just after it was answered last.
class PingedTarget : public ::testing::Test {
 protected:
  static ImportOptions pinging() {
    ImportOptions options;
    options.ping_interval = seconds(25);
    options.timeout = seconds(7);
    return options;
  }
  PingedTarget() {
    world_.start_target(1);
    world_.ping({});
    EXPECT_TRUE(world_.run());
    world_.import.hold();
  }
  ~PingedTarget() override { world_.import.unhold(); }
  Standings::Discovery evicted() {
    world_.target->server.evict(kClientAddress);
    const Eviction eviction = world_.target->server.evicted().back();
    world_.run_for(seconds(100));
    return world_.import.standings().discovery_of(eviction, world_.loop.now());
  }
  PingWorld world_{pinging()};
};

TEST_F(PingedTarget, AnEvictionIsNoticedAtTheNextPing) {
  const sim::TimePoint last = world_.loop.now();
  const Standings::Discovery found = evicted();
  EXPECT_EQ(found.missed, last + seconds(25));
  EXPECT_EQ(found.noticed, last + seconds(25));
}

TEST_F(PingedTarget, AnEvictionIsNoticedAPingIntervalAndATimeOutLaterIfThePingIsLost) {
  const sim::TimePoint last = world_.loop.now();
  world_.network.set_filter(
      [lost = false](const Message&) mutable { return std::exchange(lost, true); });
  const Standings::Discovery found = evicted();
  EXPECT_EQ(found.missed, last + seconds(25 + 7));
  EXPECT_EQ(found.noticed, last + seconds(25 + 7));
}

// It waits for another one too, which does not come.
TEST(StandingsOfARecoveringTarget, ItIsMissedUntilCallsGoThrough) {
  PingWorld world;
  world.start_target(1);
  world.target->server.number_changes(0, 0, [] {});
  world.target->server.recover({kClientAddress, {kClientAddress.node + 7, 0}}, seconds(300));
  world.ping({});
  world.run_for(seconds(10));
  world.target->server.evict(kClientAddress);
  const Eviction eviction = world.target->server.evicted().back();
  world.run_for(seconds(1));
  const auto found = world.import.standings().discovery_of(eviction, world.loop.now());
  EXPECT_EQ(found.missed, eviction.at);
}

TEST_F(PingedTarget, AnEvictionOfAnIdleClientIsDiscoveredAtOnce) {
  world_.import.unhold();
  world_.network.set_filter([](const Message& m) { return m.header.opcode != kDisconnect; });
  world_.run_for(seconds(21));
  world_.import.hold();
  const sim::TimePoint now = world_.loop.now();
  const Standings::Discovery found = evicted();
  EXPECT_EQ(found.missed, now);
  EXPECT_EQ(found.noticed, now);
}

}  // namespace
}  // namespace transport::testing
