#include "cachemodel/lease.h"

#include <gtest/gtest.h>

namespace cachemodel {
namespace {

using Breaks = std::vector<LeaseBreak>;
constexpr LeaseFile kFile{7, 1};

TEST(Leases, TheOnlyOpenerMayReadAndWriteBehind) {
  LeaseTable table;
  EXPECT_EQ(table.open(kFile, 1), Breaks());
  EXPECT_EQ(table.grant(kFile, 1), LeaseLevel::read_write);
}

TEST(Leases, ASecondOpenerTakesTheRightToWriteBehindAndGetsThatToRead) {
  LeaseTable table;
  table.open(kFile, 1);
  table.grant(kFile, 1);
  EXPECT_EQ(table.open(kFile, 2), (Breaks{{1, LeaseLevel::read}}));
  EXPECT_EQ(table.grant(kFile, 2), LeaseLevel::none) << "the break is not answered yet";
  table.lower(kFile, 1, LeaseLevel::read);
  EXPECT_EQ(table.grant(kFile, 2), LeaseLevel::read);
  EXPECT_EQ(table.level(kFile, 1), LeaseLevel::read);
}

TEST(Leases, AWriteTakesEverybodysRight) {
  LeaseTable table;
  for (const LeaseClient client : {1u, 2u, 3u}) {
    for (const LeaseBreak& b : table.open(kFile, client)) {
      table.lower(kFile, b.client, b.to);
    }
    table.grant(kFile, client);
  }
  EXPECT_EQ(table.begin_write(kFile, 2), (Breaks{{1, LeaseLevel::none}, {3, LeaseLevel::none}}));
  EXPECT_EQ(table.level(kFile, 2), LeaseLevel::none);
}

TEST(Leases, NobodyGetsARightWhileAWriteIsUnderWay) {
  LeaseTable table;
  table.open(kFile, 1);
  table.open(kFile, 2);
  table.begin_write(kFile, 1);
  EXPECT_EQ(table.grant(kFile, 2), LeaseLevel::none);
  table.end_write(kFile, 1);
  EXPECT_EQ(table.grant(kFile, 2), LeaseLevel::read);
}

TEST(Leases, AnotherOpenOfTheHolderDoesNotStandForTheAnswerToItsBreak) {
  LeaseTable table;
  table.open(kFile, 1);
  table.grant(kFile, 1);
  EXPECT_EQ(table.open(kFile, 2), (Breaks{{1, LeaseLevel::read}}));
  table.open(kFile, 1);
  EXPECT_EQ(table.grant(kFile, 1), LeaseLevel::read);
  EXPECT_EQ(table.level(kFile, 1), LeaseLevel::read_write) << "it has written nothing back yet";
  EXPECT_EQ(table.grant(kFile, 2), LeaseLevel::none);
  table.lower(kFile, 1, LeaseLevel::read);
  EXPECT_EQ(table.grant(kFile, 2), LeaseLevel::read);
}

TEST(Leases, TheLastCloseEndsThem) {
  LeaseTable table;
  table.open(kFile, 1);
  table.open(kFile, 1);
  table.grant(kFile, 1);
  EXPECT_TRUE(table.close(kFile, 1));
  EXPECT_EQ(table.level(kFile, 1), LeaseLevel::read_write);
  EXPECT_TRUE(table.close(kFile, 1));
  EXPECT_FALSE(table.close(kFile, 1));
  EXPECT_EQ(table.files(), 0u);
}

TEST(Leases, OfAClientThatWentAreGone) {
  LeaseTable table;
  table.open(kFile, 1);
  table.open(kFile, 2);
  table.begin_write(kFile, 1);
  table.forget(1);
  EXPECT_EQ(table.grant(kFile, 2), LeaseLevel::read_write);
}

}  // namespace
}  // namespace cachemodel
