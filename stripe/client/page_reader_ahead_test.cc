// Reading ahead of need: what the budget and the cache allow, and what is lost.
#include <gtest/gtest.h>

#include "stripe/client/client_testing.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::kMiB;

TEST(ReadingAhead, BudgetBoundsWhatIsUnderWayAndNothingIsForgotten) {
  ClientDesign design;
  design.max_read_ahead = 8 * kMiB;
  ClientWorld world(design);
  world.ost(0).delay = sim::milliseconds(1);
  const auto inode = world.file();
  world.fill(*inode, 256 * kMiB, world.stamp());
  Reader reader(world, *inode);
  for (Bytes at = 0; at < 256 * kMiB; at += kMiB) {
    reader.read({at, at + kMiB});
    EXPECT_LE(world.pages.ahead(), 8 * kMiB);
  }
  EXPECT_EQ(world.ost(0).bytes(kOstRead), 256 * kMiB);
  EXPECT_EQ(world.ost(0).count(kOstRead), 3u + 63u) << "the first 4 MiB in three, all others full";
}

TEST(ReadingAhead, CountsAsUsedThoughNobodyKnowsTheContents) {
  ClientDesign design;
  design.cache_size = 64 * kMiB;
  ClientWorld world(design);
  const auto inode = world.file();
  world.ost(0).content(ClientWorld::object(*inode)) = transport::Payload::unknown(256 * kMiB);
  inode->known_size = 256 * kMiB;
  Reader reader(world, *inode);
  for (Bytes at = 0; at < 256 * kMiB; at += kMiB) {
    EXPECT_EQ(reader.read({at, at + kMiB}).bytes, kMiB);
  }
  EXPECT_EQ(world.cache.unused(), 0u);
}

TEST(ReadingAhead, WithoutABudgetThereIsNone) {
  ClientDesign design;
  design.max_read_ahead = 0;
  ClientWorld world(design);
  const auto inode = world.file();
  world.fill(*inode, 16 * kMiB, world.stamp());
  Reader reader(world, *inode);
  for (Bytes at = 0; at < 16 * kMiB; at += kMiB) {
    reader.read({at, at + kMiB});
  }
  EXPECT_EQ(world.ost(0).count(kOstRead), 16u);
}

TEST(ReadingAhead, SmallCacheLosesNothingOfOneStream) {
  ClientDesign design;
  design.cache_size = 64 * kMiB;
  ClientWorld world(design);
  const auto inode = world.file();
  world.fill(*inode, 512 * kMiB, world.stamp());
  Reader reader(world, *inode);
  for (Bytes at = 0; at < 512 * kMiB; at += kMiB) {
    reader.read({at, at + kMiB});
  }
  EXPECT_EQ(world.ost(0).bytes(kOstRead), 512 * kMiB);
  EXPECT_EQ(world.cache.unused(), 0u);
}

TEST(ReadingAhead, WhatWasLostBeforeItsUseClosesTheWindow) {
  ClientWorld world;
  const auto inode = world.file();
  world.fill(*inode, 64 * kMiB, world.stamp());
  Reader reader(world, *inode);
  for (Bytes at = 0; at < 4 * kMiB; at += kMiB) {
    reader.read({at, at + kMiB});
  }
  ASSERT_GT(reader.read_ahead.window(), 0u);
  world.run_for(sim::seconds(1));                               // until all of it is here
  world.cache.drop(inode->content_id(), {4 * kMiB, 5 * kMiB});  // as eviction would
  reader.read({4 * kMiB, 5 * kMiB});
  EXPECT_EQ(reader.read_ahead.window(), 0u);
}

// Eight streams want a quarter of the cache each.
TEST(ReadingAhead, WhatWasFetchedInVainIsTold) {
  ClientDesign design;
  design.cache_size = 64 * kMiB;
  ClientWorld world(design);
  std::vector<std::unique_ptr<Inode>> files;
  std::vector<Reader> readers;
  for (int i = 0; i < 8; ++i) {
    files.push_back(world.file());
    world.fill(*files.back(), 128 * kMiB, world.stamp());
    readers.emplace_back(world, *files.back());
  }
  for (Bytes at = 0; at < 128 * kMiB; at += kMiB) {
    for (Reader& reader : readers) {
      reader.read({at, at + kMiB});
    }
  }
  EXPECT_GT(world.cache.unused(), 0u);
  EXPECT_EQ(world.ost(0).bytes(kOstRead), 8 * 128 * kMiB + world.cache.unused());
}

}  // namespace
}  // namespace stripe
