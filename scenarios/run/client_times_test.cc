// Times of last change: the writer's own, and what of them others are told.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

using sim::kMiB;

stripe::ClientDesign locking() {
  stripe::ClientDesign design;
  design.coherence = stripe::Coherence::ldlm;
  return design;
}

sim::Task<std::int64_t> time_told(stripe::Mount& mount) {
  const stripe::Found found = co_await mount.stat("/f");
  EXPECT_TRUE(found.outcome.ok());
  co_return found.attr.mtime_ns;
}

sim::Task<std::int64_t> write(stripe::File& file, sim::Extent range) {
  const stripe::Outcome outcome = co_await file.write(range);
  EXPECT_TRUE(outcome.ok());
  co_return outcome.mtime_ns;
}

sim::Task<void> write_back_late(SmallCluster& cluster) {
  stripe::Mount& other = cluster.mount(locking());
  auto file = co_await open_file(cluster.mount(locking()), "/f", "-c 2 -S 64k", false);
  const std::int64_t called = cluster.loop().now().ns();
  const std::int64_t written = co_await write(*file, {0, kMiB});
  EXPECT_GE(written, called);
  EXPECT_LE(written, cluster.loop().now().ns());
  const std::int64_t dirty = co_await time_told(other);
  EXPECT_EQ(dirty, written) << "its holder was asked";
  co_await sim::sleep_for(cluster.loop(), sim::seconds(3));
  static_cast<void>(co_await file->fsync());
  const std::int64_t synced = co_await time_told(other);
  EXPECT_EQ(synced, written) << "not the time when it was written back";
}
TEST(ClientTimes, AreThoseOfTheWriteWheneverItIsWrittenBack) {
  SmallCluster cluster;
  cluster.run(write_back_late(cluster));
}

sim::Task<void> cut(SmallCluster& cluster) {
  stripe::Mount& other = cluster.mount(locking());
  auto file = co_await open_file(cluster.mount(locking()), "/f", "-c 2 -S 64k", false);
  static_cast<void>(co_await write(*file, {0, kMiB}));
  co_await sim::sleep_for(cluster.loop(), sim::seconds(1));
  const std::int64_t called = cluster.loop().now().ns();
  const stripe::Outcome outcome = co_await file->truncate(100);
  EXPECT_GE(outcome.mtime_ns, called);
  const std::int64_t told = co_await time_told(other);
  EXPECT_EQ(told, outcome.mtime_ns);
}
TEST(ClientTimes, ATruncateSetsThemToo) {
  SmallCluster cluster;
  cluster.run(cut(cluster));
}

// Two clients share an object: the one's lock ends where the other's begins.
struct Shared {
  explicit Shared(SmallCluster& cluster)
      : low_client(cluster.mount(locking())), high_client(cluster.mount(locking())) {}
  // While a third holds all, both have to wait, and so none gets more than what the other leaves.
  sim::Task<void> divide(SmallCluster& cluster) {
    auto all = co_await open_file(cluster.mount(locking()), "/f", "-c 1", false);
    static_cast<void>(co_await write(*all, {0, 4096}));
    low = co_await open_file(low_client, "/f", "", false);
    high = co_await open_file(high_client, "/f", "", false);
    std::vector<sim::Task<std::int64_t>> writes;
    writes.push_back(write(*low, {0, 4096}));
    writes.push_back(write(*high, {2 * kMiB, 2 * kMiB + 4096}));
    co_await sim::when_all(cluster.loop(), writes);
    static_cast<void>(co_await low->fsync());
    static_cast<void>(co_await high->fsync());
    co_await sim::sleep_for(cluster.loop(), sim::seconds(1));
  }
  stripe::Mount& low_client;
  stripe::Mount& high_client;
  std::unique_ptr<stripe::File> low;
  std::unique_ptr<stripe::File> high;
};

sim::Task<void> rewrite(SmallCluster& cluster) {
  stripe::Mount& other = cluster.mount(locking());
  Shared shared(cluster);
  co_await shared.divide(cluster);
  const std::int64_t before = co_await time_told(other);
  const std::int64_t inside = co_await write(*shared.low, {0, 4096});
  EXPECT_GT(inside, before);
  const std::int64_t hidden = co_await time_told(other);
  EXPECT_EQ(hidden, before) << "no lock of its writer can have made the file longer";
  const std::int64_t own = co_await time_told(shared.low_client);
  EXPECT_EQ(own, inside);
  static_cast<void>(co_await shared.low->fsync());
  const std::int64_t synced = co_await time_told(other);
  EXPECT_EQ(synced, inside);
}
TEST(ClientTimes, OfWhatIsRewrittenInsideAFileAreToldWhenItIsWrittenBack) {
  SmallCluster cluster;
  cluster.run(rewrite(cluster));
}

sim::Task<void> extend(SmallCluster& cluster) {
  stripe::Mount& other = cluster.mount(locking());
  Shared shared(cluster);
  co_await shared.divide(cluster);
  const std::int64_t beyond = co_await write(*shared.high, {2 * kMiB, 2 * kMiB + 4096});
  const std::int64_t told = co_await time_told(other);
  EXPECT_EQ(told, beyond);
}
TEST(ClientTimes, OfWhoMayHaveMadeAFileLongerAreToldAtOnce) {
  SmallCluster cluster;
  cluster.run(extend(cluster));
}

}  // namespace
}  // namespace scenarios
