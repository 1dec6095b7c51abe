#include "cachemodel/readahead.h"

#include <gtest/gtest.h>

#include <ostream>
#include <vector>

namespace cachemodel {
namespace {

using sim::Bytes;
using sim::Extent;
using sim::kKiB;
using sim::kMiB;

constexpr Bytes kBig = 1024 * kMiB;

// A file handle with RPCs of 4 MiB and a window of 64 MiB, on a file of 1 GiB.
struct Handle {
  std::vector<Extent> read(Extent range, Bytes missing = sim::kEof, Bytes size = kBig) {
    read_ahead.on_read(range, size, missing);
    std::vector<Extent> all;
    while (const auto ahead = read_ahead.next()) {
      all.push_back(ahead->extent);
    }
    return all;
  }
  std::vector<Extent> read(Bytes begin, Bytes length) {
    return read(Extent{begin, begin + length});
  }

  ReadAhead read_ahead{{.max_per_file = 64 * kMiB}};
};

using All = std::vector<Extent>;

TEST(ReadAhead, BeginsWithTheSecondSequentialRead) {
  Handle handle;
  EXPECT_EQ(handle.read(0, kMiB), All());
  EXPECT_EQ(handle.read(kMiB, kMiB), (All{{2 * kMiB, 4 * kMiB}})) << "up to the end of an RPC";
}

TEST(ReadAhead, InTheMiddleOfAFileBeginsWithTheThirdRead) {
  Handle handle;
  EXPECT_EQ(handle.read(100 * kMiB, kMiB), All());
  EXPECT_EQ(handle.read(101 * kMiB, kMiB), All());
  EXPECT_EQ(handle.read(102 * kMiB, kMiB), (All{{103 * kMiB, 104 * kMiB}}));
}

TEST(ReadAhead, WindowGrowsByOneRpcWithEachReadUpToItsLimit) {
  Handle handle;
  handle.read(0, kMiB);
  for (Bytes i = 1; i <= 40; ++i) {
    handle.read(i * kMiB, kMiB);
    EXPECT_EQ(handle.read_ahead.window(), std::min<Bytes>(i * 4, 64) * kMiB);
  }
}

TEST(ReadAhead, NothingIsHandedOutTwice) {
  Handle handle;
  Bytes until = 0;
  for (Bytes i = 0; i < 200; ++i) {
    for (const Extent& ahead : handle.read(i * kMiB, kMiB)) {
      EXPECT_GE(ahead.begin, until);
      until = ahead.end;
    }
  }
  EXPECT_EQ(until, (199 + 64) * kMiB / (4 * kMiB) * 4 * kMiB);
}

TEST(ReadAhead, LooseReadsAreSequentialUpTo32KiBApart) {
  for (const auto& [gap, window] : {std::pair{32 * kKiB, 4 * kMiB}, {32 * kKiB + 1, Bytes{0}}}) {
    Handle handle;
    handle.read(0, kMiB);
    handle.read(kMiB + gap, kMiB);
    EXPECT_EQ(handle.read_ahead.window(), window) << gap;
  }
}

TEST(ReadAhead, ARandomReadClosesTheWindow) {
  Handle handle;
  handle.read(0, kMiB);
  handle.read(kMiB, kMiB);
  EXPECT_EQ(handle.read(500 * kMiB, kMiB), All());
  EXPECT_EQ(handle.read_ahead.window(), 0u);
}

TEST(ReadAhead, EndsAtTheEndOfTheFile) {
  constexpr Bytes kSize = 11 * kMiB + 5;
  Handle handle;
  handle.read({0, kMiB}, sim::kEof, kSize);
  handle.read({kMiB, 2 * kMiB}, sim::kEof, kSize);
  EXPECT_EQ(handle.read({2 * kMiB, 3 * kMiB}, sim::kEof, kSize), (All{{4 * kMiB, 8 * kMiB}}));
  EXPECT_EQ(handle.read({3 * kMiB, 4 * kMiB}, sim::kEof, kSize), (All{{8 * kMiB, kSize}}));
}

TEST(ReadAhead, SmallFileIsFetchedWholeAtTheSecondRead) {
  for (const auto& [size, whole] : {std::pair{4 * kMiB, true}, {4 * kMiB + 1, false}}) {
    Handle handle;
    EXPECT_EQ(handle.read({3 * kMiB, 3 * kMiB + 1}, sim::kEof, size), All());
    EXPECT_EQ(handle.read({kMiB, kMiB + 1}, sim::kEof, size), whole ? (All{{0, 4 * kMiB}}) : All());
  }
}

TEST(ReadAhead, SwitchedOffFetchesNothing) {
  ReadAhead off({.enabled = false});
  for (Bytes i = 0; i < 4; ++i) {
    off.on_read({i * kMiB, (i + 1) * kMiB}, kBig);
    EXPECT_FALSE(off.next());
  }
}

TEST(ReadAhead, MissInsideTheWindowMakesItStartAgain) {
  Handle handle;
  for (Bytes i = 0; i < 8; ++i) {
    handle.read(i * kMiB, kMiB);
  }
  EXPECT_EQ(handle.read({8 * kMiB, 9 * kMiB}, 8 * kMiB), All()) << "8 MiB was fetched ahead";
  EXPECT_EQ(handle.read_ahead.window(), 0u);
  handle.read(9 * kMiB, kMiB);
  EXPECT_EQ(handle.read(10 * kMiB, kMiB), (All{{11 * kMiB, 12 * kMiB}}));
}

TEST(ReadAhead, MissOutsideTheWindowIsNone) {
  Handle handle;
  handle.read(0, kMiB);
  handle.read({kMiB, 2 * kMiB}, kMiB);  // nothing was fetched ahead yet
  EXPECT_EQ(handle.read_ahead.window(), 4 * kMiB);
  handle.read({2 * kMiB, 6 * kMiB}, 4 * kMiB);  // fetched ahead up to 4 MiB
  EXPECT_EQ(handle.read_ahead.window(), 8 * kMiB);
}

TEST(ReadAhead, WhatWasRefusedIsAskedForAgain) {
  Handle handle;
  handle.read(0, kMiB);
  handle.read(kMiB, kMiB);
  handle.read_ahead.on_read({2 * kMiB, 3 * kMiB}, kBig);
  const auto first = handle.read_ahead.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->extent, (Extent{4 * kMiB, 8 * kMiB}));
  handle.read_ahead.refuse(*first);
  EXPECT_FALSE(handle.read_ahead.next()) << "refused for this read";
  EXPECT_EQ(handle.read(3 * kMiB, kMiB), (All{{4 * kMiB, 8 * kMiB}, {8 * kMiB, 12 * kMiB}}));
}

TEST(ReadAhead, OnlyWhatFillsTheReadsOwnRpcIsDue) {
  ReadAhead read_ahead({});
  read_ahead.on_read({0, kMiB}, kBig);
  read_ahead.on_read({kMiB, 2 * kMiB}, kBig);
  EXPECT_TRUE(read_ahead.next()->due);
  EXPECT_FALSE(read_ahead.next());
  read_ahead.on_read({2 * kMiB, 3 * kMiB}, kBig);
  EXPECT_FALSE(read_ahead.next()->due) << "it begins an RPC";
}

// Runs of 1 MiB, 10 MiB from begin to begin, each read in two halves. What the last one fetches.
All read_runs(Handle& handle, Bytes from, Bytes to) {
  All last;
  for (Bytes run = from; run < to; ++run) {
    last = handle.read(run * 10 * kMiB, kMiB / 2);
    const All more = handle.read(run * 10 * kMiB + kMiB / 2, kMiB / 2);
    last.insert(last.end(), more.begin(), more.end());
  }
  return last;
}

TEST(ReadAhead, ThirdRunOfAStrideTurnsItOn) {
  Handle handle;
  read_runs(handle, 0, 2);
  EXPECT_FALSE(handle.read_ahead.striding());
  read_runs(handle, 2, 3);
  EXPECT_TRUE(handle.read_ahead.striding());
}

TEST(ReadAhead, StrideFetchesRunsOnly) {
  Handle handle;
  read_runs(handle, 0, 3);
  Bytes runs = 0;
  for (const Extent& ahead : read_runs(handle, 3, 4)) {
    EXPECT_EQ(ahead.begin % (10 * kMiB), 0u);
    EXPECT_EQ(ahead.size(), kMiB);
    ++runs;
  }
  EXPECT_GT(runs, 0u);
}

TEST(ReadAhead, StrideCountsUsefulBytesAgainstTheWindow) {
  Handle handle;
  read_runs(handle, 0, 20);
  const All ahead = read_runs(handle, 20, 21);
  EXPECT_EQ(handle.read_ahead.window(), 64 * kMiB);
  ASSERT_FALSE(ahead.empty());
  EXPECT_EQ(ahead.back().begin, (20 + 64) * 10 * kMiB) << "as many runs of 1 MiB";
}

TEST(ReadAhead, AnotherGapEndsTheStride) {
  Handle handle;
  read_runs(handle, 0, 5);
  handle.read(500 * kMiB, kMiB);
  EXPECT_FALSE(handle.read_ahead.striding());
  EXPECT_EQ(handle.read_ahead.window(), 0u);
}

TEST(ReadAhead, SequentialReadsEndAStrideAndOpenTheirOwnWindow) {
  Handle handle;
  read_runs(handle, 0, 5);
  ASSERT_TRUE(handle.read_ahead.striding());
  handle.read(41 * kMiB, kMiB / 2);  // where the gap of the stride would be
  EXPECT_FALSE(handle.read_ahead.striding());
  for (Bytes at = 83; at < 400; ++at) {
    handle.read(at * kMiB / 2, kMiB / 2);
  }
  EXPECT_EQ(handle.read_ahead.window(), 64 * kMiB);
  EXPECT_EQ(handle.read(200 * kMiB, kMiB / 2), (All{{260 * kMiB, 264 * kMiB}}));
}

TEST(ReadAhead, MissInAStrideKeepsTheStride) {
  Handle handle;
  read_runs(handle, 0, 5);
  handle.read({50 * kMiB, 50 * kMiB + kMiB / 2}, 50 * kMiB);
  EXPECT_EQ(handle.read_ahead.window(), 0u);
  EXPECT_TRUE(handle.read_ahead.striding());
}

}  // namespace
}  // namespace cachemodel
