// Which clients a server knows: connections, evictions, silence.
#include <gtest/gtest.h>

#include "transport/testing/raw_client.h"

namespace transport::testing {
namespace {

TEST_F(RawClient, IsToldWhetherWhatItHadIsStillThere) {
  const std::uint32_t first = connect();
  EXPECT_FALSE(told().known) << "it had nothing";
  const std::uint32_t second = connect(first);
  EXPECT_TRUE(told().known);
  world_.target->server.evict(kAddress);
  connect(second);
  EXPECT_FALSE(told().known);
  EXPECT_EQ(world_.target->server.evictions(), 1u);
}

TEST_F(RawClient, IsStillKnownIfItDidNotHearOfItsLastConnections) {
  const std::uint32_t first = connect();
  const std::uint32_t second = connect(first);
  const std::uint32_t third = connect(first);  // the answer was lost
  EXPECT_TRUE(told().known);
  connect(third);
  EXPECT_TRUE(told().known);
  connect(second);
  EXPECT_FALSE(told().known) << "it had a later one already";
}

TEST_F(RawClient, IsNotKnownByAConnectionFromBeforeItsEvictionWhateverItHeardSince) {
  const std::uint32_t first = connect();
  world_.target->server.evict(kAddress);
  connect(first);
  EXPECT_FALSE(told().known);
  const std::uint32_t third = connect(first);  // it has not heard that it was evicted
  EXPECT_FALSE(told().known);
  connect(third);
  EXPECT_TRUE(told().known);
}

TEST_F(RawClient, IsEvictedWhenItSaysNothingForTooLong) {
  world_.target->server.evict_silent(sim::seconds(150));
  const std::uint32_t generation = connect();  // a second passes
  world_.run_for(sim::seconds(149) - sim::Duration(1));
  EXPECT_EQ(world_.target->server.evictions(), 0u);
  world_.run_for(sim::Duration(1));
  EXPECT_EQ(world_.target->server.evictions(), 1u);
  send(MessageKind::request, kPing, 5, generation, std::make_unique<PingRequest>());
  EXPECT_EQ(listener_.messages.back()->header.status, sim::Errc::bad_handle);
}

TEST_F(RawClient, IsNotEvictedAsLongAsItPings) {
  world_.target->server.evict_silent(sim::seconds(150));
  const std::uint32_t generation = connect();
  for (int i = 0; i < 10; ++i) {
    world_.run_for(sim::seconds(148));
    send(MessageKind::request, transport::kPing, 9, generation,
         std::make_unique<transport::PingRequest>());
    EXPECT_EQ(listener_.messages.back()->header.status, sim::Errc::ok);
  }
  EXPECT_EQ(world_.target->server.evictions(), 0u);
}

}  // namespace
}  // namespace transport::testing
