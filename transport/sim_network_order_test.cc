// The modelled network delivers what one address sends to another in order, per kind class.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "sim/rng.h"
#include "transport/sim_network_test_world.h"

namespace transport {
namespace {

using sim::Duration;
using sim::TimePoint;
using testing::ElementsAre;
using SimNetworkOrderTest = SimNetworkTest;

TEST_F(SimNetworkOrderTest, ShortBulkDoesNotOvertakeLongBulk) {
  bulk(kA, kB, 4 * sim::kMiB);
  bulk(kA, kB, 4096);
  bulk(kA, kB, 4096);
  run();
  EXPECT_THAT(b.xids(), ElementsAre(1, 2, 3));
  EXPECT_EQ(b.deliveries[0].at, b.deliveries[1].at) << "it was there before, and was held";
  const Delivery& held = b.deliveries[1];
  EXPECT_EQ(held.transit.total(), held.at - TimePoint());
}

TEST_F(SimNetworkOrderTest, ControlDoesNotWaitForBulkNorOneAddressForAnother) {
  bulk(kA, kB, 4 * sim::kMiB);
  send(kA, kB, 300);
  bulk(kSecondOfA, kB, 4096);
  bulk(kA, kSecondOfB, 4096);
  run();
  EXPECT_THAT(b.xids(), ElementsAre(2, 3, 1));
  EXPECT_THAT(second_of_b.xids(), ElementsAre(4));
}

TEST_F(SimNetworkOrderTest, OrderHoldsThroughProcessorsWithSeveralCores) {
  sim::Station sender(loop, "sender", 4);
  sim::Station receiver(loop, "receiver", 4);
  network->set_cost(0, {&sender, Duration(), sim::microseconds(1)});
  network->set_cost(1, {&receiver, Duration(), sim::microseconds(1)});
  send(kA, kB, 60'000);
  send(kA, kB, 200);
  run();
  EXPECT_THAT(b.xids(), ElementsAre(1, 2));
}

TEST_F(SimNetworkOrderTest, EveryMessageArrivesOnceAndInTheOrderOfItsChannel) {
  sim::Station cpu(loop, "cpu", 3);
  network->set_cost(0, {&cpu, sim::nanoseconds(100), sim::nanoseconds(50)});
  sim::Rng rng(5);
  const Address from[] = {kA, kSecondOfA};
  const Address to[] = {kB, kSecondOfB, kA};
  for (int i = 0; i < 2000; ++i) {
    const Address receiver = to[rng.below(3)];
    const Address sender = from[rng.below(2)];
    const std::uint64_t size = 100 + rng.below(300'000);
    send(sender, receiver, size, rng.chance(1, 2) ? MessageKind::bulk_put : MessageKind::reply);
    run_until(loop.now() + sim::nanoseconds(static_cast<std::int64_t>(rng.below(200'000))));
  }
  run();
  std::size_t arrived = 0;
  for (const Inbox* inbox : {&a, &second_of_a, &b, &second_of_b}) {
    std::map<std::pair<Address, bool>, std::uint64_t> last;
    for (const Delivery& d : inbox->deliveries) {
      std::uint64_t& before = last[{d.from, d.kind == MessageKind::bulk_put}];
      EXPECT_LT(before, d.xid);
      before = d.xid;
      ++arrived;
    }
  }
  EXPECT_EQ(arrived, 2000u);
  EXPECT_EQ(network->traffic().total().messages, 2000u);
  EXPECT_EQ(network->under_way(), 0u);
}

}  // namespace
}  // namespace transport
