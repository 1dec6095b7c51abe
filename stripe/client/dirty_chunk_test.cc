#include "stripe/client/dirty_chunk.h"

#include <gtest/gtest.h>

#include <array>

#include "sim/rng.h"

namespace stripe {
namespace {

using sim::Bytes;
using transport::Stamp;

DirtyPiece piece(Bytes file_offset, Bytes length, std::uint64_t stamp) {
  return {file_offset, length, Stamp{stamp}};
}
using Pieces = std::map<Bytes, DirtyPiece>;

TEST(DirtyChunk, RewritingTheMiddleLeavesBothEnds) {
  DirtyChunk chunk;
  EXPECT_EQ(chunk.put(100, piece(1100, 30, 1)), 0u);
  EXPECT_EQ(chunk.put(110, piece(1110, 10, 2)), 10u);
  EXPECT_EQ(
      chunk.pieces,
      (Pieces{{100, piece(1100, 10, 1)}, {110, piece(1110, 10, 2)}, {120, piece(1120, 10, 1)}}));
  EXPECT_EQ(chunk.bytes, 30u);
}

TEST(DirtyChunk, WhatIsReplacedIsKeptIfThatIsWanted) {
  DirtyChunk chunk;
  chunk.put(100, piece(1100, 30, 1), true);
  EXPECT_TRUE(chunk.replaced.empty());
  chunk.put(110, piece(1110, 10, 2), true);
  chunk.put(115, piece(1115, 10, 3), true);
  EXPECT_EQ(chunk.replaced,
            (std::vector<DirtyPiece>{piece(1110, 10, 1), piece(1115, 5, 2), piece(1120, 5, 1)}));
  chunk.put(100, piece(1100, 30, 4));
  EXPECT_EQ(chunk.replaced.size(), 3u);
}

TEST(DirtyChunk, CoversItsPiecesInTheFile) {
  DirtyChunk chunk;
  chunk.put(10, piece(1010, 5, 1));
  chunk.put(0, piece(0, 5, 2));
  EXPECT_EQ(chunk.file, (sim::Extent{0, 1015}));
}

TEST(DirtyChunk, CutForgetsWhatLiesBehindTheEnd) {
  DirtyChunk chunk;
  chunk.put(0, piece(0, 10, 1));
  chunk.put(10, piece(100, 10, 2));
  EXPECT_EQ(chunk.cut(105), 5u);
  EXPECT_EQ(chunk.pieces, (Pieces{{0, piece(0, 10, 1)}, {10, piece(100, 5, 2)}}));
  EXPECT_EQ(chunk.cut(100), 5u);
  EXPECT_EQ(chunk.cut(0), 10u);
  EXPECT_TRUE(chunk.pieces.empty());
  EXPECT_EQ(chunk.bytes, 0u);
}

TEST(DirtyChunk, SettlingEndsAFlushWhenItIsTheLast) {
  sim::Loop loop(1);
  const auto flush = std::make_shared<Flush>(loop);
  flush->chunks = 2;
  DirtyChunk one;
  DirtyChunk two;
  one.awaited.push_back(flush);
  two.awaited.push_back(flush);
  one.settle({});
  EXPECT_EQ(flush->chunks, 1u);
  two.settle({});
  EXPECT_EQ(flush->chunks, 0u);
}

TEST(DirtyChunkLaw, HoldsWhatAnArrayOfBytesHolds) {
  constexpr std::size_t kBytes = 64;
  sim::Rng rng(1);
  DirtyChunk chunk;
  std::array<std::uint64_t, kBytes> model{};
  for (std::uint64_t stamp = 1; stamp < 3000; ++stamp) {
    const Bytes begin = rng.below(kBytes);
    const Bytes length = 1 + rng.below(std::min<Bytes>(kBytes - begin, 9));
    Bytes expected = 0;
    for (Bytes i = begin; i < begin + length; ++i) {
      expected += model[i] != 0 ? 1 : 0;
      model[i] = stamp;
    }
    ASSERT_EQ(chunk.put(begin, piece(1000 + begin, length, stamp)), expected);
    std::array<std::uint64_t, kBytes> seen{};
    Bytes total = 0;
    for (const auto& [offset, part] : chunk.pieces) {
      ASSERT_EQ(part.file_offset, 1000 + offset);
      for (Bytes i = offset; i < offset + part.length; ++i) {
        ASSERT_EQ(seen[i], 0u) << "pieces overlap";
        seen[i] = part.stamp.value;
      }
      total += part.length;
    }
    ASSERT_EQ(seen, model);
    ASSERT_EQ(chunk.bytes, total);
  }
}

TEST(DirtyChunkLaw, CountsEachPageItTouchesOnce) {
  constexpr Bytes kPage = 4 * sim::kKiB;
  constexpr std::size_t kPages = 8;
  sim::Rng rng(1);
  for (int round = 0; round < 300; ++round) {
    DirtyChunk chunk;
    std::array<bool, kPages * kPage / 1024> dirty{};  // by KiB
    for (int n = 0; n < 12; ++n) {
      const Bytes begin = rng.below(dirty.size());
      const Bytes length = 1 + rng.below(std::min<Bytes>(dirty.size() - begin, 6));
      chunk.put(begin * 1024, piece(begin * 1024, length * 1024, 1));
      std::fill_n(dirty.begin() + static_cast<std::ptrdiff_t>(begin), length, true);
      if (rng.chance(1, 12)) {
        const Bytes size = rng.below(dirty.size());
        chunk.cut(size * 1024);
        std::fill(dirty.begin() + static_cast<std::ptrdiff_t>(size), dirty.end(), false);
      }
      Bytes expected = 0;
      for (std::size_t page = 0; page < kPages; ++page) {
        const auto first = dirty.begin() + static_cast<std::ptrdiff_t>(page * kPage / 1024);
        expected += std::count(first, first + kPage / 1024, true) > 0 ? kPage : 0;
      }
      ASSERT_EQ(chunk.pages(), expected);
    }
  }
}

}  // namespace
}  // namespace stripe
