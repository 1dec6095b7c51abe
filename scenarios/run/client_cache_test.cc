// What a client's cache does to whole runs, and what becomes of it when files go.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "scenarios/run/run_testing.h"
#include "scenarios/run/small_cluster.h"
#include "stripe/protocol/opcodes.h"

namespace scenarios {
namespace {

using sim::kMiB;
using stripe::Outcome;

constexpr std::string_view kLargerThanTheCache = R"({
  "name": "t",
  "cluster": {"osts": 1, "hardware": "nvme_2023"},
  "clients": [{"design": {"page_cache": {"size": "64MiB"}},
               "workload": {"ior": "-w -r -e -t 4m -b 512m"}}]
})";

TEST(ClientCache, FileLargerThanTheCacheIsReadBackFromTheServers) {
  for (const char* ior : {"-w -r -e -t 4m -b 512m", "-w -r -e -t 1m -b 512m"}) {
    const std::string set = fmt::format("clients[0].workload.ior={}", ior);
    const auto phase = phase_of(run_text(kLargerThanTheCache, std::vector{set}), "read");
    EXPECT_EQ(phase.bytes, 512 * kMiB);
    EXPECT_GE(phase.bulk_bytes, (512 - 64) * kMiB) << ior;
    EXPECT_EQ(phase.bulk_bytes, phase.bytes + phase.over_fetched_bytes) << ior;
  }
}

TEST(ClientCache, ACallIntoTheCacheCostsItsTimeAndTheCopyOfItsBytes) {
  for (const auto& [size, copy] : {std::pair{"64", 64}, {"4k", 4096}}) {
    const std::vector<std::string> sets = {
        fmt::format("clients[0].workload.ior=-w -t {} -b 256k", size),
        // The first write would wait for a grant, and for a lock.
        "clients[0].design.grants=false", "clients[0].design.coherence=unshared",
        "cluster.overrides.client.copy_rate=1GB/s", "cluster.overrides.client.cpu_per_call=3us"};
    const auto phase = phase_of(run_text(kLargerThanTheCache, sets), "write");
    for (const reports::LatencySummary& latency : phase.latency) {
      if (latency.op == "write") {
        EXPECT_EQ(latency.min, sim::microseconds(3) + sim::nanoseconds(copy));
        EXPECT_EQ(latency.max, latency.min);
      }
    }
  }
}

// 3 MiB of dirty data of /f, which no RPC carries unless it has to.
sim::Task<std::unique_ptr<stripe::File>> write_some(stripe::Mount& mount) {
  std::unique_ptr<stripe::File> file = co_await open_file(mount, "/f", "-c 1", false);
  static_cast<void>(co_await file->write({0, 3 * kMiB}));
  EXPECT_EQ(mount.write_back().dirty(), 3 * kMiB);
  co_return std::move(file);
}

void expect_nothing_left(SmallCluster& cluster, stripe::Mount& mount) {
  EXPECT_EQ(mount.write_back().dirty(), 0u);
  EXPECT_EQ(mount.cache().cached(), 0u);
  EXPECT_EQ(cluster.requests(stripe::kOstWrite), 0u);
}

sim::Task<void> unlink_closed(SmallCluster& cluster, stripe::Mount& mount) {
  const auto file = co_await write_some(mount);
  static_cast<void>(co_await file->close());
  static_cast<void>(co_await mount.unlink("/f"));
  co_await sim::sleep_for(mount.context().loop, sim::seconds(60));
  expect_nothing_left(cluster, mount);
}
TEST(ClientCache, UnlinkDiscardsWhatWasNotWritten) {
  SmallCluster cluster;
  cluster.run(unlink_closed(cluster, cluster.mount()));
}

sim::Task<void> unlink_then_close(SmallCluster& cluster, stripe::Mount& mount) {
  const auto file = co_await write_some(mount);
  static_cast<void>(co_await mount.unlink("/f"));
  EXPECT_EQ(mount.write_back().dirty(), 3 * kMiB);
  const Outcome all = co_await file->read({0, 3 * kMiB});
  EXPECT_EQ(all.bytes, 3 * kMiB);
  static_cast<void>(co_await file->close());
  expect_nothing_left(cluster, mount);
}
TEST(ClientCache, AnUnlinkedFileKeepsItsDataUntilTheLastClose) {
  SmallCluster cluster;
  cluster.run(unlink_then_close(cluster, cluster.mount()));
}

sim::Task<void> unlink_used_elsewhere(stripe::Mount& mount, stripe::Mount& other) {
  const auto file = co_await write_some(mount);
  const auto used = co_await open_file(other, "/f", {}, true);
  static_cast<void>(co_await file->close());
  static_cast<void>(co_await mount.unlink("/f"));
  co_await sim::sleep_for(mount.context().loop, sim::seconds(60));
  const Outcome all = co_await used->read({0, 3 * kMiB});
  EXPECT_EQ(all.bytes, 3 * kMiB);
}
TEST(ClientCache, UnlinkKeepsWhatAnotherClientMayStillRead) {
  SmallCluster cluster;
  stripe::Mount& mount = cluster.mount();
  cluster.run(unlink_used_elsewhere(mount, cluster.mount()));
}

}  // namespace
}  // namespace scenarios
