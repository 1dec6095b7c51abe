// What Lustre's own tests assert of read-ahead (lustre/tests/sanity.sh, 101a to 101j), of this one.
#include <gtest/gtest.h>

#include "sim/rng.h"
#include "stripe/client/client_testing.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Extent;
using sim::kKiB;
using sim::kMiB;

// One client that reads with pauses, so that a read waits only for what it asks for itself.
class Sanity101 {
 public:
  explicit Sanity101(ClientDesign design = ClientDesign()) : world(std::move(design)) {
    world.ost(0).delay = sim::milliseconds(1);
  }
  // Opens a new file of `size`.
  void open(Bytes size) {
    inode_ = world.file();
    world.fill(*inode_, size, world.stamp());
    read_ahead_.emplace(read_ahead_options(world.design));
  }
  void read(Extent range) { world.run(read_and_rest(range)); }
  void read_all(Bytes size, Bytes block) {
    for (Bytes at = 0; at < size; at += block) {
      read({at, std::min(at + block, size)});
    }
  }
  // Reads that had to wait for an OST.
  std::uint64_t misses() const { return misses_; }

  ClientWorld world;

 private:
  sim::Task<void> read_and_rest(Extent range) {
    const Outcome outcome = co_await world.pages.read(*inode_, range, *read_ahead_);
    EXPECT_EQ(outcome.bytes, range.size());
    misses_ += outcome.timeline.total() > sim::Duration() ? 1 : 0;
    co_await sim::sleep_for(world.loop, sim::seconds(1));
  }
  std::unique_ptr<Inode> inode_;
  std::optional<cachemodel::ReadAhead> read_ahead_;
  std::uint64_t misses_ = 0;
};

TEST(Sanity101a, RandomReadsDiscardAtMostAPageEach) {
  ClientDesign design;
  design.cache_size = 64 * kMiB;
  Sanity101 sanity(design);
  sanity.open(2048 * kMiB);
  sim::Rng rng(1);
  for (int i = 0; i < 10'000; ++i) {
    const Bytes at = rng.below(2048 * 16) * 64 * kKiB;
    sanity.read({at, at + 64 * kKiB});
  }
  EXPECT_LE(sanity.world.cache.unused() / (4 * kKiB), 10'000u);
}

TEST(Sanity101c, RandomReadsOf64KiBNeverBecomeSmallerRpcs) {
  Sanity101 sanity;
  sanity.open(256 * kMiB);
  sim::Rng rng(1);
  for (int i = 0; i < 500; ++i) {
    const Bytes at = rng.below(256 * 16) * 64 * kKiB;
    sanity.read({at, at + 64 * kKiB});
  }
  for (const SeenRpc& rpc : sanity.world.ost(0).seen) {
    EXPECT_GE(rpc.bytes, 64 * kKiB);
  }
}

TEST(Sanity101e, SmallFilesReadInPiecesMissRarely) {
  Sanity101 sanity;
  for (int i = 0; i < 100; ++i) {
    sanity.open(500 * kKiB);
    sanity.read_all(500 * kKiB, kKiB);
  }
  EXPECT_LT(sanity.misses(), 10'000u);
  EXPECT_EQ(sanity.misses(), 100u) << "the first read of each; the second fetches the file whole";
}

sim::Task<void> write_ten(ClientWorld& world, Inode& inode, Bytes each) {
  for (Bytes i = 0; i < 10; ++i) {
    static_cast<void>(
        co_await world.write_back.absorb(inode, {i * each, (i + 1) * each}, world.stamp()));
  }
  co_await world.write_back.flush(inode);
}

TEST(Sanity101g, ReadsAndWritesAsLargeAsAnRpcAreOneEach) {
  for (const Bytes rpc : {4 * kMiB, 8 * kMiB, 16 * kMiB}) {
    ClientDesign design;
    design.max_rpc_size = design.read_ahead.rpc_size = rpc;
    Sanity101 sanity(design);
    const auto written = sanity.world.file();
    sanity.world.run(write_ten(sanity.world, *written, rpc));
    sanity.open(10 * rpc);
    sanity.read_all(10 * rpc, rpc);
    EXPECT_EQ(sanity.world.ost(0).count(kOstWrite), 10u);
    EXPECT_EQ(sanity.world.ost(0).count(kOstRead), 10u);
    for (const SeenRpc& seen : sanity.world.ost(0).seen) {
      EXPECT_EQ(seen.bytes, rpc);
    }
  }
}

TEST(Sanity101h, OneReadAcrossAnRpcBoundaryIsOneMiss) {
  Sanity101 sanity;
  sanity.open(128 * kMiB);
  sanity.read({60 * kMiB, 70 * kMiB});
  EXPECT_EQ(sanity.misses(), 1u);
}

TEST(Sanity101i, WindowSmallerThanTheReadsMissesEachTime) {
  ClientDesign design;
  design.read_ahead.max_per_file = kMiB;
  Sanity101 sanity(design);
  sanity.open(10 * kMiB);
  sanity.read_all(10 * kMiB, 2 * kMiB);
  EXPECT_EQ(sanity.misses(), 5u);
}

TEST(Sanity101j, WithoutReadAheadEveryReadIsSlow) {
  ClientDesign design;
  design.read_ahead.enabled = false;
  for (const Bytes block : {4 * kKiB, kMiB, 16 * kMiB}) {
    Sanity101 sanity(design);
    sanity.open(16 * kMiB);
    sanity.read_all(16 * kMiB, block);
    EXPECT_EQ(sanity.misses(), 16 * kMiB / block);
  }
}

}  // namespace
}  // namespace stripe
