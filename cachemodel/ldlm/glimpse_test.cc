// Whom a glimpse asks, of those that hold locks on an object.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cachemodel/ldlm/lock_namespace.h"

namespace cachemodel {
namespace {

using enum LockMode;
using sim::kEof;
using sim::kMiB;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr ResourceName kObject{{7, 0, 0, 0}};
constexpr sim::Extent mib(sim::Bytes begin, sim::Bytes end) { return {begin * kMiB, end * kMiB}; }

struct Ost {
  LockNamespace locks{LockType::extent};
  LockCallbacks out;

  EnqueueResult ask(LockMode mode, sim::Extent extent, ClientId client, bool no_expansion = false) {
    return locks.enqueue({.resource = kObject,
                          .client = client,
                          .mode = mode,
                          .extent = extent,
                          .no_expansion = no_expansion},
                         sim::TimePoint(), out);
  }
  LockHandle hold(LockMode mode, sim::Extent extent, ClientId client) {
    const EnqueueResult result = ask(mode, extent, client, true);
    EXPECT_EQ(result.outcome, EnqueueOutcome::granted);
    return result.handle;
  }
};

std::vector<GlimpseCallback> glimpse(const Ost& ost, sim::Bytes known_size) {
  std::vector<GlimpseCallback> out;
  ost.locks.glimpse(kObject, known_size, ost.locks.begin_glimpse(), out);
  return out;
}

TEST(Glimpse, AsksTheHolderOfTheHighestWriteLock) {
  Ost ost;
  ost.hold(pw, mib(0, 1), 1);
  const LockHandle highest = ost.ask(pw, mib(4, 5), 2).handle;
  ost.hold(pr, mib(2, 3), 3);
  EXPECT_THAT(glimpse(ost, 0), ElementsAre(GlimpseCallback{highest, 2}));
}

TEST(Glimpse, LocksThatEndWithinTheKnownSizeAreNotAsked) {
  Ost ost;
  const LockHandle only = ost.hold(pw, mib(0, 1), 1);
  EXPECT_THAT(glimpse(ost, kMiB - 1), ElementsAre(GlimpseCallback{only, 1}));
  EXPECT_THAT(glimpse(ost, kMiB), IsEmpty());
}

TEST(Glimpse, BelowLocksWithoutExpansionOthersAreAskedOnceForEachClient) {
  Ost ost;
  ost.hold(pw, mib(0, 1), 5);
  const LockHandle grown = ost.ask(pw, mib(1, 2), 4).handle;
  ost.locks.cancel(grown, ost.out);
  ost.hold(pw, mib(3, 4), 3);
  const LockHandle expanded = ost.ask(pw, mib(2, 3), 2).handle;
  const LockHandle b = ost.hold(pw, mib(6, 7), 3);
  const LockHandle a = ost.hold(pw, mib(8, 9), 6);
  EXPECT_THAT(glimpse(ost, 0), ElementsAre(GlimpseCallback{a, 6}, GlimpseCallback{b, 3},
                                           GlimpseCallback{expanded, 2}));
}

// Locks of clients 1, 2 and 3 from below, of which the highest goes on to the end of all objects.
struct ThreeWriters : Ost {
  LockHandle low = hold(pw, mib(0, 1), 1);
  LockHandle middle = hold(pw, mib(1, 2), 2);
  LockHandle high = ask(pw, mib(4, 5), 3).handle;
  GlimpseAsked asked = locks.begin_glimpse();

  std::vector<GlimpseCallback> next(sim::Bytes known_size) {
    std::vector<GlimpseCallback> holders;
    locks.glimpse(kObject, known_size, asked, holders);
    for (const GlimpseCallback& holder : holders) {
      asked.locks.insert(holder.handle);
    }
    return holders;
  }
};

TEST(Glimpse, WhereTheHighestHolderKnowsOfNothingAllWhoReachBeyondAreAsked) {
  ThreeWriters ost;
  EXPECT_THAT(ost.next(0), ElementsAre(GlimpseCallback{ost.high, 3}));
  EXPECT_THAT(ost.next(0),
              ElementsAre(GlimpseCallback{ost.middle, 2}, GlimpseCallback{ost.low, 1}));
  EXPECT_THAT(ost.next(0), IsEmpty());
}

TEST(Glimpse, WhereTheHighestHolderHasWrittenNobodyBelowIsAsked) {
  for (const sim::Bytes told : {2 * kMiB - 1, 2 * kMiB}) {
    ThreeWriters ost;
    EXPECT_THAT(ost.next(0), ElementsAre(GlimpseCallback{ost.high, 3}));
    EXPECT_EQ(ost.next(told).size(), told < 2 * kMiB ? 1u : 0u);
  }
}

TEST(Glimpse, AHolderThatHadGivenTheLockUpIsAskedAboutItsOthers) {
  for (const bool knew_it : {true, false}) {
    ThreeWriters ost;
    const LockHandle another = ost.hold(pw, mib(2, 3), 1);
    ost.asked = ost.locks.begin_glimpse();
    EXPECT_THAT(ost.next(0), ElementsAre(GlimpseCallback{ost.high, 3}));
    EXPECT_THAT(ost.next(0),
                ElementsAre(GlimpseCallback{another, 1}, GlimpseCallback{ost.middle, 2}));
    if (knew_it) {
      ost.asked.answered.insert(1);
      EXPECT_THAT(ost.next(0), IsEmpty());
    } else {
      EXPECT_THAT(ost.next(0), ElementsAre(GlimpseCallback{ost.low, 1}));
    }
  }
}

TEST(Glimpse, LocksOfLaterRequestsAreNotAsked) {
  ThreeWriters ost;
  ost.hold(pw, mib(2, 3), 4);
  EXPECT_THAT(ost.next(0), ElementsAre(GlimpseCallback{ost.high, 3}));
  EXPECT_THAT(ost.next(0),
              ElementsAre(GlimpseCallback{ost.middle, 2}, GlimpseCallback{ost.low, 1}));
}

TEST(Glimpse, AnUnknownObjectHasNobodyToAsk) { EXPECT_THAT(glimpse(Ost(), 0), IsEmpty()); }

}  // namespace
}  // namespace cachemodel
