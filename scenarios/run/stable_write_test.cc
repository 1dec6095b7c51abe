// What a client brings back to a restarted server that had it on stable storage all the time, and
// what is lost if it brings nothing back.
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

// What is not stable yet: its client is silent while the restarted server waits for it.
class UnstableWrite : public StableWrite {
 public:
  stripe::Mount& mount() {
    stripe::ClientDesign design;
    design.coherence = stripe::Coherence::ldlm;
    stripe::Mount& mount = cluster_.mount(design);
    mount.context().on_loss = [this](std::uint64_t, sim::Extent, transport::Stamp stamp) {
      lost_.push_back(stamp.value);
    };
    return mount;
  }
  std::vector<std::uint64_t> lost_;
};

TEST_F(UnstableWrite, IsLostWithWhatItTookThePlaceOf) {
  run([](UnstableWrite& test) -> sim::Task<void> {
    Cluster& cluster = test.cluster_.cluster();
    stripe::Mount& silent = test.mount();
    auto one = co_await open_file(silent, "/f", "-c 1", false);
    auto two = co_await open_file(test.mount(), "/f", "", false);
    const std::uint32_t ost = one->layout().components.front().objects.front().ost_index;
    const transport::NodeId server = cluster.map().osts[ost].node;
    co_await write(*one);
    const std::uint64_t first = one->last_stamp().value;
    co_await write(*one);
    EXPECT_EQ((co_await two->read({0, kMiB})).status, Errc::ok);
    EXPECT_EQ(silent.write_back().dirty(), 0u) << "it is written";
    const transport::NodeId node = silent.context().endpoint.address().node;
    cluster.world().network().silence(node, true);
    cluster.stop_oss(server - 1);
    co_await test.sleep(seconds(1));
    cluster.start_oss(server - 1);
    co_await test.sleep(seconds(301));
    EXPECT_EQ(cluster.liveness().recoveries.front().evicted, 1u);
    EXPECT_EQ(test.lost_, std::vector<std::uint64_t>());
    cluster.world().network().silence(node, false);
    co_await test.sleep(seconds(200));
    const std::vector<std::uint64_t> both{one->last_stamp().value, first};
    EXPECT_EQ(test.lost_, both);
  }(*this));
}

}  // namespace
}  // namespace scenarios
