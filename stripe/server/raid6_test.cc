#include "stripe/server/raid6.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "sim/rng.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Extent;

// 4 + 2 drives, chunks of 100 bytes, rows of 400.
constexpr RaidGeometry kRaid{4, 2, 100, 0};
// 8 + 2 drives likewise, rows of 800.
constexpr RaidGeometry kWide{8, 2, 100, 0};

RaidPieces write_of(const RaidGeometry& raid, Extent range) {
  RaidPieces pieces;
  plan_write(raid, range, pieces);
  return pieces;
}
RaidPieces read_of(const RaidGeometry& raid, Extent range) {
  RaidPieces pieces;
  plan_read(raid, range, pieces);
  return pieces;
}

// One line per piece: drive, range, and whether it is read and rewritten.
std::vector<std::string> lines(const RaidPieces& pieces) {
  std::vector<std::string> text;
  for (const RaidPiece& p : pieces) {
    text.push_back(std::to_string(p.disk) + (p.piece.rewrite ? " rewrite " : " ") +
                   std::to_string(p.piece.range.begin) + "-" + std::to_string(p.piece.range.end));
  }
  return text;
}
using Lines = std::vector<std::string>;

// The place of one byte, the plain way.
std::pair<std::uint32_t, Bytes> place_of(Bytes at) {
  return {static_cast<std::uint32_t>(at % 400 / 100), at / 400 * 100 + at % 100};
}

TEST(Raid6, EveryByteStandsWhereItsChunkAndRowSay) {
  sim::Rng rng = sim::Rng(1).split("ranges");
  for (int i = 0; i < 200; ++i) {
    const Bytes begin = rng.below(2000);
    const Extent range{begin, begin + 1 + rng.below(1500)};
    Bytes sum = 0;
    for (std::uint32_t disk = 0; disk < 4; ++disk) {
      sum += on_data_disk(kRaid, range, disk).size();
    }
    EXPECT_EQ(sum, range.size());
    for (Bytes at = range.begin; at < range.end; ++at) {
      const auto [disk, place] = place_of(at);
      EXPECT_TRUE(on_data_disk(kRaid, range, disk).contains(place)) << at;
    }
  }
}

TEST(Raid6, ReadTouchesTheDrivesOfItsDataOnly) {
  EXPECT_EQ(lines(read_of(kRaid, {150, 160})), (Lines{"1 50-60"}));
  EXPECT_EQ(lines(read_of(kRaid, {100, 201})), (Lines{"1 0-100", "2 0-1"}));
}

TEST(Raid6, LongReadIsOnePiecePerDrive) {
  EXPECT_EQ(lines(read_of(kRaid, {0, 1200})), (Lines{"0 0-300", "1 0-300", "2 0-300", "3 0-300"}));
}

TEST(Raid6, FullStripesAreWrittenWithTheirParityAndReadNothing) {
  EXPECT_EQ(lines(write_of(kRaid, {400, 1200})),
            (Lines{"0 100-300", "1 100-300", "2 100-300", "3 100-300", "4 100-300", "5 100-300"}));
}

TEST(Raid6, SmallWriteRewritesItsDataAndParity) {
  EXPECT_EQ(lines(write_of(kWide, {910, 920})),
            (Lines{"1 rewrite 110-120", "8 rewrite 110-120", "9 rewrite 110-120"}));
}

TEST(Raid6, WriteOverTwoChunksRewritesAllOfTheParityBetween) {
  EXPECT_EQ(lines(write_of(kWide, {90, 120})),
            (Lines{"0 rewrite 90-100", "1 rewrite 0-20", "8 rewrite 0-100", "9 rewrite 0-100"}));
}

TEST(Raid6, WriteOfAllButOneChunkReadsThatOneOnly) {
  EXPECT_EQ(lines(write_of(kWide, {0, 700})),
            (Lines{"0 0-100", "1 0-100", "2 0-100", "3 0-100", "4 0-100", "5 0-100", "6 0-100",
                   "7 0-100", "8 rewrite 0-100", "9 rewrite 0-100"}));
}

// Of a write of n of 8 chunks, n + 2 are read to replace them, 8 - n to reconstruct their row.
TEST(Raid6, PartialStripeReadsWhicheverIsLess) {
  for (Bytes chunks = 1; chunks < 8; ++chunks) {
    const RaidPieces pieces = write_of(kWide, {0, chunks * 100});
    EXPECT_EQ(pieces[0].piece.rewrite, chunks + 2 < 8 - chunks) << chunks;
  }
}

TEST(Raid6, ReconstructingReadsTheRestOfAChunkWrittenInPart) {
  EXPECT_EQ(lines(write_of(kRaid, {0, 330})),
            (Lines{"0 0-100", "1 0-100", "2 0-100", "3 rewrite 0-100", "4 rewrite 0-100",
                   "5 rewrite 0-100"}));
}

TEST(Raid6, WriteIsSplitIntoPartialFullAndPartialStripes) {
  EXPECT_EQ(lines(write_of(kWide, {790, 1610})),
            (Lines{"7 rewrite 90-100", "8 rewrite 90-100", "9 rewrite 90-100",  //
                   "0 100-200", "1 100-200", "2 100-200", "3 100-200", "4 100-200", "5 100-200",
                   "6 100-200", "7 100-200", "8 100-200", "9 100-200",  //
                   "0 rewrite 200-210", "8 rewrite 200-210", "9 rewrite 200-210"}));
}

TEST(Raid6, WithoutParityAPartialStripeIsJustWritten) {
  const RaidGeometry striped{4, 0, 100, 0};
  EXPECT_EQ(lines(write_of(striped, {90, 120})), (Lines{"0 90-100", "1 0-20"}));
  EXPECT_EQ(lines(write_of(striped, {0, 410})),
            (Lines{"0 0-100", "1 0-100", "2 0-100", "3 0-100", "0 100-110"}));
}

TEST(Raid6, OneByteShortOfAStripeIsPartial) {
  const auto parity_waits = [](Extent range) {
    return write_of(kRaid, range).back().piece.rewrite;
  };
  EXPECT_FALSE(parity_waits({0, 400}));
  EXPECT_TRUE(parity_waits({0, 399}));
  EXPECT_TRUE(parity_waits({1, 400}));
}

TEST(Raid6, ReadOfALostChunkReadsAsManyDrivesAsHoldData) {
  RaidGeometry raid = kRaid;
  raid.failed_disks = 1;
  EXPECT_EQ(lines(read_of(raid, {10, 20})), (Lines{"1 10-20", "2 10-20", "3 10-20", "4 10-20"}));
  raid.failed_disks = 2;
  EXPECT_EQ(lines(read_of(raid, {10, 20})), (Lines{"2 10-20", "3 10-20", "4 10-20", "5 10-20"}));
}

TEST(Raid6, ReadBesideALostDriveIsAsEver) {
  RaidGeometry raid = kRaid;
  raid.failed_disks = 1;
  EXPECT_EQ(lines(read_of(raid, {110, 120})), (Lines{"1 10-20"}));
}

TEST(Raid6, WriteToALostChunkReadsTheOthersAndRewritesParity) {
  RaidGeometry raid = kRaid;
  raid.failed_disks = 1;
  EXPECT_EQ(lines(write_of(raid, {10, 20})),
            (Lines{"1 10-20", "2 10-20", "3 10-20", "4 rewrite 10-20", "5 rewrite 10-20"}));
  EXPECT_EQ(write_of(raid, {0, 400}).size(), 5u);
}

}  // namespace
}  // namespace stripe
