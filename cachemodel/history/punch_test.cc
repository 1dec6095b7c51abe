// Zeros that were written: truncates and punches.
#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"

namespace cachemodel {
namespace {

const std::uint64_t kA = stamp_of(1, 1);
const std::uint64_t kCut = stamp_of(1, 2);

// Eight blocks, of which a truncate, acknowledged at 30, leaves two.
Script truncated(bool logged) {
  Script script;
  script.write(kA, blocks(0, 8), call(0, 10));
  script.truncate(kCut, 2 * kBlock, call(20, 30));
  if (logged) {
    script.apply(kA, blocks(0, 8), 5);
    script.apply(kCut, {2 * kBlock, sim::kEof}, 25);
  }
  return script;
}

TEST(Punch, ZerosAreNewBehindATruncateAndStaleBeforeIt) {
  for (const bool logged : {false, true}) {
    Script script = truncated(logged);
    script.read(3, blocks(0, 8), 0, call(40, 50));
    EXPECT_EQ(script.check().blocks.total.stale, 2u);
  }
}

TEST(Punch, DataFromBeforeATruncateIsStale) {
  for (const bool logged : {false, true}) {
    Script script = truncated(logged);
    script.read(3, blocks(0, 8), kA, call(30, 50));
    EXPECT_EQ(script.check().blocks.total.stale, 0u);
    script.read(3, blocks(0, 8), kA, call(31, 50));
    EXPECT_EQ(script.check().blocks.total.stale, 6u);
  }
}

TEST(Punch, ZerosAreStaleOnceWrittenOver) {
  for (const bool logged : {false, true}) {
    Script script = truncated(logged);
    script.write(kA + 9, blocks(4, 5), call(40, 50));
    if (logged) {
      script.apply(kA + 9, blocks(4, 5), 45);
    }
    script.read(3, blocks(2, 8), 0, call(50, 60));
    EXPECT_EQ(script.check().blocks.total.stale, 0u);
    script.read(3, blocks(2, 8), 0, call(51, 60));
    EXPECT_EQ(script.check().blocks.total.stale, 1u);
  }
}

TEST(Punch, ATruncateBegunBeforeTheReadReturnedMayExplainItsZeros) {
  for (const std::int64_t returned : {19, 20}) {
    Script script = truncated(true);
    script.read(3, blocks(2, 8), 0, call(11, returned));
    EXPECT_EQ(script.check().blocks.total.stale, returned == 20 ? 0u : 6u);
  }
}

TEST(Punch, AFailedTruncateExplainsNothing) {
  Script script;
  script.write(kA, blocks(0, 8), call(0, 10));
  script.write(kCut, {0, sim::kEof}, call(20, 30), [](WriteEvent& e) {
    e.zeros = true;
    e.ending = Ending::failed;
  });
  script.read(3, blocks(0, 8), 0, call(40, 50));
  EXPECT_EQ(script.check().blocks.total.stale, 8u);
}

TEST(Punch, NoReadShowsThePunchsStamp) {
  Script script = truncated(true);
  script.read(3, blocks(2, 3), kCut, call(40, 50));
  EXPECT_EQ(script.check().blocks.impossible, 1u);
}

}  // namespace
}  // namespace cachemodel
