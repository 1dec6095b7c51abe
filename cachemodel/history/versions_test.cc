#include "cachemodel/history/versions.h"

#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"

namespace cachemodel {
namespace {

// The versions of a script's one file.
class Placed {
 public:
  explicit Placed(const Script& script)
      : part_{&script.history, {}},
        merged_(Merged::of({&part_, 1}).value()),
        files_(merged_.files()),
        versions_(files_.front(), merged_.clocks()) {}

  std::span<const Version> of(std::uint64_t stamp) const {
    return versions_.of(versions_.find(stamp).value());
  }
  const Place& place(std::uint64_t stamp) const {
    EXPECT_EQ(of(stamp).size(), 1u);
    return of(stamp)[0].place;
  }
  bool newer(std::uint64_t a, std::uint64_t b) const { return place(a).low > place(b).high; }
  const Versions& versions() const { return versions_; }

 private:
  HistoryPart part_;
  Merged merged_;
  std::vector<FileHistory> files_;
  Versions versions_;
};

const std::uint64_t kA = stamp_of(1, 1);
const std::uint64_t kB = stamp_of(2, 1);

TEST(Versions, WhatWasAppliedTwiceStandsWhereItWasAppliedFirst) {
  Script script;
  script.write(kA, blocks(0, 1), call(0, 10));
  script.write(kB, blocks(0, 1), call(0, 10));
  script.apply(kA, blocks(0, 1), 1);
  script.apply(kB, blocks(0, 1), 2);
  script.apply(kA, blocks(0, 1), 3);
  EXPECT_TRUE(Placed(script).newer(kB, kA));
}

TEST(Versions, AWriteAppliedInPiecesHasAVersionForEach) {
  Script script;
  script.write(kA, blocks(0, 4), call(0, 10));
  script.apply(kA, blocks(2, 9), 1);
  script.apply(kA, blocks(0, 3), 2);
  const Placed placed(script);
  ASSERT_EQ(placed.of(kA).size(), 2u);
  EXPECT_EQ(placed.of(kA)[0].range, blocks(0, 2));
  EXPECT_EQ(placed.of(kA)[1].range, blocks(2, 4));
  EXPECT_GT(placed.of(kA)[0].place.low, placed.of(kA)[1].place.low);
}

TEST(Versions, AbsorbedWritesKeepTheirOrderBeforeTheAbsorber) {
  Script script;
  script.write(kA, blocks(0, 1), call(0, 1));
  script.write(kA + 1, blocks(0, 1), call(2, 3));
  script.write(kA + 2, blocks(0, 1), call(4, 5));
  script.write(kB, blocks(0, 1), call(6, 7));
  script.apply(kB, blocks(0, 1), 8);
  script.apply(kA + 2, blocks(0, 1), 9);
  const Placed placed(script);
  EXPECT_TRUE(placed.newer(kA, kB));
  EXPECT_TRUE(placed.newer(kA + 1, kA));
  EXPECT_TRUE(placed.newer(kA + 2, kA + 1));
}

TEST(Versions, OnlyTheOverlapIsAbsorbed) {
  Script script;
  script.write(kA, blocks(0, 2), call(0, 1));
  script.write(kA + 1, blocks(1, 2), call(2, 3));
  script.apply(kA + 1, blocks(1, 2), 9);
  const Placed placed(script);
  ASSERT_EQ(placed.of(kA).size(), 2u);
  EXPECT_FALSE(placed.of(kA)[0].place.exact) << "still cached";
  EXPECT_TRUE(placed.of(kA)[0].place.in_order);
  EXPECT_TRUE(placed.of(kA)[1].place.exact);
}

TEST(Versions, AnotherClientsWriteAbsorbsNothing) {
  Script script;
  script.write(kA, blocks(0, 1), call(0, 1));
  script.write(kB, blocks(0, 1), call(2, 3));
  script.apply(kB, blocks(0, 1), 9);
  EXPECT_TRUE(Placed(script).newer(kA, kB)) << "it is still cached, and comes last";
}

TEST(Versions, StillCachedWritesGoByTime) {
  for (const std::int64_t invoked : {10, 11}) {
    Script script;
    script.write(kA, blocks(0, 1), call(0, 10));
    script.write(kB, blocks(0, 1), call(invoked, 20));
    script.write(kA + 1, blocks(4, 5), call(0, 1));
    script.apply(kA + 1, blocks(4, 5), 1);
    const Placed placed(script);
    EXPECT_EQ(placed.newer(kB, kA), invoked == 11);
    EXPECT_FALSE(placed.newer(kA, kB));
  }
}

TEST(Versions, WhatIsLostFailedOrUnknownHasNoPlaceInTheOrder) {
  Script script;
  script.write(kA, blocks(0, 1), call(0, 10), Ending::failed);
  script.write(kA + 1, blocks(0, 1), call(0, 10), Ending::unknown);
  script.write(kA + 2, blocks(0, 2), call(0, 10));
  script.drop(DropCause::lost, 1, blocks(1, 2), 20, kA + 2);
  script.apply(kA + 2, blocks(0, 1), 5);
  const Placed placed(script);
  EXPECT_FALSE(placed.place(kA).in_order);
  EXPECT_FALSE(placed.place(kA + 1).in_order);
  EXPECT_EQ(placed.place(kA + 1).late, kNever);
  ASSERT_EQ(placed.of(kA + 2).size(), 2u);
  EXPECT_TRUE(placed.of(kA + 2)[0].durable);
  EXPECT_TRUE(placed.of(kA + 2)[1].lost);
  EXPECT_FALSE(placed.of(kA + 2)[1].durable);
}

TEST(Versions, StampsAreFoundAndOthersAreNot) {
  Script script;
  script.write(kA, blocks(0, 1), call(0, 10));
  const Placed placed(script);
  EXPECT_EQ(placed.versions().find(kA), 0u);
  EXPECT_EQ(placed.versions().find(kA + 1), std::nullopt);
  EXPECT_EQ(placed.versions().find(kA - 1), std::nullopt);
}

}  // namespace
}  // namespace cachemodel
