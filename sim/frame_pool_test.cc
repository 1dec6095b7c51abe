#include "sim/frame_pool.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>
#include <utility>
#include <vector>

namespace sim {
namespace {

TEST(FramePool, BlocksInUseDoNotOverlap) {
  std::vector<std::pair<unsigned char*, std::size_t>> blocks;
  for (const std::size_t size : {1u, 63u, 64u, 65u, 128u, 4095u, 4096u, 4097u, 9000u}) {
    for (int copy = 0; copy < 3; ++copy) {
      auto* p = static_cast<unsigned char*>(pool_allocate(size));
      std::memset(p, static_cast<int>(blocks.size()), size);
      blocks.emplace_back(p, size);
    }
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto [p, size] = blocks[i];
    for (std::size_t k = 0; k < size; ++k) {
      ASSERT_EQ(p[k], i);
    }
    pool_free(p, size);
  }
}

TEST(FramePool, AFreedBlockServesTheNextRequestOfItsClass) {
  if (!pool_in_use()) {
    GTEST_SKIP() << "this build uses the general allocator";
  }
  void* p = pool_allocate(4033);  // the largest class is (4032, 4096]
  pool_free(p, 4033);
  const std::size_t blocks = pool_blocks();
  EXPECT_EQ(pool_allocate(4096), p);
  EXPECT_EQ(pool_blocks(), blocks);
  void* smaller = pool_allocate(4032);
  EXPECT_NE(smaller, p);
  pool_free(smaller, 4032);
  pool_free(p, 4096);
}

TEST(FramePool, WhatIsTooLargeGoesToTheGeneralAllocator) {
  const std::size_t blocks = pool_blocks();
  void* p = pool_allocate(4097);
  EXPECT_EQ(pool_blocks(), blocks);
  pool_free(p, 4097);
}

TEST(FramePool, EachThreadHasItsOwn) {
  void* mine = pool_allocate(100);
  pool_free(mine, 100);
  std::size_t blocks = 0;
  std::thread other([&] {
    const std::size_t before = pool_blocks();
    pool_free(pool_allocate(100), 100);
    blocks = pool_blocks() - before;
  });
  other.join();
  EXPECT_EQ(blocks, pool_in_use() ? 1u : 0u);
}

}  // namespace
}  // namespace sim
