// Setting up thousands of clients: memory that stays in bounds, and nothing for those that idle.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "scenarios/run/run_testing.h"
#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

// The most memory that this process has had, in bytes, as Linux tells it.
sim::Bytes peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) {
      return std::strtoull(line.c_str() + std::strlen("VmHWM:"), nullptr, 10) * sim::kKiB;
    }
  }
  ADD_FAILURE() << "/proc/self/status tells no VmHWM";
  return 0;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kMemoryFactor = 4;  // of what a sanitizer keeps beside
#else
constexpr std::uint64_t kMemoryFactor = 1;
#endif

TEST(Scale, TenThousandClientsOf450OstsFitInTwoGibibytes) {
  const reports::Result result = run_text(R"({
      "name": "t", "cluster": {"hardware": "null", "osts": 450},
      "clients": [{"count": 10000, "design": {"preset": "lustre", "direct_io": true},
                   "workload": {"ior": "-r -E -k -F -t 1m -b 1m"}}],
      "layout": "-c 1 -S 1M"})",
                                          {});
  const reports::PhaseResult read = phase_of(result, "read");
  EXPECT_EQ(read.bytes, 10'000 * sim::kMiB);
  EXPECT_EQ(read.tail.ranks, 10'000u);
  EXPECT_LT(peak_memory(), kMemoryFactor * 2 * sim::kGiB);
}

sim::Task<void> work(stripe::Mount& mount) {
  const auto file = co_await open_file(mount, "/f", "-c 4 -S 1M", false);
  static_cast<void>(co_await file->write({0, 8 * sim::kMiB}));
  static_cast<void>(co_await file->fsync());
  static_cast<void>(co_await file->read({0, 8 * sim::kMiB}));
  static_cast<void>(co_await file->close());
}

// What happens in all when one client works beside `idle` others.
std::pair<std::uint64_t, std::uint64_t> events_and_digest(int idle) {
  SmallCluster cluster;
  stripe::Mount& worker = cluster.mount();
  for (int i = 0; i < idle; ++i) {
    cluster.mount();
  }
  cluster.run(work(worker));
  sim::Loop& loop = cluster.cluster().world().loop();
  return {loop.events(), loop.digest().value()};
}

TEST(Scale, IdleClientsAddNoEvent) {
  const auto alone = events_and_digest(0);
  EXPECT_GT(alone.first, 0u);
  EXPECT_EQ(events_and_digest(1000), alone);
}

}  // namespace
}  // namespace scenarios
