#include "scenarios/workload/dxt_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

DxtAccess access(std::uint32_t rank, std::uint32_t file, bool write, int start_ms,
                 sim::Extent range) {
  DxtAccess a{rank, file, {}};
  a.segment.write = write;
  a.segment.start = sim::milliseconds(start_ms);
  a.segment.offset = range.begin;
  a.segment.length = range.size();
  return a;
}

// Ranks 0 and 1 are on one node, rank 2 on another.
DxtOrder ordered(const std::vector<DxtAccess>& accesses) {
  const std::vector<std::uint32_t> nodes = {0, 0, 1};
  return order_dxt(accesses, nodes);
}

TEST(DxtOrder, ReadWaitsForTheLastWriteOfItsBytesByAnotherRank) {
  const DxtOrder order =
      ordered({access(0, 0, true, 1, {0, 100}), access(0, 0, true, 2, {50, 60}),
               access(0, 0, true, 9, {0, 100}), access(1, 0, false, 5, {0, 100})});
  EXPECT_THAT(order.event_after, ElementsAre(Pair(1u, 0u)))
      << "the later of two covers both; what started after the read does not count";
  EXPECT_THAT(order.awaited, ElementsAre(Pair(3u, ElementsAre(0u))));
}

TEST(DxtOrder, WriteAtTheSameInstantIsWaitedFor) {
  EXPECT_THAT(ordered({access(0, 0, true, 5, {0, 10}), access(1, 0, false, 5, {0, 10})}).awaited,
              ElementsAre(Pair(1u, ElementsAre(0u))));
  EXPECT_THAT(ordered({access(0, 0, true, 6, {0, 10}), access(1, 0, false, 5, {0, 10})}).awaited,
              IsEmpty());
}

TEST(DxtOrder, NobodyWaitsForItselfOtherFilesOrBytesBeside) {
  EXPECT_THAT(ordered({access(0, 0, true, 1, {0, 10}), access(0, 0, false, 2, {0, 10}),
                       access(1, 1, false, 2, {0, 10}), access(2, 0, false, 2, {10, 20})})
                  .awaited,
              IsEmpty());
}

TEST(DxtOrder, WhatWasWaitedForIsNotWaitedForAgain) {
  const DxtOrder order =
      ordered({access(0, 0, true, 1, {0, 10}), access(0, 0, true, 2, {10, 20}),
               access(1, 0, false, 3, {10, 20}), access(1, 0, false, 4, {0, 10})});
  EXPECT_THAT(order.awaited, ElementsAre(Pair(2u, ElementsAre(0u))));
}

TEST(DxtOrder, EachWriterIsWaitedFor) {
  const DxtOrder order = ordered({access(0, 0, true, 1, {0, 10}), access(1, 0, true, 1, {10, 20}),
                                  access(2, 0, false, 3, {0, 20})});
  EXPECT_THAT(order.awaited, ElementsAre(Pair(2u, ElementsAre(0u, 1u))));
}

TEST(DxtOrder, OnlyWritesReadOnAnotherNodeAreMarked) {
  const DxtOrder order =
      ordered({access(0, 0, true, 1, {0, 10}), access(0, 1, true, 1, {0, 10}),
               access(1, 0, false, 3, {0, 10}), access(2, 1, false, 3, {0, 10})});
  EXPECT_THAT(order.read_elsewhere, ElementsAre(false, true, false, false));
}

}  // namespace
}  // namespace scenarios
