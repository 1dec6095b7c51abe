// Cancelling stops the waiting, not the work: a client that is stopped at any point at which it can
// be suspended loses nothing, and nobody else notices.
#include <gtest/gtest.h>

#include "scenarios/run/cancel_world.h"

namespace scenarios {
namespace {

enum class How { cancel, unmount };

// Stops the first client after so many events. True if it had come to its end.
bool stopped_after(std::size_t events, How how) {
  SCOPED_TRACE(events);
  CancelWorld world(make_sim_world(WorldParams()));
  world.begin();
  for (std::size_t i = 0; i < events && !world.finished(); ++i) {
    world.loop().step();
  }
  const bool finished = world.finished();
  if (how == How::cancel) {
    world.cancel();
    world.check(sim::milliseconds(1), 1000);
  } else {
    // Servers wait for the bulk of one that has gone for as long as a bulk may take, unless they
    // hear that it goes: then they do nothing more for it.
    world.unmount();
    world.check(sim::seconds(10), 20);
  }
  return finished;
}

void stop_everywhere(How how, std::size_t stride) {
  std::size_t events = 0;
  while (!stopped_after(events, how) && !testing::Test::HasFailure()) {
    events += stride;
    ASSERT_LT(events, 20'000u);
  }
  EXPECT_TRUE(testing::Test::HasFailure() || events > 500) << events;
}

TEST(CancelLaw, AClientCancelledAfterAnyEventLosesNothing) { stop_everywhere(How::cancel, 1); }

// A prime, so that it does not keep step with what repeats.
TEST(CancelLaw, AClientThatGoesAfterAnyEventLeavesTheServersToTheOthers) {
  stop_everywhere(How::unmount, 7);
}

}  // namespace
}  // namespace scenarios
