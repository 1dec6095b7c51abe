// Which conflicts of an enqueue count for contention.
#include <gtest/gtest.h>

#include "cachemodel/ldlm/lock_namespace.h"

namespace cachemodel {
namespace {

using enum LockMode;
constexpr sim::TimePoint kNow(0);

EnqueueResult ask(LockNamespace& locks, LockMode mode, sim::Extent extent, ClientId client,
                  bool no_expansion = false) {
  LockCallbacks out;
  return locks.enqueue({.resource = {},
                        .client = client,
                        .mode = mode,
                        .extent = extent,
                        .no_expansion = no_expansion},
                       kNow, out);
}

// `readers` shared locks of a page each, asked for side by side and granted whole or as they are.
void read_side_by_side(LockNamespace& locks, sim::Bytes readers, bool no_expansion) {
  for (sim::Bytes i = 0; i < readers; ++i) {
    ask(locks, pr, {i * 4096, (i + 1) * 4096}, i, no_expansion);
  }
}

TEST(RequestedOverlap, OnlyWhatWasAskedForCounts) {
  for (const bool no_expansion : {false, true}) {
    LockNamespace locks(LockType::extent, kContentionByOverlap);
    read_side_by_side(locks, 40, no_expansion);
    EXPECT_FALSE(ask(locks, pw, {0, 32 * 4096}, 100).contended);
    EXPECT_FALSE(ask(locks, pw, {39 * 4096, 40 * 4096}, 101).contended);
  }
}

TEST(RequestedOverlap, AThirtyThirdOverlapMakesItContended) {
  LockNamespace locks(LockType::extent, kContentionByOverlap);
  read_side_by_side(locks, 40, false);
  EXPECT_TRUE(ask(locks, pw, {0, 33 * 4096}, 100).contended);
  EXPECT_TRUE(locks.contended({}, kNow));
  EXPECT_FALSE(locks.contended({}, kNow + sim::seconds(2)));
}

TEST(RequestedOverlap, WaitingLocksCountToo) {
  LockNamespace locks(LockType::extent, kContentionByOverlap);
  for (ClientId client = 0; client < 33; ++client) {
    EXPECT_FALSE(ask(locks, pw, {0, 4096}, client).contended);  // meets `client` locks
  }
  EXPECT_TRUE(ask(locks, pw, {0, 4096}, 33).contended);
}

TEST(SlidingWindow, EveryConflictingLockCounts) {
  LockNamespace locks(LockType::extent, kContentionByRate);
  read_side_by_side(locks, 8, false);  // each granted the whole object
  EXPECT_FALSE(ask(locks, pw, {100 * 4096, 101 * 4096}, 100).contended);  // 8
  EXPECT_FALSE(ask(locks, pw, {101 * 4096, 102 * 4096}, 101).contended);  // 16
  EXPECT_TRUE(ask(locks, pw, {102 * 4096, 103 * 4096}, 102).contended);   // 24
}

TEST(SlidingWindow, GlimpsesDoNotCount) {
  LockNamespace locks(LockType::extent, kContentionByRate);
  ask(locks, pw, {0, 4096}, 1);
  for (ClientId client = 2; client < 100; ++client) {
    EXPECT_FALSE(ask(locks, pr, {0, sim::kEof}, client).contended);
  }
}

TEST(NoRule, NothingIsContended) {
  LockNamespace locks(LockType::extent);
  read_side_by_side(locks, 100, false);
  EXPECT_FALSE(ask(locks, pw, {0, sim::kEof}, 100).contended);
}

}  // namespace
}  // namespace cachemodel
