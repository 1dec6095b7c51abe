// How much one RPC carries, by the design's coalescing.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"
#include "stripe/protocol/opcodes.h"

namespace scenarios {
namespace {

using sim::Bytes;
using sim::kKiB;
using sim::kMiB;
using stripe::Coalesce;
using stripe::Outcome;

struct Cost {
  std::uint64_t rpcs = 0;
  Bytes bytes = 0;
  Bytes over_fetched = 0;
  bool operator==(const Cost&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Cost& c) {
  return out << fmt::format("{} RPCs, {} B, {} B over-fetched", c.rpcs, c.bytes, c.over_fetched);
}

// What was moved to and from the OSTs so far.
Cost moved(SmallCluster& cluster, stripe::Mount& mount, transport::Opcode opcode) {
  Cost cost{cluster.requests(opcode), 0, mount.context().stats.over_fetched};
  for (const OstCounter& ost : cluster.cluster().osts()) {
    cost.bytes += ost.bytes;
  }
  return cost;
}
Cost since(const Cost& before, const Cost& now) {
  return {now.rpcs - before.rpcs, now.bytes - before.bytes, now.over_fetched - before.over_fetched};
}

stripe::ClientDesign design(Coalesce policy, std::uint32_t max_ranges = 256) {
  stripe::ClientDesign d;
  d.coalesce = policy;
  d.coalesce_limits.max_ranges = max_ranges;
  d.read_ahead.enabled = false;
  return d;
}

// Of the first 64 KiB every fourth page is in the cache when all of it is read.
sim::Task<void> read_around_islands(SmallCluster& cluster, stripe::Mount& writer,
                                    stripe::Mount& reader, Cost& cost) {
  const std::unique_ptr<stripe::File> made = co_await open_file(writer, "/f", "-c 1", true);
  static_cast<void>(co_await made->write({0, kMiB}));
  const std::uint64_t stamp = made->last_stamp().value;
  const std::unique_ptr<stripe::File> file = co_await open_file(reader, "/f", {}, false);
  for (Bytes at = 4 * kKiB; at < 64 * kKiB; at += 16 * kKiB) {
    static_cast<void>(co_await file->read({at, at + 4 * kKiB}));
  }
  const Cost before = moved(cluster, reader, stripe::kOstRead);
  const Outcome all = co_await file->read({0, 64 * kKiB});
  EXPECT_EQ(writers_of(*file, 0, all.data), (std::vector<Written>{{0, 64 * kKiB, stamp}}));
  cost = since(before, moved(cluster, reader, stripe::kOstRead));
}
Cost cost_of_reading(const stripe::ClientDesign& design) {
  SmallCluster cluster;
  Cost cost;
  stripe::Mount& writer = cluster.mount();
  cluster.run(read_around_islands(cluster, writer, cluster.mount(design), cost));
  return cost;
}

TEST(Coalescing, OfFetchesAroundCachedPages) {
  EXPECT_EQ(cost_of_reading(design(Coalesce::none)), (Cost{5, 48 * kKiB, 0}));
  EXPECT_EQ(cost_of_reading(design(Coalesce::adjacent)), (Cost{5, 48 * kKiB, 0}));
  EXPECT_EQ(cost_of_reading(design(Coalesce::read_through)), (Cost{1, 64 * kKiB, 16 * kKiB}));
  EXPECT_EQ(cost_of_reading(design(Coalesce::vector)), (Cost{1, 48 * kKiB, 0}));
  EXPECT_EQ(cost_of_reading(design(Coalesce::vector, 4)), (Cost{2, 48 * kKiB, 0}));
}

TEST(Coalescing, ReadsThroughNoHoleThatIsTooWide) {
  stripe::ClientDesign narrow = design(Coalesce::read_through);
  narrow.coalesce_limits.max_hole = 4 * kKiB;
  EXPECT_EQ(cost_of_reading(narrow), (Cost{1, 64 * kKiB, 16 * kKiB}));
  narrow.coalesce_limits.max_hole = 4 * kKiB - 1;
  EXPECT_EQ(cost_of_reading(narrow), (Cost{5, 48 * kKiB, 0}));
}

// One page at each of three places, and one beside the first.
sim::Task<void> write_islands(SmallCluster& cluster, stripe::Mount& mount, Cost& cost) {
  const std::unique_ptr<stripe::File> file = co_await open_file(mount, "/f", "-c 1", false);
  for (const Bytes at : {0 * kKiB, 4 * kKiB, 16 * kKiB, 32 * kKiB}) {
    static_cast<void>(co_await file->write({at, at + 4 * kKiB}));
  }
  const Cost before = moved(cluster, mount, stripe::kOstWrite);
  const Outcome synced = co_await file->fsync();
  EXPECT_TRUE(synced.ok());
  cost = since(before, moved(cluster, mount, stripe::kOstWrite));
  const stripe::Found found = co_await mount.stat("/f");
  EXPECT_EQ(found.attr.size, 36 * kKiB);
}
Cost cost_of_writing(const stripe::ClientDesign& design) {
  SmallCluster cluster;
  Cost cost;
  cluster.run(write_islands(cluster, cluster.mount(design), cost));
  return cost;
}

TEST(Coalescing, OfDirtyPagesWrittenBack) {
  EXPECT_EQ(cost_of_writing(design(Coalesce::none)), (Cost{4, 16 * kKiB, 0}));
  EXPECT_EQ(cost_of_writing(design(Coalesce::adjacent)), (Cost{3, 16 * kKiB, 0}));
  EXPECT_EQ(cost_of_writing(design(Coalesce::read_through)), (Cost{3, 16 * kKiB, 0}));
  EXPECT_EQ(cost_of_writing(design(Coalesce::vector)), (Cost{1, 16 * kKiB, 0}));
  EXPECT_EQ(cost_of_writing(design(Coalesce::vector, 2)), (Cost{2, 16 * kKiB, 0}));
}

}  // namespace
}  // namespace scenarios
