// A write that waits for its turn while its client finds out that it was evicted.
#include <gtest/gtest.h>

#include <memory>

#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

using sim::Errc;
using sim::kKiB;
using sim::kMiB;
using sim::milliseconds;
using sim::seconds;

// RPCs of 64 KiB, one at a time. No ping is due when the server gives its client up, after 100 s.
stripe::ClientDesign narrow(stripe::Dispatch dispatch = stripe::Dispatch::parallel) {
  stripe::ClientDesign design;
  design.coherence = stripe::Coherence::ldlm;
  design.max_rpc_size = 64 * kKiB;
  design.rpcs_in_flight = 1;
  design.ping_interval = seconds(30);
  design.dirty_expire = seconds(1000);
  design.dispatch = dispatch;
  return design;
}

class QueuedWrite : public ::testing::Test {
 public:
  void run(sim::Task<void> task) { cluster_->run(std::move(task)); }
  auto sleep(sim::Duration span) { return sim::sleep_for(cluster_->loop(), span); }
  auto sleep_until(sim::TimePoint when) { return sim::sleep_until(cluster_->loop(), when); }
  std::uint32_t ost_of(const stripe::File& file) const {
    return file.layout().components.front().objects.front().ost_index;
  }
  transport::Import& import_of(stripe::Mount& client, const stripe::File& file) {
    return client.lov().target(ost_of(file)).import();
  }
  transport::NodeId server_of(const stripe::File& file) {
    return cluster_->cluster().map().osts[ost_of(file)].node;
  }
  static transport::NodeId node_of(stripe::Mount& client) {
    return client.context().endpoint.address().node;
  }
  static sim::Task<void> write(stripe::File& file, sim::Extent range) {
    EXPECT_EQ((co_await file.write(range)).status, Errc::ok);
  }
  static sim::Task<void> sync(stripe::File& file, Errc& status, sim::Event& over) {
    status = (co_await file.fsync()).status;
    over.set();
  }
  // Who wrote the first 256 KiB, as somebody without locks or caches finds it.
  sim::Task<std::vector<Written>> found() {
    auto file = co_await open_file(cluster_->mount(), "/f", "", true);
    const stripe::Outcome outcome = co_await file->read({0, 256 * kKiB});
    EXPECT_EQ(outcome.status, Errc::ok);
    co_return writers_of(*file, 0, outcome.data);
  }

  // `evicted` has a lock and does not hear that it is called back. When the server has given it up,
  // `other` has written 256 KiB, and messages take 10 s each way.
  sim::Task<void> evict(stripe::Mount& evicted, stripe::File& one, stripe::File& other) {
    transport::FaultyNetwork& network = cluster_->cluster().world().network();
    sim::TaskGroup others(cluster_->loop());
    sim::Event over(cluster_->loop());
    Errc status = Errc::ok;
    network.cut(node_of(evicted), server_of(one), true);
    others.spawn(
        [](stripe::File& file, Errc& told, sim::Event& done) -> sim::Task<void> {
          co_await write(file, {0, 256 * kKiB});
          co_await sync(file, told, done);
        }(other, status, over),
        "the other");
    co_await sleep(seconds(1));
    network.cut(node_of(evicted), server_of(one), false);
    co_await over.wait();
    EXPECT_EQ(status, Errc::ok);
    EXPECT_EQ(cluster_->cluster().liveness().evictions, 1u);
    network.slow(node_of(evicted), server_of(one), seconds(10));
  }
  std::unique_ptr<SmallCluster> cluster_ = std::make_unique<SmallCluster>();
};

// The ping that tells it that its connection is gone makes it connect, which takes 20 s.
sim::Task<sim::TimePoint> notice_due(QueuedWrite& test, transport::Import& import) {
  while (import.connected()) {
    co_await test.sleep(milliseconds(1));
  }
  co_return test.cluster_->loop().now() + seconds(20) - milliseconds(2);
}

TEST_F(QueuedWrite, IsLostIfItWasQueuedJustBeforeTheEvictionIsNoticed) {
  for (const auto dispatch : {stripe::Dispatch::parallel, stripe::Dispatch::serial}) {
    cluster_ = std::make_unique<SmallCluster>();
    run([](QueuedWrite& test, stripe::Dispatch how) -> sim::Task<void> {
      stripe::Mount& evicted = test.cluster_->mount(narrow(how));
      auto one = co_await open_file(evicted, "/f", "-c 1", false);
      auto two = co_await open_file(test.cluster_->mount(narrow()), "/f", "", false);
      co_await write(*one, {0, 4096});
      co_await one->fsync();
      co_await test.evict(evicted, *one, *two);
      for (sim::Bytes at = 0; at < 256 * kKiB; at += 64 * kKiB) {
        co_await write(*one, {at, at + 4096});  // partial, so that it waits
      }
      transport::Import& import = test.import_of(evicted, *one);
      co_await test.sleep_until(co_await notice_due(test, import));
      EXPECT_EQ(import.evictions(), 0u);
      sim::TaskGroup others(test.cluster_->loop());
      sim::Event over(test.cluster_->loop());
      Errc status = Errc::ok;
      others.spawn(sync(*one, status, over), "a sync");
      co_await test.sleep(milliseconds(4));
      EXPECT_EQ(import.evictions(), 1u);
      co_await over.wait();
      EXPECT_EQ(status, Errc::evicted);
      EXPECT_EQ(evicted.context().stats.bytes_lost, 4 * 4096u);
      const std::vector<Written> all{{0, 256 * kKiB, two->last_stamp().value}};
      EXPECT_EQ(co_await test.found(), all);
    }(*this, dispatch));
  }
}

TEST_F(QueuedWrite, IsLostIfItWaitedForTheSlotOfOneThatWasUnderWay) {
  run([](QueuedWrite& test) -> sim::Task<void> {
    stripe::Mount& evicted = test.cluster_->mount(narrow());
    auto one = co_await open_file(evicted, "/f", "-c 1", false);
    auto two = co_await open_file(test.cluster_->mount(narrow()), "/f", "", false);
    co_await write(*one, {0, 4096});
    co_await one->fsync();
    co_await test.evict(evicted, *one, *two);
    for (sim::Bytes at = 0; at < 256 * kKiB; at += 64 * kKiB) {
      co_await write(*one, {at, at + 4096});
    }
    EXPECT_TRUE(test.import_of(evicted, *one).connected());
    EXPECT_NE((co_await one->fsync()).status, Errc::ok);
    const stripe::ClientStats& stats = evicted.context().stats;
    EXPECT_EQ(stats.bytes_lost + stats.bytes_unknown, 4 * 4096u);
    EXPECT_LE(stats.bytes_unknown, 4096u) << "one was under way";
    const std::vector<Written> all{{0, 256 * kKiB, two->last_stamp().value}};
    EXPECT_EQ(co_await test.found(), all);
  }(*this));
}

TEST_F(QueuedWrite, GoesOutIfItRestsOnALockFromJustAfter) {
  run([](QueuedWrite& test) -> sim::Task<void> {
    stripe::Mount& evicted = test.cluster_->mount(narrow());
    auto one = co_await open_file(evicted, "/f", "-c 1", false);
    auto two = co_await open_file(test.cluster_->mount(narrow()), "/f", "", false);
    co_await write(*one, {0, 4096});
    co_await one->fsync();
    co_await test.evict(evicted, *one, *two);
    transport::Import& import = test.import_of(evicted, *one);
    co_await test.sleep_until(co_await notice_due(test, import));
    EXPECT_EQ(import.evictions(), 0u);
    co_await test.sleep(milliseconds(4));
    EXPECT_EQ(import.evictions(), 1u);
    co_await write(*one, {0, 256 * kKiB});
    EXPECT_EQ((co_await one->fsync()).status, Errc::ok);
    EXPECT_EQ(evicted.context().stats.bytes_lost, 0u);
    const std::vector<Written> all{{0, 256 * kKiB, one->last_stamp().value}};
    EXPECT_EQ(co_await test.found(), all);
  }(*this));
}

}  // namespace
}  // namespace scenarios
