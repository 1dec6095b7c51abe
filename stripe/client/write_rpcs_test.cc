#include "stripe/client/write_rpcs.h"

#include <gtest/gtest.h>

namespace stripe {
namespace {

using sim::Bytes;
using sim::kKiB;

// The ranges of the RPCs for pieces of 4 KiB at these offsets of the object.
std::vector<std::vector<Niobuf>> formed(const ClientDesign& design, std::vector<Bytes> offsets) {
  WriteRpcs rpcs(design, 7);
  std::uint64_t sequence = 0;
  for (const Bytes offset : offsets) {
    rpcs.add(offset, offset + sim::kMiB, 4 * kKiB, transport::Stamp::make(1, ++sequence));
  }
  std::vector<std::vector<Niobuf>> all;
  for (const WriteRpc& rpc : rpcs.take()) {
    Bytes asked = 0;
    for (const Niobuf& range : rpc.ranges) {
      asked += range.length;
    }
    EXPECT_EQ(rpc.data.size(), asked);
    all.emplace_back(rpc.ranges.begin(), rpc.ranges.end());
  }
  return all;
}
ClientDesign design(Coalesce policy, std::uint32_t max_ranges = 256) {
  ClientDesign d;
  d.coalesce = policy;
  d.coalesce_limits.max_ranges = max_ranges;
  d.max_rpc_size = 64 * kKiB;
  return d;
}
using Rpcs = std::vector<std::vector<Niobuf>>;

const std::vector<Bytes> kOffsets = {0, 4 * kKiB, 16 * kKiB, 32 * kKiB};

TEST(WriteRpcs, NoneWritesEachPieceByItself) {
  EXPECT_EQ(formed(design(Coalesce::none), kOffsets), (Rpcs{{{0, 4 * kKiB}},
                                                            {{4 * kKiB, 4 * kKiB}},
                                                            {{16 * kKiB, 4 * kKiB}},
                                                            {{32 * kKiB, 4 * kKiB}}}));
}

TEST(WriteRpcs, AdjacentWritesWhatTouchesTogether) {
  const Rpcs expected = {{{0, 8 * kKiB}}, {{16 * kKiB, 4 * kKiB}}, {{32 * kKiB, 4 * kKiB}}};
  EXPECT_EQ(formed(design(Coalesce::adjacent), kOffsets), expected);
  EXPECT_EQ(formed(design(Coalesce::read_through), kOffsets), expected) << "never for writes";
}

TEST(WriteRpcs, VectorPutsSeveralRangesIntoOne) {
  EXPECT_EQ(formed(design(Coalesce::vector), kOffsets),
            (Rpcs{{{0, 8 * kKiB}, {16 * kKiB, 4 * kKiB}, {32 * kKiB, 4 * kKiB}}}));
  EXPECT_EQ(formed(design(Coalesce::vector, 2), kOffsets),
            (Rpcs{{{0, 8 * kKiB}, {16 * kKiB, 4 * kKiB}}, {{32 * kKiB, 4 * kKiB}}}))
      << "as many as fit";
}

TEST(WriteRpcs, NoneIsLargerThanTheLargest) {
  ClientDesign small = design(Coalesce::vector);
  small.max_rpc_size = 8 * kKiB;
  EXPECT_EQ(formed(small, kOffsets),
            (Rpcs{{{0, 8 * kKiB}}, {{16 * kKiB, 4 * kKiB}, {32 * kKiB, 4 * kKiB}}}));
}

}  // namespace
}  // namespace stripe
