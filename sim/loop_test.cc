#include "sim/loop.h"

#include <gmock/gmock.h>

#include <vector>

namespace sim {
namespace {

using testing::ElementsAre;

// Notes its number and the time at which it fires; may post another then.
struct Note : Callback {
  Note(Loop& l, std::vector<int>& into, int n) : loop(l), log(into), number(n) {
    fire = &Note::note;
  }
  static void note(Callback& callback) {
    auto& self = static_cast<Note&>(callback);
    self.log.push_back(self.number);
    self.fired_at = self.loop.now();
    if (self.then != nullptr) {
      self.loop.post(*self.then);
    }
  }
  Loop& loop;
  std::vector<int>& log;
  int number;
  TimePoint fired_at;
  Note* then = nullptr;
};

class LoopTest : public testing::Test {
 protected:
  Loop loop_{1};
  std::vector<int> log_;
  Note one_{loop_, log_, 1};
  Note two_{loop_, log_, 2};
  Note three_{loop_, log_, 3};
};

TEST_F(LoopTest, StepMovesTimeToTheEvent) {
  loop_.at(TimePoint(30), one_);
  EXPECT_EQ(loop_.now(), TimePoint(0));
  EXPECT_TRUE(loop_.step());
  EXPECT_EQ(loop_.now(), TimePoint(30));
  EXPECT_EQ(loop_.events(), 1u);
  EXPECT_FALSE(loop_.step());
}

TEST_F(LoopTest, WhatIsPostedFiresNowAfterWhatIsDueNow) {
  one_.then = &three_;
  loop_.at(TimePoint(5), one_);
  loop_.at(TimePoint(5), two_);
  while (loop_.step()) {
  }
  EXPECT_THAT(log_, ElementsAre(1, 2, 3));
  EXPECT_EQ(three_.fired_at, TimePoint(5));
}

TEST_F(LoopTest, StepStopsAtItsLimitAndLeavesTheTimeAlone) {
  loop_.at(TimePoint(5), one_);
  EXPECT_FALSE(loop_.step(TimePoint(4)));
  EXPECT_EQ(loop_.now(), TimePoint(0));
  EXPECT_TRUE(loop_.step(TimePoint(5)));
}

TEST_F(LoopTest, CancelledCallbacksDoNotFire) {
  loop_.at(TimePoint(5), one_);
  loop_.at(TimePoint(5), two_);
  loop_.post(three_);
  loop_.cancel(TimePoint(5), one_);
  loop_.cancel(TimePoint(0), three_);
  EXPECT_EQ(loop_.pending(), 1u);
  while (loop_.step()) {
  }
  EXPECT_THAT(log_, ElementsAre(2));
}

TEST_F(LoopTest, ACancelledTimerDoesNotKeepEarlierTimesFromBeingScheduled) {
  loop_.at(TimePoint(500), one_);
  loop_.cancel(TimePoint(500), one_);
  EXPECT_FALSE(loop_.step());
  loop_.post(two_);
  EXPECT_TRUE(loop_.step());
  EXPECT_EQ(two_.fired_at, TimePoint(0));
}

TEST_F(LoopTest, NextDueIsTheEarliestPendingTime) {
  EXPECT_FALSE(loop_.next_due());
  loop_.at(TimePoint(9), one_);
  loop_.at(TimePoint(5), two_);
  EXPECT_EQ(loop_.next_due(), TimePoint(5));
  loop_.cancel(TimePoint(5), two_);
  EXPECT_EQ(loop_.next_due(), TimePoint(9));
}

TEST_F(LoopTest, AdvancingFiresEverythingDueAtTheTimeItIs) {
  one_.then = &three_;
  loop_.at(TimePoint(5), one_);
  loop_.at(TimePoint(10), two_);
  loop_.advance_to(TimePoint(10));
  EXPECT_THAT(log_, ElementsAre(1, 2, 3));
  EXPECT_EQ(one_.fired_at, TimePoint(10));
  EXPECT_EQ(loop_.now(), TimePoint(10));
}

TEST_F(LoopTest, AdvancingLeavesWhatIsNotDueYet) {
  loop_.at(TimePoint(11), one_);
  loop_.advance_to(TimePoint(10));
  EXPECT_TRUE(log_.empty());
  EXPECT_EQ(loop_.now(), TimePoint(10));
  loop_.post(two_);
  loop_.advance_to(TimePoint(11));
  EXPECT_THAT(log_, ElementsAre(2, 1));
}

TEST_F(LoopTest, TimeNeverGoesBack) {
  loop_.advance_to(TimePoint(10));
  loop_.advance_to(TimePoint(3));
  EXPECT_EQ(loop_.now(), TimePoint(10));
}

TEST_F(LoopTest, WhoeverIsCurrentIsKnownAsADaemonOrNot) {
  Root normal;
  Root daemon;
  daemon.daemon = true;
  loop_.resumed(&daemon);
  EXPECT_TRUE(loop_.current_is_daemon());
  loop_.set_current(&normal);
  EXPECT_FALSE(loop_.current_is_daemon());
  loop_.set_current(&daemon);
  EXPECT_TRUE(loop_.current_is_daemon());
  loop_.set_current(nullptr);
  EXPECT_FALSE(loop_.current_is_daemon());
}

TEST_F(LoopTest, ARootThatEndsIsCurrentNoLonger) {
  Root root;
  Root other;
  for (Root* current : {&root, &other}) {
    loop_.add(root);
    loop_.resumed(current);
    loop_.remove(root);
    EXPECT_EQ(loop_.current(), current == &root ? nullptr : &other);
  }
  loop_.set_current(nullptr);
}

std::uint64_t digest_of(std::vector<std::int64_t> times) {
  Loop loop(1);
  std::vector<int> log;
  Note note(loop, log, 0);
  for (const std::int64_t t : times) {
    loop.at(TimePoint(t), note);
  }
  while (loop.step()) {
  }
  return loop.digest().value();
}

TEST(LoopDigest, TellsRunsApartByTheTimesOfTheirEvents) {
  EXPECT_EQ(digest_of({1, 2, 3}), digest_of({3, 1, 2}));
  EXPECT_NE(digest_of({1, 2, 3}), digest_of({1, 2, 4}));
  EXPECT_NE(digest_of({1, 2}), digest_of({1, 2, 2}));
}

TEST(LoopRng, DependsOnSeedNameAndIndexOnly) {
  EXPECT_EQ(Loop(3).rng("disk", 1).next(), Loop(3).rng("disk", 1).next());
  EXPECT_NE(Loop(3).rng("disk", 1).next(), Loop(3).rng("disk", 2).next());
  EXPECT_NE(Loop(3).rng("disk").next(), Loop(3).rng("net").next());
  EXPECT_NE(Loop(3).rng("disk").next(), Loop(4).rng("disk").next());
}

TEST(LoopDeathTest, AFailedCheckTellsSeedAndTime) {
  Loop loop(77);
  loop.advance_to(TimePoint(1234));
  EXPECT_DEATH(fail_check("broken"), "seed 77, virtual time 1234 ns");
}

}  // namespace
}  // namespace sim
