#include "transport/service.h"

#include <gtest/gtest.h>

#include <numeric>

#include "transport/testing/ping_world.h"

namespace transport::testing {
namespace {

ImportOptions many_calls() {
  ImportOptions options;
  options.rpcs_in_flight = 100000;
  return options;
}

void send(PingWorld& world, std::uint64_t count, sim::Duration work) {
  for (std::uint64_t i = 0; i < count; ++i) {
    PingRequest request;
    request.number = i;
    request.work = work;
    world.ping(request);
  }
}

TEST(Service, ServesNoMoreRequestsThanThreadsAtATime) {
  PingWorld world(many_calls());
  world.start_target(5);
  send(world, 23, sim::milliseconds(1));
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.target->most_under_way, 5u);
  EXPECT_EQ(world.target->finished, 23u);
  EXPECT_EQ(world.loop.now(), sim::TimePoint() + sim::milliseconds(5));
}

TEST(Service, FifoServesInOrderOfArrival) {
  PingWorld world(many_calls());
  world.start_target(2);
  send(world, 40, sim::milliseconds(1));
  ASSERT_TRUE(world.run());
  std::vector<std::uint64_t> order(40);
  std::iota(order.begin(), order.end(), 0);
  EXPECT_EQ(world.target->started, order);
}

TEST(Service, WaitingForAThreadIsChargedToTheRequestAsQueueing) {
  PingWorld world(many_calls());
  world.start_target(1);
  send(world, 3, sim::milliseconds(4));
  ASSERT_TRUE(world.run());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(world.target->times[static_cast<std::size_t>(i)].queue, sim::milliseconds(4 * i));
    EXPECT_EQ(world.replies[static_cast<std::size_t>(i)].server.queue, sim::milliseconds(4 * i));
  }
  EXPECT_EQ(world.target->service.waited(), sim::milliseconds(12));
  EXPECT_EQ(world.target->service.held(), sim::milliseconds(12));
  EXPECT_EQ(world.target->service.busy_threads(), 0u);
}

TEST(Service, HeldCountsRequestsUnderWayUpToNow) {
  PingWorld world(many_calls());
  world.start_target(2);
  send(world, 2, sim::milliseconds(10));
  while (world.loop.now() < sim::TimePoint() + sim::milliseconds(4)) {
    if (!world.loop.step(sim::TimePoint() + sim::milliseconds(4))) {
      world.loop.advance_to(sim::TimePoint() + sim::milliseconds(4));
    }
  }
  EXPECT_EQ(world.target->service.busy_threads(), 2u);
  EXPECT_EQ(world.target->service.held(), sim::milliseconds(8));
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.target->service.held(), sim::milliseconds(20));
}

TEST(Service, RequestsThatNeverWaitDoNotNest) {
  PingWorld world(many_calls());
  world.start_target(1);
  PingRequest blocking;
  blocking.work = sim::seconds(1);
  world.ping(blocking);
  send(world, 20000, sim::Duration());
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.target->most_under_way, 1u);
  EXPECT_EQ(world.target->finished, 20001u);
}

TEST(Service, LaterArrivalsDoNotOvertakeThoseThatWait) {
  PingWorld world(many_calls(), sim::milliseconds(1));
  world.start_target(1);
  send(world, 3, sim::milliseconds(1));
  world.run_for(sim::milliseconds(4));  // the second gets its thread in the instant of an arrival
  PingRequest late;
  late.number = 99;
  world.ping(late);
  ASSERT_TRUE(world.run());
  EXPECT_EQ(world.target->started, (std::vector<std::uint64_t>{0, 1, 2, 99}));
}

}  // namespace
}  // namespace transport::testing
