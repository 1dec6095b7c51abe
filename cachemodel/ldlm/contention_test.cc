#include "cachemodel/ldlm/contention.h"

#include <gtest/gtest.h>

namespace cachemodel {
namespace {

sim::TimePoint at(std::int64_t milliseconds) {
  return sim::TimePoint() + sim::milliseconds(milliseconds);
}

TEST(RequestedOverlap, OneRequestMustMeetMoreThan32) {
  ContentionDetector detector;
  detector.count(kContentionByOverlap, 32, at(0));
  detector.count(kContentionByOverlap, 32, at(1));
  EXPECT_FALSE(detector.contended(at(1)));
  detector.count(kContentionByOverlap, 33, at(1));
  EXPECT_TRUE(detector.contended(at(1)));
}

TEST(RequestedOverlap, IsHeldFor2Seconds) {
  ContentionDetector detector;
  detector.count(kContentionByOverlap, 33, at(500));
  EXPECT_TRUE(detector.contended(at(2499)));
  EXPECT_FALSE(detector.contended(at(2500)));
}

TEST(SlidingWindow, MoreThan16EventsIn4SecondsCount) {
  ContentionDetector detector;
  for (int i = 0; i < 16; ++i) {
    detector.count(kContentionByRate, 1, at(i * 200));
  }
  EXPECT_FALSE(detector.contended(at(3200)));
  detector.count(kContentionByRate, 1, at(3999));
  EXPECT_TRUE(detector.contended(at(3999)));
}

TEST(SlidingWindow, TheWindowBeforeCountsByItsOverlap) {
  // 16 events in the first window; half of them are left when half of the second has gone.
  for (const auto& [new_events, contended] : {std::pair{8u, false}, std::pair{9u, true}}) {
    ContentionDetector detector;
    detector.count(kContentionByRate, 16, at(0));
    detector.count(kContentionByRate, new_events, at(6000));
    EXPECT_EQ(detector.contended(at(6000)), contended) << new_events;
  }
}

TEST(SlidingWindow, WhatIsOlderThanTwoWindowsIsForgotten) {
  ContentionDetector detector;
  detector.count(kContentionByRate, 16, at(3999));
  detector.count(kContentionByRate, 16, at(8000));
  EXPECT_FALSE(detector.contended(at(8000)));
}

TEST(SlidingWindow, IsHeldFor30Seconds) {
  ContentionDetector detector;
  detector.count(kContentionByRate, 17, at(1000));
  EXPECT_TRUE(detector.contended(at(30999)));
  EXPECT_FALSE(detector.contended(at(31000)));
}

TEST(NoRule, NothingIsContended) {
  ContentionDetector detector;
  detector.count(ContentionOptions{}, 1000, at(0));
  EXPECT_FALSE(detector.contended(at(0)));
}

}  // namespace
}  // namespace cachemodel
