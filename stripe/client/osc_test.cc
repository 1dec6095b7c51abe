#include "stripe/client/osc.h"

#include <gtest/gtest.h>

#include "sim/loop.h"
#include "transport/server.h"
#include "transport/testing/loopback_network.h"

namespace stripe {
namespace {

constexpr transport::Address kClient{1, 0};
constexpr transport::Address kTarget{2, 0};

// A client whose target lets it connect, and answers nothing else.
class OscOfASilentTarget : public testing::Test, transport::Router {
 protected:
  transport::Service* route(const transport::Message&, transport::NrsKey&) override {
    return nullptr;
  }
  OscOfASilentTarget() {
    design_.rpc_timeout = sim::seconds(1);
    network_.set_filter([](const transport::Message& message) {
      return message.header.kind != transport::MessageKind::reply ||
             message.header.opcode == transport::kConnect;
    });
  }
  sim::Errc status_of(sim::Task<Transfer> call) {
    std::vector<sim::Task<Transfer>> calls;
    calls.push_back(std::move(call));
    sim::TaskGroup tasks(loop_);
    sim::Errc status = sim::Errc::ok;
    tasks.spawn(note(std::move(calls.front()), status), "a call");
    EXPECT_TRUE(sim::run_virtual(loop_).ok());
    return status;
  }
  static sim::Task<void> note(sim::Task<Transfer> call, sim::Errc& status) {
    status = (co_await call).status;
  }

  sim::Loop loop_{1};
  transport::testing::LoopbackNetwork network_{loop_, sim::microseconds(10)};
  sim::ModelledHost host_{loop_, "client", sim::HostProfile()};
  ClientDesign design_;
  transport::Server server_{loop_, network_, kTarget, *this};
  transport::Endpoint endpoint_{loop_, network_, kClient};
  ClientContext context_{loop_, host_, design_, endpoint_, {}, {}, {}};
  Osc osc_{context_, kTarget, "OST0000"};
};

transport::Payload data() { return transport::Payload({1, 0, 4096, transport::Stamp::make(1, 1)}); }

TEST_F(OscOfASilentTarget, AChangeWithoutAnswerMayOrMayNotHaveBeenCarriedOut) {
  EXPECT_EQ(status_of(osc_.write({1, 1}, {{0, 4096}}, data(), 1)), sim::Errc::unknown_outcome);
  EXPECT_EQ(status_of(osc_.punch({1, 1}, 0, 1)), sim::Errc::unknown_outcome);
}

TEST_F(OscOfASilentTarget, AQuestionWithoutAnswerHasTimedOut) {
  EXPECT_EQ(status_of(osc_.read({1, 1}, {{0, 4096}})), sim::Errc::timed_out);
  EXPECT_EQ(status_of(osc_.getattr({1, 1})), sim::Errc::timed_out);
  EXPECT_EQ(status_of(osc_.sync({1, 1})), sim::Errc::timed_out);
}

}  // namespace
}  // namespace stripe
