#include "cachemodel/ldlm/lock_namespace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cachemodel {
namespace {

using enum LockMode;
using enum EnqueueOutcome;
using sim::kEof;
using sim::kMiB;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr ResourceName kObject{{7, 0, 0, 0}};
constexpr sim::Extent kWhole{0, kEof};
constexpr sim::Extent mib(sim::Bytes begin, sim::Bytes end) { return {begin * kMiB, end * kMiB}; }

// A namespace and what it said last.
struct Ost {
  LockNamespace locks{LockType::extent};
  LockCallbacks out;

  EnqueueResult ask(LockMode mode, sim::Extent extent, ClientId client) {
    return ask({.resource = kObject, .client = client, .mode = mode, .extent = extent});
  }
  EnqueueResult ask(const LockRequest& request) {
    return locks.enqueue(request, sim::TimePoint(), out);
  }
  LockHandle hold(LockMode mode, sim::Extent extent, ClientId client) {
    const EnqueueResult result = ask({.resource = kObject,
                                      .client = client,
                                      .mode = mode,
                                      .extent = extent,
                                      .no_expansion = true});
    EXPECT_EQ(result.outcome, granted);
    return result.handle;
  }
  std::vector<LockHandle> called_back() const {
    std::vector<LockHandle> handles;
    for (const BlockingCallback& callback : out.blocking) {
      handles.push_back(callback.handle);
    }
    return handles;
  }
  std::vector<LockHandle> completed() const {
    std::vector<LockHandle> handles;
    for (const CompletionCallback& callback : out.completions) {
      handles.push_back(callback.handle);
    }
    return handles;
  }
};

TEST(Enqueue, WithoutConflictIsGrantedAndGrown) {
  Ost ost;
  const EnqueueResult result = ost.ask(pw, mib(1, 2), 1);
  EXPECT_EQ(result.outcome, granted);
  EXPECT_EQ(result.extent, kWhole);
  EXPECT_THAT(ost.out.blocking, IsEmpty());
  EXPECT_EQ(ost.locks.find(result.handle)->extent, kWhole);
  EXPECT_TRUE(ost.locks.find(result.handle)->granted);
}

TEST(Enqueue, WithoutExpansionIsGrantedAsAskedFor) {
  Ost ost;
  const LockHandle handle = ost.hold(pw, mib(1, 2), 1);
  EXPECT_EQ(ost.locks.find(handle)->extent, mib(1, 2));
}

TEST(Enqueue, OtherResourcesDoNotMatter) {
  Ost ost;
  ost.ask(pw, kWhole, 1);
  const LockRequest elsewhere{
      .resource = {{7, 0, 0, 1}}, .client = 2, .mode = pw, .extent = mib(0, 1)};
  EXPECT_EQ(ost.ask(elsewhere).outcome, granted);
  EXPECT_EQ(ost.locks.resource_count(), 2u);
}

TEST(Enqueue, AConflictWaitsAndCallsTheHolderBack) {
  Ost ost;
  const LockHandle holder = ost.ask(pw, mib(0, 1), 1).handle;
  const EnqueueResult result = ost.ask(pw, mib(5, 6), 2);
  EXPECT_EQ(result.outcome, waiting);
  EXPECT_THAT(ost.out.blocking, ElementsAre(BlockingCallback{holder, 1, kAllInodeBits}));
  EXPECT_TRUE(ost.locks.find(holder)->called_back);
  EXPECT_EQ(ost.locks.waiting_count(), 1u);
}

TEST(Enqueue, AHolderIsCalledBackOnceHoweverManyWait) {
  Ost ost;
  ost.ask(pw, mib(0, 1), 1);
  ost.ask(pw, mib(5, 6), 2);
  EXPECT_EQ(ost.ask(pw, mib(7, 8), 3).outcome, waiting);
  EXPECT_THAT(ost.out.blocking, IsEmpty());
}

TEST(Enqueue, HoldersAreCalledBackInTheOrderOfTheirHandles) {
  Ost ost;
  const LockHandle a = ost.hold(pr, mib(8, 9), 1);
  const LockHandle b = ost.hold(cr, mib(0, 9), 2);
  const LockHandle c = ost.hold(pr, mib(0, 1), 3);
  const LockHandle d = ost.hold(pr, mib(9, 10), 4);
  ost.ask(ex, mib(0, 9), 5);
  EXPECT_THAT(ost.called_back(), ElementsAre(a, b, c));
  EXPECT_FALSE(ost.locks.find(d)->called_back);
}

TEST(Enqueue, AClientsOwnLocksConflictToo) {
  Ost ost;
  const LockHandle own = ost.ask(pr, mib(0, 1), 1).handle;
  EXPECT_EQ(ost.ask(pw, mib(0, 1), 1).outcome, waiting);
  EXPECT_THAT(ost.called_back(), ElementsAre(own));
}

TEST(Enqueue, ACompatibleRequestWaitsBehindOneItConflictsWith) {
  Ost ost;
  const LockHandle reader = ost.ask(pr, kWhole, 1).handle;
  const LockHandle writer = ost.ask(pw, mib(0, 1), 2).handle;
  EXPECT_EQ(ost.ask(pr, mib(1, 2), 3).outcome, granted);
  const LockHandle late = ost.ask(pr, mib(0, 1), 4).handle;
  EXPECT_FALSE(ost.locks.find(late)->granted);
  ost.locks.cancel(reader, ost.out);
  EXPECT_THAT(ost.completed(), ElementsAre(writer));
  ost.locks.cancel(writer, ost.out);
  EXPECT_THAT(ost.completed(), ElementsAre(late));
}

TEST(Enqueue, NonBlockingTakesNothingAndTellsNobody) {
  Ost ost;
  const LockHandle holder = ost.ask(pw, mib(0, 1), 1).handle;
  const EnqueueResult result = ost.ask(
      {.resource = kObject, .client = 2, .mode = pr, .extent = mib(3, 4), .non_blocking = true});
  EXPECT_EQ(result.outcome, would_block);
  EXPECT_EQ(result.handle, kNoLock);
  EXPECT_THAT(ost.out.blocking, IsEmpty());
  EXPECT_FALSE(ost.locks.find(holder)->called_back);
  EXPECT_EQ(ost.locks.waiting_count(), 0u);
}

TEST(Enqueue, GroupLocksAreSharedWithinTheirGroupOnly) {
  Ost ost;
  LockRequest request{.resource = kObject, .client = 1, .mode = group, .group = 5};
  const LockHandle first = ost.ask(request).handle;
  request.client = 2;
  EXPECT_EQ(ost.ask(request).outcome, granted);
  request.group = 6;
  const LockHandle other = ost.ask(request).handle;
  EXPECT_EQ(ost.out.blocking.size(), 2u);
  ost.locks.cancel(first, ost.out);
  EXPECT_THAT(ost.completed(), IsEmpty());
  ost.locks.cancel(first + 1, ost.out);
  EXPECT_THAT(ost.completed(), ElementsAre(other));
}

TEST(Cancel, GrantsWaitingLocksInTheOrderOfArrival) {
  Ost ost;
  const LockHandle writer = ost.ask(pw, kWhole, 1).handle;
  const LockHandle a = ost.ask(pr, mib(4, 5), 2).handle;
  const LockHandle b = ost.ask(pr, mib(0, 1), 3).handle;
  ost.locks.cancel(writer, ost.out);
  EXPECT_THAT(ost.completed(), ElementsAre(a, b));
  EXPECT_EQ(ost.locks.granted_count(), 2u);
}

TEST(Cancel, GrantedWaitersAreGrownBesideThoseThatStillWait) {
  Ost ost;
  const LockHandle writer = ost.ask(pw, kWhole, 1).handle;
  const LockHandle a = ost.ask(pw, mib(0, 1), 2).handle;
  const LockHandle b = ost.ask(pw, mib(1, 2), 3).handle;
  ost.locks.cancel(writer, ost.out);
  EXPECT_THAT(ost.out.completions,
              ElementsAre(CompletionCallback{a, 2, mib(0, 1), kAllInodeBits, 0},
                          CompletionCallback{b, 3, {1 * kMiB, kEof}, kAllInodeBits, 0}));
}

TEST(Cancel, ALockThatOthersWaitForIsCalledBackInItsCompletion) {
  Ost ost;
  const LockHandle first = ost.ask(pw, kWhole, 1).handle;
  const LockHandle second = ost.ask(pw, mib(0, 1), 2).handle;
  const LockHandle third = ost.ask(pw, mib(0, 1), 3).handle;
  ost.locks.cancel(first, ost.out);
  EXPECT_THAT(ost.out.completions,
              ElementsAre(CompletionCallback{second, 2, kWhole, kAllInodeBits, kAllInodeBits}));
  EXPECT_THAT(ost.out.blocking, IsEmpty());
  EXPECT_TRUE(ost.locks.find(second)->called_back);
  ost.locks.cancel(second, ost.out);
  EXPECT_THAT(ost.out.completions,
              ElementsAre(CompletionCallback{third, 3, kWhole, kAllInodeBits, 0}));
}

TEST(Cancel, AWaitingLockThatGoesLetsThoseBehindItPass) {
  Ost ost;
  ost.ask(pr, kWhole, 1);
  const LockHandle writer = ost.ask(pw, mib(0, 1), 2).handle;
  const LockHandle reader = ost.ask(pr, mib(0, 1), 3).handle;
  EXPECT_TRUE(ost.locks.cancel(writer, ost.out));
  EXPECT_THAT(ost.completed(), ElementsAre(reader));
}

TEST(Cancel, AHandleThatIsNotHereIsSaidSo) {
  Ost ost;
  const LockHandle handle = ost.ask(pw, kWhole, 1).handle;
  EXPECT_TRUE(ost.locks.cancel(handle, ost.out));
  EXPECT_FALSE(ost.locks.cancel(handle, ost.out));
  EXPECT_FALSE(ost.locks.cancel(kNoLock, ost.out));
  EXPECT_FALSE(ost.locks.find(handle));
  EXPECT_EQ(ost.locks.resource_count(), 0u);
}

TEST(Restore, OnlyOfAHandleThatWasGivenAndIsFree) {
  Ost ost;
  ost.locks.skip_handles(5);
  const LockRequest request{
      .resource = kObject, .client = 1, .mode = pr, .extent = mib(0, 1), .no_expansion = true};
  EXPECT_FALSE(ost.locks.restore(6, request, sim::TimePoint(), ost.out));
  EXPECT_FALSE(ost.locks.restore(kNoLock, request, sim::TimePoint(), ost.out));
  EXPECT_TRUE(ost.locks.restore(5, request, sim::TimePoint(), ost.out));
  EXPECT_FALSE(ost.locks.restore(5, request, sim::TimePoint(), ost.out));
  EXPECT_EQ(ost.hold(pr, mib(1, 2), 2), 6u);
}

TEST(Evict, EndsAllLocksOfOneClientAndGrantsOnlyOthers) {
  Ost ost;
  const LockHandle held = ost.hold(pw, mib(0, 1), 1);
  const LockHandle kept = ost.hold(pw, mib(1, 2), 2);
  ost.ask(pw, mib(0, 1), 1);
  const LockHandle other = ost.ask(pr, mib(0, 1), 3).handle;
  ost.locks.evict(1, ost.out);
  EXPECT_THAT(ost.completed(), ElementsAre(other));
  EXPECT_FALSE(ost.locks.find(held));
  EXPECT_TRUE(ost.locks.find(kept)->granted);
  EXPECT_EQ(ost.locks.granted_count(), 2u);
  EXPECT_EQ(ost.locks.waiting_count(), 0u);
  ost.locks.evict(1, ost.out);
  EXPECT_THAT(ost.completed(), IsEmpty());
}

TEST(Evict, GrantsNoLockOfTheClientThatWaitedForAnotherOfItsOwn) {
  Ost ost;
  ost.ask(pr, kWhole, 2);
  ost.ask(pw, mib(0, 1), 1);
  ost.ask(pr, mib(0, 1), 1);
  const LockHandle other = ost.ask(pr, mib(0, 1), 3).handle;
  ost.locks.evict(1, ost.out);
  EXPECT_THAT(ost.completed(), ElementsAre(other));
}

}  // namespace
}  // namespace cachemodel
