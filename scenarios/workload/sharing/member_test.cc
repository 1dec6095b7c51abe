#include "scenarios/workload/sharing/member.h"

#include <gtest/gtest.h>

#include <set>

namespace scenarios {
namespace {

using Groups = std::vector<SharingSet::Group>;

// Numbers among writers and readers are 0 .. n-1, each once; the set says how many there are.
void expect_numbered(const Groups& groups, SharingSplit split) {
  const SharingSet set(groups, split);
  std::set<std::uint32_t> writers;
  std::set<std::uint32_t> readers;
  std::uint32_t next = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::uint32_t rank = 0; rank < groups[g].ranks; ++rank) {
      const SharingMember member = set.member(g, rank);
      EXPECT_EQ(member.rank, next++);
      EXPECT_TRUE(member.writer || member.reader);
      EXPECT_TRUE(!member.writer || writers.insert(*member.writer).second);
      EXPECT_TRUE(!member.reader || readers.insert(*member.reader).second);
    }
  }
  EXPECT_EQ(set.ranks(), next);
  EXPECT_EQ(set.writers(), writers.size());
  EXPECT_EQ(set.readers(), readers.size());
  EXPECT_TRUE(writers.empty() || *writers.rbegin() == writers.size() - 1);
  EXPECT_TRUE(readers.empty() || *readers.rbegin() == readers.size() - 1);
}

TEST(SharingSet, NumbersMembersWithoutGaps) {
  constexpr SharingRole kRoles[] = {SharingRole::all, SharingRole::writer, SharingRole::reader};
  for (const SharingSplit split :
       {SharingSplit::both, SharingSplit::alternate, SharingSplit::first}) {
    for (const SharingRole a : kRoles) {
      for (const SharingRole b : kRoles) {
        for (std::uint32_t ranks = 1; ranks <= 4; ++ranks) {
          expect_numbered({{a, ranks}, {b, 3}, {SharingRole::all, 2}}, split);
        }
      }
    }
  }
}

TEST(SharingSet, RolesSayWhoWritesAndWhoReads) {
  const SharingSet set(Groups{{SharingRole::writer, 1}, {SharingRole::reader, 2}},
                       SharingSplit::both);
  EXPECT_TRUE(set.member(0, 0).writer && !set.member(0, 0).reader);
  EXPECT_TRUE(set.member(1, 1).reader && !set.member(1, 1).writer);
}

TEST(SharingSet, OfTheSplitFirstWritesTheWriterGroupOrTheFirstRank) {
  const SharingSet without(Groups{{SharingRole::reader, 1}, {SharingRole::all, 2}},
                           SharingSplit::first);
  EXPECT_TRUE(without.member(1, 0).writer);
  EXPECT_FALSE(without.member(1, 1).writer);
  const SharingSet with(Groups{{SharingRole::all, 2}, {SharingRole::writer, 1}},
                        SharingSplit::first);
  EXPECT_FALSE(with.member(0, 0).writer);
  EXPECT_TRUE(with.member(1, 0).writer);
}

}  // namespace
}  // namespace scenarios
