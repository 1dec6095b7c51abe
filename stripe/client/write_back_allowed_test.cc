// Data that may not be taken in any more.
#include <gtest/gtest.h>

#include "stripe/client/client_testing.h"

namespace stripe {
namespace {

using sim::Errc;
using sim::kMiB;

TEST(WriteBack, WhatIsNoLongerAllowedWhenItHasBeenCopiedIsNotTakenIn) {
  ClientWorld world({}, 1, {.request = {}, .copy = sim::Rate(kMiB), .checksum = {}});
  const auto inode = world.file();
  bool allowed = true;
  Outcome outcome;
  world.start([](ClientWorld& w, Inode& i, bool& may, Outcome& out) -> sim::Task<void> {
    out = co_await w.write_back.absorb(i, {0, 8 * kMiB}, w.stamp(), [&may] { return may; });
  }(world, *inode, allowed, outcome));
  world.run_for(sim::seconds(5));
  allowed = false;  // in the middle of the second part
  world.run();
  EXPECT_EQ(outcome.status, Errc::evicted);
  EXPECT_EQ(world.ost(0).bytes(kOstWrite), 4 * kMiB);
  EXPECT_EQ(world.write_back.dirty(), 0u);
}

}  // namespace
}  // namespace stripe
