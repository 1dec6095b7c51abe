// As cancel_law_test, over TCP: stopped after each message that the client sends or receives.
#include <gtest/gtest.h>

#include "scenarios/run/cancel_world.h"

namespace scenarios {
namespace {

// Stops the first client after so many messages. True if it had come to its end.
bool stopped_after(std::uint64_t messages) {
  SCOPED_TRACE(messages);
  CancelWorld world(make_socket_world(WorldParams()));
  world.begin();
  sim::Event stopped(world.loop(), "the client to be stopped");
  bool finished = false;
  world.network_of_first().call(
      [&] {
        finished = world.finished();
        world.cancel();
        stopped.set();
      },
      messages);
  world.check_after(stopped, sim::milliseconds(1), 10'000);
  return finished || !stopped.is_set();
}

TEST(CancelLaw, OverTcpAClientCancelledAfterAnyMessageLosesNothing) {
  std::uint64_t messages = 0;
  while (!stopped_after(messages) && !HasFailure()) {
    messages += 7;  // a prime, so that it does not keep step with what repeats
    ASSERT_LT(messages, 2000u);
  }
  EXPECT_TRUE(HasFailure() || messages > 100) << messages;
}

}  // namespace
}  // namespace scenarios
