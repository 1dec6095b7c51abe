// What a client brings back to a restarted server that had it on stable storage all the time.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

using sim::Errc;
using sim::kMiB;
using sim::seconds;

class StableWrite : public ::testing::Test {
 public:
  void run(sim::Task<void> task) { cluster_.run(std::move(task)); }
  auto sleep(sim::Duration span) { return sim::sleep_for(cluster_.loop(), span); }
  static sim::Task<void> write(stripe::File& file) {
    EXPECT_EQ((co_await file.write({0, kMiB})).status, Errc::ok);
  }
  SmallCluster cluster_{HardwareSpec(), NullDeviceSpec{16 * sim::kGiB}, true};
};

// A commit takes 5 s at most. The first client does not hear of it, nor of the second's write.
TEST_F(StableWrite, IsNotPutOverANewerOneByAClientThatDidNotHearOfIt) {
  run([](StableWrite& test) -> sim::Task<void> {
    Cluster& cluster = test.cluster_.cluster();
    stripe::Mount& deaf = test.cluster_.mount();
    auto one = co_await open_file(deaf, "/f", "-c 1", true);
    auto two = co_await open_file(test.cluster_.mount(), "/f", "", true);
    const std::uint32_t ost = one->layout().components.front().objects.front().ost_index;
    const transport::NodeId server = cluster.map().osts[ost].node;
    co_await write(*one);
    cluster.world().network().cut(deaf.context().endpoint.address().node, server, true);
    co_await test.sleep(seconds(6));
    co_await write(*two);
    co_await test.sleep(seconds(20));
    cluster.stop_oss(server - 1);
    cluster.world().network().cut(deaf.context().endpoint.address().node, server, false);
    co_await test.sleep(seconds(1));
    cluster.start_oss(server - 1);
    const stripe::Outcome outcome = co_await two->read({0, kMiB});
    EXPECT_EQ(outcome.status, Errc::ok);
    const std::vector<Written> all{{0, kMiB, two->last_stamp().value}};
    EXPECT_EQ(writers_of(*two, 0, outcome.data), all);
    const reports::Recovery recovery = cluster.liveness().recoveries.front();
    EXPECT_EQ(recovery.clients, 3u) << "with the MDT, which has the OST make objects";
    EXPECT_EQ(recovery.evicted, 0u);
    EXPECT_EQ(recovery.replayed_requests, 0u);
  }(*this));
}

}  // namespace
}  // namespace scenarios
