// Each rule of a recovery by itself, at its bound.
#include "transport/recovery.h"

#include <gtest/gtest.h>

namespace transport {
namespace {

constexpr Address kOne{1, 1};
constexpr Address kTwo{2, 1};
constexpr sim::Duration kWindow = sim::seconds(300);

class RecoveryTest : public ::testing::Test {
 protected:
  void start(std::vector<Address> clients) {
    Recovery::Actions actions;
    actions.carry_out = [this](MessagePtr message) {
      carried_out_.push_back(message->header.transno);
    };
    actions.tell_done = [this](const Message& ping) { told_.push_back(ping.from); };
    actions.evict = [this](Address client) { evicted_.push_back(client); };
    actions.over = [this](std::vector<MessagePtr> held) { held_ = held.size(); };
    recovery_ = std::make_unique<Recovery>(loop_, std::move(clients), kWindow, std::move(actions));
    recovery_->begin();
  }
  static MessagePtr message(Address from, std::uint64_t transno = 0) {
    auto message = std::make_unique<Message>();
    message->from = from;
    message->header.transno = transno;
    return message;
  }
  void replay(Address from, std::uint64_t transno) { recovery_->replay(message(from, transno)); }
  void done(Address from, RecoveryStep step) {
    MessagePtr ping = message(from);
    auto body = std::make_unique<PingRequest>();
    body->done = step;
    ping->body = std::move(body);
    recovery_->step(std::move(ping));
  }
  void finish(Address client) {
    done(client, RecoveryStep::requests);
    done(client, RecoveryStep::locks);
  }
  void run_for(sim::Duration span) {
    const sim::TimePoint end = loop_.now() + span;
    while (loop_.step(end)) {
    }
    loop_.advance_to(end);
  }
  using Numbers = std::vector<std::uint64_t>;
  using Clients = std::vector<Address>;

  sim::Loop loop_{1};
  Numbers carried_out_;
  Clients told_;
  Clients evicted_;
  std::optional<std::size_t> held_;  // how many messages had waited, once it is over
  std::unique_ptr<Recovery> recovery_;
};

TEST_F(RecoveryTest, IsOverAtOnceIfNobodyWasKnown) {
  start({});
  EXPECT_EQ(held_, 0u);
  EXPECT_EQ(recovery_->counts().clients, 0u);
}

TEST_F(RecoveryTest, NothingIsCarriedOutBeforeAllHaveComeAndSent) {
  start({kOne, kTwo});
  recovery_->connected(kOne);
  replay(kOne, 5);
  EXPECT_EQ(carried_out_, Numbers{});
  recovery_->connected(kTwo);
  EXPECT_EQ(carried_out_, Numbers{}) << "the other may have a lower number";
  replay(kTwo, 4);
  EXPECT_EQ(carried_out_, Numbers{4});
}

TEST_F(RecoveryTest, RequestsAreCarriedOutInTheOrderOfTheirNumbersWhoeverSendsThem) {
  start({kOne, kTwo});
  recovery_->connected(kOne);
  recovery_->connected(kTwo);
  replay(kOne, 5);
  replay(kTwo, 6);
  EXPECT_EQ(carried_out_, Numbers{5}) << "one at a time";
  recovery_->replayed(kOne);
  EXPECT_EQ(carried_out_, Numbers{5}) << "the first may send a lower one than 6";
  replay(kOne, 7);
  EXPECT_EQ(carried_out_, (Numbers{5, 6}));
  recovery_->replayed(kTwo);
  done(kTwo, RecoveryStep::requests);
  EXPECT_EQ(carried_out_, (Numbers{5, 6, 7}));
  EXPECT_EQ(recovery_->counts().requests, 3u);
}

TEST_F(RecoveryTest, WhoConnectsAnewBeginsAgain) {
  start({kOne, kTwo});
  recovery_->connected(kOne);
  replay(kOne, 5);
  recovery_->connected(kOne);
  recovery_->connected(kTwo);
  done(kTwo, RecoveryStep::requests);
  EXPECT_EQ(carried_out_, Numbers{}) << "what it sent before does not count";
  replay(kOne, 5);
  EXPECT_EQ(carried_out_, Numbers{5});
}

TEST_F(RecoveryTest, LocksComeWhenAllRequestsHave) {
  start({kOne, kTwo});
  recovery_->connected(kOne);
  recovery_->connected(kTwo);
  done(kOne, RecoveryStep::requests);
  EXPECT_EQ(told_, Clients{});
  done(kTwo, RecoveryStep::requests);
  EXPECT_EQ(told_, (Clients{kOne, kTwo}));
  done(kOne, RecoveryStep::locks);
  EXPECT_FALSE(held_.has_value());
  done(kTwo, RecoveryStep::locks);
  EXPECT_EQ(held_, 0u);
}

TEST_F(RecoveryTest, WhatElseComesWaitsForTheEnd) {
  start({kOne});
  recovery_->connected(kOne);
  recovery_->hold(message(kTwo));
  recovery_->hold(message(kOne));
  run_for(sim::seconds(2));
  EXPECT_FALSE(held_.has_value());
  finish(kOne);
  EXPECT_EQ(held_, 2u);
  EXPECT_EQ(recovery_->counts().time, sim::seconds(2));
}

TEST_F(RecoveryTest, WhoDoesNotComeWithinTheWindowIsEvicted) {
  start({kOne, kTwo});
  recovery_->connected(kOne);
  finish(kOne);
  run_for(kWindow - sim::nanoseconds(1));
  EXPECT_EQ(evicted_, Clients{});
  EXPECT_FALSE(held_.has_value());
  run_for(sim::nanoseconds(1));
  EXPECT_EQ(evicted_, Clients{kTwo});
  EXPECT_EQ(held_, 0u);
  EXPECT_EQ(recovery_->counts().evicted, 1u);
}

TEST_F(RecoveryTest, WhoComesAtTheLastMomentIsWaitedForAWindowMore) {
  start({kOne, kTwo});
  recovery_->connected(kOne);
  run_for(kWindow);
  EXPECT_EQ(evicted_, Clients{kTwo}) << "only who did not come";
  run_for(kWindow - sim::nanoseconds(1));
  EXPECT_EQ(evicted_, Clients{kTwo});
  run_for(sim::nanoseconds(1));
  EXPECT_EQ(evicted_, (Clients{kTwo, kOne})) << "it came and did not come to the end";
  EXPECT_EQ(held_, 0u);
}

TEST_F(RecoveryTest, OnlyThoseWhomTheOthersWaitForAreEvicted) {
  start({kOne, kTwo});
  recovery_->connected(kOne);
  recovery_->connected(kTwo);
  replay(kOne, 5);
  replay(kTwo, 6);
  recovery_->replayed(kOne);
  run_for(kWindow);
  EXPECT_EQ(evicted_, Clients{kOne}) << "it does not say whether it has one before 6";
  EXPECT_EQ(carried_out_, (Numbers{5, 6}));
  run_for(kWindow);
  EXPECT_EQ(evicted_, Clients{kOne}) << "what is carried out ends by itself";
  recovery_->replayed(kTwo);
  finish(kTwo);
  EXPECT_EQ(held_, 0u);
}

TEST_F(RecoveryTest, WhoIsDoneIsNotEvictedForTheLocksOfOthers) {
  start({kOne, kTwo});
  recovery_->connected(kOne);
  recovery_->connected(kTwo);
  done(kOne, RecoveryStep::requests);
  done(kTwo, RecoveryStep::requests);
  done(kTwo, RecoveryStep::locks);
  run_for(kWindow);
  EXPECT_EQ(evicted_, Clients{kOne});
  EXPECT_EQ(held_, 0u);
}

TEST_F(RecoveryTest, WhoHasNotComeYetIsAbsentUntilHeIsEvicted) {
  start({kOne, kTwo});
  EXPECT_EQ(recovery_->absent(), (Clients{kOne, kTwo}));
  recovery_->connected(kTwo);
  EXPECT_EQ(recovery_->absent(), Clients{kOne});
  run_for(kWindow);
  EXPECT_EQ(recovery_->absent(), Clients{});
}

TEST_F(RecoveryTest, WhoGoesIsNotWaitedFor) {
  start({kOne, kTwo});
  recovery_->connected(kOne);
  recovery_->connected(kTwo);
  replay(kOne, 5);
  replay(kTwo, 6);
  EXPECT_EQ(carried_out_, Numbers{5});
  recovery_->gone(kOne);
  EXPECT_EQ(carried_out_, (Numbers{5, 6})) << "also if one of its was being carried out";
  recovery_->replayed(kTwo);
  finish(kTwo);
  EXPECT_EQ(held_, 0u);
}

TEST_F(RecoveryTest, AStepThatWasNotHeardIsToldAgain) {
  start({kOne});
  recovery_->connected(kOne);
  done(kOne, RecoveryStep::requests);
  done(kOne, RecoveryStep::requests);
  EXPECT_EQ(told_, (Clients{kOne, kOne}));
  done(kTwo, RecoveryStep::requests);
  EXPECT_EQ(told_.back(), kTwo) << "it is not waited for";
}

}  // namespace
}  // namespace transport
