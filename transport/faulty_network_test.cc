#include "transport/faulty_network.h"

#include <gtest/gtest.h>

#include "transport/testing/loopback_network.h"

namespace transport {
namespace {

// Remembers which requests came, and when.
struct Listener final : Receiver {
  explicit Listener(sim::Loop& l) : loop(l) {}
  void receive(MessagePtr message) override {
    came.emplace_back(message->header.xid, loop.now().ns());
  }
  void disconnected(NodeId) override {}
  sim::Loop& loop;
  std::vector<std::pair<std::uint64_t, std::int64_t>> came;
};

class FaultyNetworkTest : public ::testing::Test {
 public:
  FaultyNetworkTest() {
    for (NodeId node = 0; node < 3; ++node) {
      listeners_.push_back(std::make_unique<Listener>(loop_));
      network_.attach({node, 0}, *listeners_.back());
    }
  }
  void send(NodeId from, NodeId to, std::uint64_t xid) {
    auto message = std::make_unique<Message>();
    message->from = {from, 0};
    message->to = {to, 0};
    message->header.xid = xid;
    network_.send(std::move(message));
  }
  void run_for(sim::Duration span) {
    const sim::TimePoint end = loop_.now() + span;
    while (loop_.step(end)) {
    }
    loop_.advance_to(end);
  }
  std::vector<std::uint64_t> came_to(NodeId node) const {
    std::vector<std::uint64_t> xids;
    for (const auto& [xid, at] : listeners_[node]->came) {
      xids.push_back(xid);
    }
    return xids;
  }

  sim::Loop loop_{1};
  testing::LoopbackNetwork below_{loop_};
  FaultyNetwork network_{loop_, below_};
  std::vector<std::unique_ptr<Listener>> listeners_;
};

using Xids = std::vector<std::uint64_t>;

TEST_F(FaultyNetworkTest, ASilentNodeNeitherSendsNorHears) {
  network_.silence(1, true);
  send(1, 0, 1);
  send(0, 1, 2);
  send(0, 2, 3);
  send(1, 1, 4);
  run_for(sim::seconds(1));
  EXPECT_EQ(came_to(0), Xids());
  EXPECT_EQ(came_to(1), Xids{4}) << "what it says to itself";
  EXPECT_EQ(came_to(2), Xids{3});
  EXPECT_EQ(network_.lost(), 2u);
  network_.silence(1, false);
  send(1, 0, 5);
  run_for(sim::seconds(1));
  EXPECT_EQ(came_to(0), Xids{5});
}

TEST_F(FaultyNetworkTest, OverlappingSilencesEndWithTheLast) {
  network_.silence(1, true);
  network_.silence(1, true);
  network_.silence(1, false);
  send(1, 0, 1);
  run_for(sim::seconds(1));
  EXPECT_EQ(came_to(0), Xids());
}

TEST_F(FaultyNetworkTest, ALinkThatIsDownLosesWhatTheTwoSayToEachOther) {
  network_.cut(1, 0, true);
  send(1, 0, 1);
  send(0, 1, 2);
  send(1, 2, 3);
  run_for(sim::seconds(1));
  EXPECT_EQ(came_to(0), Xids());
  EXPECT_EQ(came_to(1), Xids());
  EXPECT_EQ(came_to(2), Xids{3});
}

TEST_F(FaultyNetworkTest, ALateMessageIsLateByExactlyTheDelay) {
  network_.slow(0, 1, sim::milliseconds(50));
  send(0, 1, 1);
  run_for(sim::milliseconds(50) - sim::nanoseconds(1));
  EXPECT_EQ(came_to(1), Xids());
  run_for(sim::nanoseconds(1));
  EXPECT_EQ(came_to(1), Xids{1});
}

TEST_F(FaultyNetworkTest, WhatIsSentAfterTheDelayEndedStaysBehindWhatIsLate) {
  network_.slow(0, 1, sim::milliseconds(50));
  send(0, 1, 1);
  network_.slow(0, 1, sim::Duration() - sim::milliseconds(50));
  send(0, 1, 2);
  run_for(sim::milliseconds(49));
  EXPECT_EQ(came_to(1), Xids());
  run_for(sim::milliseconds(1));
  EXPECT_EQ(came_to(1), (Xids{1, 2}));
}

TEST_F(FaultyNetworkTest, WhatADetachedAddressHadUnderWayIsNotSent) {
  network_.slow(0, 1, sim::milliseconds(50));
  send(0, 1, 1);
  network_.detach({0, 0});
  run_for(sim::seconds(1));
  EXPECT_EQ(came_to(1), Xids());
}

}  // namespace
}  // namespace transport
