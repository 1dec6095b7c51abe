// Calls whose effect is in their target's memory only: kept longer than others, and brought back
// after a restart.
#include <gtest/gtest.h>

#include "transport/testing/ping_world.h"

namespace transport::testing {
namespace {

using sim::milliseconds;
using sim::seconds;

// What the client calls is taken away, and answered as a server would that numbers changes.
class LastingCall : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.start_target(1);
    world_.target->server.number_changes(0, 0, [] {});
    world_.ping({});
    ASSERT_TRUE(world_.run());
  }
  // A call that is answered as the change `transno`, when those up to `committed` are stable.
  void call(CallOptions options, std::uint64_t transno, std::uint64_t committed) {
    std::uint64_t xid = 0;
    world_.network.set_filter([&](const Message& m) {
      xid = m.header.opcode == kPing ? m.header.xid : xid;
      return m.header.kind != MessageKind::request;
    });
    options.replays = true;
    options.amend = [](Body& kept, const Body* answer) {
      static_cast<PingRequest&>(kept).number =
          answer == nullptr ? 99 : static_cast<const PingReply&>(*answer).number;
    };
    world_.ping({}, std::move(options));
    world_.run_for(milliseconds(10));
    auto answer = std::make_unique<Message>();
    answer->from = kServerAddress;
    answer->to = kClientAddress;
    answer->header.kind = MessageKind::reply;
    answer->header.opcode = kPing;
    answer->header.xid = xid;
    answer->header.transno = transno;
    answer->header.last_committed = committed;
    auto body = std::make_unique<PingReply>();
    body->number = 40 + transno;
    answer->body = std::move(body);
    world_.network.send(std::move(answer));
    world_.run_for(milliseconds(10));
  }
  static CallOptions lasting() {
    CallOptions options;
    options.lasting = true;
    return options;
  }
  static CallOptions ending(std::uint64_t transno) {
    CallOptions options;
    options.ends = transno;
    return options;
  }
  // Lets a new server recover. Returns the numbers of the pings that came again.
  std::vector<std::uint64_t> brought_back(std::uint64_t committed) {
    std::vector<std::uint64_t> numbers;
    world_.network.set_filter([&](const Message& m) {
      if (m.header.opcode == kPing && m.header.replay) {
        numbers.push_back(static_cast<const PingRequest&>(*m.body).number);
      }
      return true;
    });
    world_.start_target(1);
    world_.target->server.number_changes(9, committed, [] {});
    world_.target->server.recover({kClientAddress}, seconds(300));
    world_.network.disconnect(kServerAddress.node, kClientAddress.node);
    world_.ping({});
    world_.run_for(seconds(10));
    EXPECT_TRUE(world_.target->server.recovered().has_value()) << "nobody waits for a time-out";
    return numbers;
  }
  // Lets a new server recover to which the replay comes, and is answered with nothing but `status`.
  void recover_answering(sim::Errc status) {
    MessagePtr answer;
    world_.network.set_filter([&](const Message& m) {
      if (m.header.opcode != kPing || !m.header.replay) {
        return true;
      }
      answer = std::make_unique<Message>();
      answer->from = kServerAddress;
      answer->to = kClientAddress;
      answer->header.kind = MessageKind::reply;
      answer->header.opcode = kPing;
      answer->header.xid = m.header.xid;
      answer->header.status = status;
      return false;
    });
    world_.start_target(1);
    world_.target->server.number_changes(1, 1, [] {});
    world_.target->server.recover({kClientAddress}, seconds(300));
    world_.network.disconnect(kServerAddress.node, kClientAddress.node);
    world_.ping({});
    world_.run_for(seconds(1));
    ASSERT_NE(answer, nullptr);
    EXPECT_FALSE(world_.target->server.recovered().has_value());
    world_.network.send(std::move(answer));
    world_.run_for(seconds(1));
    EXPECT_TRUE(world_.target->server.recovered().has_value());
  }
  using Numbers = std::vector<std::uint64_t>;
  PingWorld world_{{}, milliseconds(1)};
};

TEST_F(LastingCall, IsBroughtBackThoughItIsStableAndAsItsAnswerTold) {
  call(lasting(), 1, 0);
  call({}, 2, 2);
  EXPECT_EQ(brought_back(2), Numbers{41});
}

TEST_F(LastingCall, OfWhichAllIsStableAtOnceIsBroughtBackToo) {
  call(lasting(), 1, 1);
  EXPECT_EQ(brought_back(1), Numbers{41});
}

TEST_F(LastingCall, IsNotBroughtBackWhenWhatEndsItIsStable) {
  call(lasting(), 1, 0);
  call(ending(1), 2, 0);
  call({}, 3, 2);
  EXPECT_EQ(brought_back(2), Numbers{43});
}

TEST_F(LastingCall, IsBroughtBackBeforeWhatEndsIt) {
  call(lasting(), 1, 0);
  call(ending(1), 2, 1);
  EXPECT_EQ(brought_back(1), (Numbers{41, 42}));
}

TEST_F(LastingCall, IsOverWithAnEviction) {
  call(lasting(), 1, 1);
  call(lasting(), 2, 1);
  world_.network.set_filter({});
  world_.target->server.evict(kClientAddress);
  world_.ping({});
  world_.run_for(seconds(1));
  EXPECT_EQ(brought_back(1), Numbers{99}) << "what it changed stays, and is told that it ended";
}

// The target has the change already: there is nothing in its answer.
TEST_F(LastingCall, IsThereAgainWhenAnAnswerWithoutABodyComes) {
  call(lasting(), 1, 1);
  recover_answering(sim::Errc::ok);
}

// What it gave is gone, and what it changed is stable.
TEST_F(LastingCall, ThatIsRefusedIsNotTakenForALostChange) {
  call(lasting(), 1, 1);
  std::size_t undone = 0;
  world_.import.set_undone_hook(
      [&undone](Opcode, const Body&, const Payload&, const Payload*) { ++undone; });
  recover_answering(sim::Errc::not_found);
  EXPECT_EQ(undone, 0u);
}

}  // namespace
}  // namespace transport::testing
