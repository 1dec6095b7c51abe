#include "stripe/layout/raid0.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace stripe {
namespace {

using sim::kEof;
using sim::kKiB;
using sim::kMiB;

// Calls `law` for every small geometry: sizes 1..4 units, counts 1..5.
template <typename Law>
void for_small_geometries(Law law) {
  for (sim::Bytes size = 1; size <= 4; ++size) {
    for (std::uint32_t count = 1; count <= 5; ++count) {
      law(Raid0{size, count});
    }
  }
}

struct MapCase {
  Raid0 geometry;
  sim::Bytes offset;
  StripePosition position;
};

TEST(Raid0, MapsWorkedExamples) {
  constexpr std::array kCases = {
      MapCase{{kMiB, 4}, 0, {0, 0}},
      MapCase{{kMiB, 4}, 1048575, {0, 1048575}},
      MapCase{{kMiB, 4}, 1048576, {1, 0}},
      MapCase{{kMiB, 4}, 4194304, {0, 1048576}},
      MapCase{{kMiB, 4}, 5243003, {1, 1048699}},
      MapCase{{64 * kKiB, 1}, 1000000000, {0, 1000000000}},
      MapCase{{64 * kKiB, 3}, 65535, {0, 65535}},
      MapCase{{64 * kKiB, 3}, 196608, {0, 65536}},
      MapCase{{64 * kKiB, 3}, 1000000, {0, 344640}},
      MapCase{{4 * kMiB, 8}, 104857600, {1, 12582912}},
      MapCase{{4 * kMiB, 8}, 33554431, {7, 4194303}},
      MapCase{{kMiB, 5}, 7340033, {2, 1048577}},
      MapCase{{kMiB, 160}, 1000000000000, {74, 6249844736}},
      MapCase{{196608, 7}, 2147483648, {2, 306839552}},
      MapCase{{64 * kKiB, 2000}, 1099511627781, {1216, 549715973}},
      MapCase{{3211264, 3}, 10485760, {0, 4063232}},
  };
  for (const MapCase& c : kCases) {
    EXPECT_EQ(c.geometry.map(c.offset), c.position) << c.offset;
    EXPECT_EQ(*c.geometry.unmap(c.position.index, c.position.object_offset), c.offset);
  }
}

TEST(Raid0, UnmapUndoesMapOnEverySmallGeometry) {
  for_small_geometries([](Raid0 g) {
    for (sim::Bytes offset = 0; offset < 3 * g.width(); ++offset) {
      const StripePosition p = g.map(offset);
      EXPECT_EQ(*g.unmap(p.index, p.object_offset), offset);
    }
  });
}

TEST(Raid0, ObjectOffsetsOfAStripeAreDense) {
  for_small_geometries([](Raid0 g) {
    std::array<sim::Bytes, 5> next{};
    for (sim::Bytes offset = 0; offset < 3 * g.width(); ++offset) {
      const StripePosition p = g.map(offset);
      EXPECT_EQ(p.object_offset, next[p.index]++);
    }
  });
}

TEST(Raid0, ObjectSizeCountsTheMappedBytesBelowTheFileSize) {
  for_small_geometries([](Raid0 g) {
    std::array<sim::Bytes, 5> sizes{};
    for (sim::Bytes file_size = 0; file_size < 3 * g.width(); ++file_size) {
      for (std::uint32_t i = 0; i < g.stripe_count; ++i) {
        EXPECT_EQ(g.file_size_to_object_size(i, file_size), sizes[i]);
      }
      ++sizes[g.map(file_size).index];
    }
  });
}

TEST(Raid0, LargestFileSizeOverObjectSizesIsTheFileSize) {
  for_small_geometries([](Raid0 g) {
    for (sim::Bytes file_size = 0; file_size < 3 * g.width(); ++file_size) {
      sim::Bytes largest = 0;
      for (std::uint32_t i = 0; i < g.stripe_count; ++i) {
        largest = std::max(
            largest, *g.object_size_to_file_size(i, g.file_size_to_object_size(i, file_size)));
      }
      EXPECT_EQ(largest, file_size);
    }
  });
}

TEST(Raid0, IntersectionHoldsExactlyTheMappedBytesOfTheRange) {
  for_small_geometries([](Raid0 g) {
    for (sim::Bytes begin = 0; begin < 2 * g.width(); ++begin) {
      for (sim::Bytes end = begin; end < 2 * g.width() + 2; ++end) {
        for (std::uint32_t i = 0; i < g.stripe_count; ++i) {
          std::optional<ObjectRange> expected;
          for (sim::Bytes o = begin; o < end; ++o) {
            const StripePosition p = g.map(o);
            if (p.index == i) {
              expected = expected ? ObjectRange{expected->first, p.object_offset}
                                  : ObjectRange{p.object_offset, p.object_offset};
            }
          }
          ASSERT_EQ(g.intersects(i, {begin, end}), expected);
        }
      }
    }
  });
}

TEST(Raid0, FileSizesOfWorkedObjectSizes) {
  const Raid0 four{kMiB, 4};
  EXPECT_EQ(*four.object_size_to_file_size(0, kMiB), 1048576u);
  EXPECT_EQ(*four.object_size_to_file_size(1, kMiB), 2097152u);
  EXPECT_EQ(*four.object_size_to_file_size(3, 2097153), 11534337u);
  EXPECT_EQ(*four.object_size_to_file_size(2, 1), 2097153u);
  EXPECT_EQ(*four.object_size_to_file_size(0, 0), 0u);
  EXPECT_EQ(*(Raid0{64 * kKiB, 3}.object_size_to_file_size(2, 65537)), 327681u);
  EXPECT_EQ(*(Raid0{4 * kMiB, 8}.object_size_to_file_size(5, 10 * kMiB)), 90177536u);
  EXPECT_EQ(*(Raid0{64 * kKiB, 2000}.object_size_to_file_size(1999, 65536)), 131072000u);
}

TEST(Raid0, ObjectSizesOfWorkedFileSizes) {
  const Raid0 four{kMiB, 4};
  EXPECT_EQ(four.file_size_to_object_size(0, 5243003), 2097152u);
  EXPECT_EQ(four.file_size_to_object_size(1, 5243003), 1048699u);
  EXPECT_EQ(four.file_size_to_object_size(2, 5243003), 1048576u);
  EXPECT_EQ(four.file_size_to_object_size(3, 5243003), 1048576u);
  const Raid0 three{64 * kKiB, 3};
  EXPECT_EQ(three.file_size_to_object_size(0, 1000000), 344640u);
  EXPECT_EQ(three.file_size_to_object_size(2, 1000000), 327680u);
}

TEST(Raid0, IntersectionsOfAWorkedRange) {
  const Raid0 g{kMiB, 4};
  const sim::Extent range{524288, 3145728};
  EXPECT_EQ(g.intersects(0, range), (ObjectRange{524288, 1048575}));
  EXPECT_EQ(g.intersects(1, range), (ObjectRange{0, 1048575}));
  EXPECT_EQ(g.intersects(2, range), (ObjectRange{0, 1048575}));
  EXPECT_EQ(g.intersects(3, range), std::nullopt);
}

TEST(Raid0, EofStaysEof) {
  const Raid0 g{kMiB, 4};
  EXPECT_EQ(g.map(kEof).object_offset, kEof);
  EXPECT_EQ(*g.unmap(2, kEof), kEof);
  EXPECT_EQ(g.file_size_to_object_size(3, kEof), kEof);
  EXPECT_EQ(g.intersects(3, {0, kEof}), (ObjectRange{0, kEof}));
  EXPECT_EQ(g.intersects(1, {4 * kMiB, kEof}), (ObjectRange{kMiB, kEof}));
  EXPECT_EQ(g.intersects(1, {kEof, kEof}), std::nullopt);
}

TEST(Raid0, LastByteBelowEofSurvivesTheRoundTrip) {
  for (const Raid0 g : {Raid0{64 * kKiB, 2000}, Raid0{4 * sim::kGiB - 64 * kKiB, 2000},
                        Raid0{64 * kKiB, 1}, Raid0{3 * 64 * kKiB, 7}}) {
    const StripePosition p = g.map(kEof - 1);
    EXPECT_EQ(*g.unmap(p.index, p.object_offset), kEof - 1);
    EXPECT_EQ(*g.object_size_to_file_size(p.index, p.object_offset + 1), kEof);
  }
}

TEST(Raid0, ResultsPastEofAreRefused) {
  const Raid0 g{64 * kKiB, 4};
  const StripePosition last = g.map(kEof - 1);
  EXPECT_EQ(g.unmap(last.index, last.object_offset + 1).code(), sim::Errc::too_large);
  EXPECT_EQ(g.object_size_to_file_size(last.index, last.object_offset + 2).code(),
            sim::Errc::too_large);
  EXPECT_EQ(g.object_size_to_file_size(0, kEof).code(), sim::Errc::too_large);
  EXPECT_EQ(*(Raid0{64 * kKiB, 1}.object_size_to_file_size(0, kEof)), kEof);
}

}  // namespace
}  // namespace stripe
