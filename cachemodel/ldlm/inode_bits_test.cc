// Inode-bits locks: conflicts by bit, bits to try, conversion.
#include "cachemodel/ldlm/inode_bits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cachemodel/ldlm/lock_namespace.h"

namespace cachemodel {
namespace {

using enum LockMode;
using enum EnqueueOutcome;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr ResourceName kInode{{0x200000401, 1, 0, 0}};

struct Mdt {
  LockNamespace locks{LockType::inode_bits};
  LockCallbacks out;

  EnqueueResult ask(LockMode mode, InodeBits bits, ClientId client, InodeBits try_bits = 0) {
    return locks.enqueue(
        {.resource = kInode, .client = client, .mode = mode, .bits = bits, .try_bits = try_bits},
        sim::TimePoint(), out);
  }
};

TEST(InodeBits, ConflictNeedsIncompatibleModesAndACommonBit) {
  Mdt mdt;
  mdt.ask(pr, kBitLookup | kBitUpdate, 1);
  EXPECT_EQ(mdt.ask(ex, kBitLayout | kBitPerm, 2).outcome, granted);
  EXPECT_EQ(mdt.ask(pr, kBitUpdate, 3).outcome, granted);
  EXPECT_EQ(mdt.ask(ex, kBitUpdate | kBitXattr, 4).outcome, waiting);
}

TEST(InodeBits, TheCallbackNamesTheBitsInTheWay) {
  Mdt mdt;
  const LockHandle a = mdt.ask(pr, kBitLookup | kBitUpdate | kBitPerm, 1).handle;
  const LockHandle b = mdt.ask(pr, kBitUpdate, 2).handle;
  mdt.ask(pr, kBitLookup, 3);
  mdt.ask(ex, kBitUpdate | kBitPerm, 4);
  EXPECT_THAT(mdt.out.blocking, ElementsAre(BlockingCallback{a, 1, kBitUpdate | kBitPerm},
                                            BlockingCallback{b, 2, kBitUpdate}));
  mdt.ask(ex, kBitUpdate, 5);
  EXPECT_THAT(mdt.out.blocking, IsEmpty());
}

TEST(TryBits, AreGrantedIfFree) {
  Mdt mdt;
  const EnqueueResult result = mdt.ask(pr, kBitLookup, 1, kBitLayout | kBitOpen);
  EXPECT_EQ(result.bits, kBitLookup | kBitLayout | kBitOpen);
}

TEST(TryBits, AreLeftOutIfHeldOrWaitedFor) {
  Mdt mdt;
  mdt.ask(pr, kBitXattr, 1);
  mdt.ask(ex, kBitXattr, 2);  // waits
  mdt.ask(ex, kBitLayout, 3);
  const EnqueueResult result = mdt.ask(pr, kBitLookup, 4, kBitLayout | kBitXattr | kBitPerm);
  EXPECT_EQ(result.outcome, granted);
  EXPECT_EQ(result.bits, kBitLookup | kBitPerm);
  EXPECT_THAT(mdt.out.blocking, IsEmpty());
}

TEST(TryBits, AloneAreGrantedOrNotButNeverWaitedFor) {
  Mdt mdt;
  mdt.ask(ex, kBitLayout, 1);
  EXPECT_EQ(mdt.ask(pr, 0, 2, kBitLayout).outcome, would_block);
  const EnqueueResult result = mdt.ask(pr, 0, 2, kBitLayout | kBitLookup);
  EXPECT_EQ(result.outcome, granted);
  EXPECT_EQ(result.bits, kBitLookup);
}

TEST(TryBits, AreTriedWhenAWaitingLockIsGranted) {
  Mdt mdt;
  const LockHandle holder = mdt.ask(ex, kBitLookup | kBitLayout, 1).handle;
  const LockHandle waits = mdt.ask(pr, kBitLookup, 2, kBitLayout | kBitPerm).handle;
  mdt.ask(ex, kBitPerm, 3);
  mdt.locks.cancel(holder, mdt.out);
  EXPECT_THAT(mdt.out.completions, ElementsAre(CompletionCallback{
                                       waits, 2, {0, sim::kEof}, kBitLookup | kBitLayout, 0}));
}

TEST(Convert, KeepsTheOtherBitsAndLetsTheWaiterPass) {
  Mdt mdt;
  const LockHandle holder = mdt.ask(pr, kBitLookup | kBitUpdate, 1).handle;
  const LockHandle writer = mdt.ask(ex, kBitUpdate, 2).handle;
  EXPECT_TRUE(mdt.locks.convert(holder, kBitUpdate, mdt.out));
  ASSERT_EQ(mdt.out.completions.size(), 1u);
  EXPECT_EQ(mdt.out.completions[0].handle, writer);
  EXPECT_THAT(mdt.out.blocking, IsEmpty());
  EXPECT_EQ(mdt.locks.find(holder)->bits, kBitLookup);
  EXPECT_FALSE(mdt.locks.find(holder)->called_back);
  EXPECT_EQ(mdt.locks.granted_count(), 2u);
  mdt.ask(ex, kBitLookup, 3);
  EXPECT_THAT(mdt.out.blocking, ElementsAre(BlockingCallback{holder, 1, kBitLookup}));
}

TEST(Convert, ALockStillInTheWayIsCalledBackOnceMore) {
  Mdt mdt;
  const LockHandle holder = mdt.ask(pr, kBitLookup | kBitUpdate | kBitPerm, 1).handle;
  mdt.ask(ex, kBitUpdate, 2);
  mdt.ask(ex, kBitLookup, 3);
  EXPECT_TRUE(mdt.locks.convert(holder, kBitUpdate, mdt.out));
  EXPECT_EQ(mdt.out.completions.size(), 1u);
  EXPECT_THAT(mdt.out.blocking, ElementsAre(BlockingCallback{holder, 1, kBitLookup}));
  mdt.ask(ex, kBitPerm, 4);
  EXPECT_THAT(mdt.out.blocking, IsEmpty());
}

TEST(Convert, WithoutABitLeftIsACancel) {
  Mdt mdt;
  const LockHandle holder = mdt.ask(pr, kBitUpdate, 1).handle;
  const LockHandle writer = mdt.ask(ex, kBitUpdate, 2).handle;
  EXPECT_TRUE(mdt.locks.convert(holder, kAllInodeBits, mdt.out));
  EXPECT_FALSE(mdt.locks.find(holder));
  ASSERT_EQ(mdt.out.completions.size(), 1u);
  EXPECT_EQ(mdt.out.completions[0].handle, writer);
}

TEST(Convert, NeedsAGrantedInodeBitsLock) {
  Mdt mdt;
  mdt.ask(pr, kBitUpdate, 1);
  const LockHandle waits = mdt.ask(ex, kBitUpdate | kBitPerm, 2).handle;
  EXPECT_FALSE(mdt.locks.convert(waits, kBitPerm, mdt.out));
  EXPECT_FALSE(mdt.locks.convert(99, kBitPerm, mdt.out));
  LockNamespace extents(LockType::extent);
  const LockHandle extent = extents.enqueue({.resource = kInode}, {}, mdt.out).handle;
  EXPECT_FALSE(extents.convert(extent, kBitPerm, mdt.out));
}

}  // namespace
}  // namespace cachemodel
