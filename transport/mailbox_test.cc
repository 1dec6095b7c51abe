#include "transport/mailbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace transport {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Writes down what it hears as "m<xid>" and "lost<node>".
struct Listener : Receiver {
  std::vector<std::string> heard;
  std::function<void()> reaction;
  void receive(MessagePtr message) override { note("m" + std::to_string(message->header.xid)); }
  void disconnected(NodeId peer) override { note("lost" + std::to_string(peer)); }
  void note(std::string what) {
    heard.push_back(std::move(what));
    if (reaction) {
      reaction();
    }
  }
};

MessagePtr message_to(Address to, std::uint64_t xid) {
  auto message = std::make_unique<Message>();
  message->to = to;
  message->header.xid = xid;
  return message;
}

void run(sim::Loop& loop) {
  while (loop.step()) {
  }
}

struct MailboxTest : ::testing::Test {
  sim::Loop loop{1};
  Mailbox mailbox{loop};
  Listener listener;
};

TEST_F(MailboxTest, NothingIsHandedOverInline) {
  mailbox.attach({1, 1}, listener);
  mailbox.deliver(message_to({1, 1}, 5));
  EXPECT_THAT(listener.heard, IsEmpty());
  run(loop);
  EXPECT_THAT(listener.heard, ElementsAre("m5"));
}

TEST_F(MailboxTest, MessagesAndLossesKeepTheirOrder) {
  mailbox.attach({1, 1}, listener);
  mailbox.deliver(message_to({1, 1}, 1));
  mailbox.report_lost(1, 9);
  mailbox.deliver(message_to({1, 1}, 2));
  run(loop);
  EXPECT_THAT(listener.heard, ElementsAre("m1", "lost9", "m2"));
}

TEST_F(MailboxTest, LossesThatFollowEachOtherAreOne) {
  mailbox.attach({1, 1}, listener);
  mailbox.report_lost(1, 9);
  mailbox.report_lost(1, 9);
  mailbox.report_lost(1, 8);
  mailbox.report_lost(1, 9);
  run(loop);
  EXPECT_THAT(listener.heard, ElementsAre("lost9", "lost8", "lost9"));
}

TEST_F(MailboxTest, ALossIsToldToEveryAddressOfItsNodeOnly) {
  Listener second;
  Listener elsewhere;
  mailbox.attach({1, 0}, listener);
  mailbox.attach({1, 0xFFFFFFFF}, second);
  mailbox.attach({2, 0}, elsewhere);
  mailbox.report_lost(1, 9);
  run(loop);
  EXPECT_THAT(listener.heard, ElementsAre("lost9"));
  EXPECT_THAT(second.heard, ElementsAre("lost9"));
  EXPECT_THAT(elsewhere.heard, IsEmpty());
}

TEST_F(MailboxTest, MessagesToADetachedAddressAreDroppedThoseOnTheWayIncluded) {
  mailbox.attach({1, 1}, listener);
  mailbox.deliver(message_to({1, 1}, 1));
  mailbox.detach({1, 1});
  mailbox.deliver(message_to({1, 1}, 2));
  run(loop);
  EXPECT_THAT(listener.heard, IsEmpty());
  EXPECT_EQ(mailbox.dropped(), 2u);
}

TEST_F(MailboxTest, WhoHearsOfALossMayDetachOthers) {
  Listener second;
  mailbox.attach({1, 1}, listener);
  mailbox.attach({1, 2}, second);
  listener.reaction = [&] { mailbox.detach({1, 2}); };
  mailbox.report_lost(1, 9);
  run(loop);
  EXPECT_THAT(second.heard, IsEmpty());
}

TEST_F(MailboxTest, WhatAReceiverPutsInComesInAnEventOfItsOwn) {
  mailbox.attach({1, 1}, listener);
  listener.reaction = [&] {
    if (listener.heard.size() < 3) {
      mailbox.deliver(message_to({1, 1}, 10 + listener.heard.size()));
    }
  };
  mailbox.deliver(message_to({1, 1}, 1));
  EXPECT_TRUE(loop.step());
  EXPECT_THAT(listener.heard, ElementsAre("m1"));
  run(loop);
  EXPECT_THAT(listener.heard, ElementsAre("m1", "m11", "m12"));
}

TEST_F(MailboxTest, OnlyWhatIsHandedOverCountsAsTraffic) {
  mailbox.attach({1, 1}, listener);
  mailbox.deliver(message_to({1, 1}, 1));
  mailbox.deliver(message_to({1, 2}, 2));
  EXPECT_EQ(mailbox.traffic().total().messages, 0u);
  run(loop);
  EXPECT_EQ(mailbox.traffic().total(), (Traffic{1, kLnetOverhead, 0}));
}

TEST(Mailbox, DestroyedWithItemsWaitingLeavesNothingInTheLoop) {
  sim::Loop loop(1);
  Listener listener;
  {
    Mailbox mailbox(loop);
    mailbox.attach({1, 1}, listener);
    mailbox.deliver(message_to({1, 1}, 1));
  }
  EXPECT_FALSE(loop.step());
  EXPECT_THAT(listener.heard, IsEmpty());
}

TEST(MailboxDeathTest, AnAddressHasOneReceiver) {
  sim::Loop loop(1);
  Mailbox mailbox(loop);
  Listener listener;
  mailbox.attach({1, 1}, listener);
  EXPECT_DEATH(mailbox.attach({1, 1}, listener), "an address has two receivers");
}

}  // namespace
}  // namespace transport
