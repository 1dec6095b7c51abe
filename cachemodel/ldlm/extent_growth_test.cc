#include "cachemodel/ldlm/extent_growth.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace cachemodel {
namespace {

using enum LockMode;
using sim::kEof;
using sim::kKiB;
using sim::kMiB;

constexpr sim::Extent mib(sim::Bytes begin, sim::Bytes end) { return {begin * kMiB, end * kMiB}; }

struct Granted {
  GrantedExtents locks;
  std::deque<ExtentNode> nodes;
  void add(LockMode mode, sim::Extent extent) {
    locks.insert(mode, nodes.emplace_back(), extent, nodes.size());
  }
};

WaitingExtent waits(LockMode mode, sim::Extent extent, ClientId client = 9) {
  return {mode, extent, extent, client};
}

sim::Extent grown(const ExtentRequest& request, const Granted& granted = {},
                  const std::vector<WaitingExtent>& waiting = {}) {
  return grow_extent(request, granted.locks, waiting);
}

TEST(ExtentGrowth, AnEmptyObjectIsGivenWhole) {
  EXPECT_EQ(grown({pw, mib(0, 1)}), (sim::Extent{0, kEof}));
  EXPECT_EQ(grown({pr, mib(5, 6)}), (sim::Extent{0, kEof}));
}

TEST(ExtentGrowth, ALockBelowStopsGrowthDownwards) {
  Granted granted;
  granted.add(pw, mib(0, 1));
  EXPECT_EQ(grown({pw, mib(1, 2)}, granted), (sim::Extent{1 * kMiB, kEof}));
  EXPECT_EQ(grown({pw, mib(7, 8)}, granted), (sim::Extent{7 * kMiB, kEof}));
}

TEST(ExtentGrowth, TheFirstIncompatibleLockBeyondEndsIt) {
  Granted granted;
  granted.add(pw, mib(0, 1));
  granted.add(pw, mib(8, 9));
  granted.add(ex, mib(16, 17));
  granted.add(pr, mib(12, 13));
  EXPECT_EQ(grown({pw, mib(4, 5)}, granted), mib(4, 8));
  EXPECT_EQ(grown({pw, mib(9, 10)}, granted), mib(9, 12));
  EXPECT_EQ(grown({pr, mib(9, 10)}, granted), mib(9, 16));
}

TEST(ExtentGrowth, CompatibleLocksDoNotMatter) {
  Granted granted;
  granted.add(cr, mib(0, 1));
  granted.add(pr, mib(8, 9));
  EXPECT_EQ(grown({pr, mib(4, 5)}, granted), (sim::Extent{0, kEof}));
}

TEST(ExtentGrowth, AWaitingRequestIsLeftItsRange) {
  EXPECT_EQ(grown({pw, mib(1, 2)}, {}, {waits(pw, mib(2, 3))}), mib(0, 2));
  EXPECT_EQ(grown({pw, mib(4, 5)}, {}, {waits(pw, mib(2, 3)), waits(pw, mib(0, 1))}),
            (sim::Extent{3 * kMiB, kEof}));
}

TEST(ExtentGrowth, AWaitingRequestForTheSameBytesIsIgnored) {
  EXPECT_EQ(grown({pw, mib(1, 3)}, {}, {waits(pw, mib(2, 4))}), (sim::Extent{0, kEof}));
  EXPECT_EQ(grown({pw, mib(1, 2)}, {}, {waits(pw, mib(2, 4))}), mib(0, 2));
}

TEST(ExtentGrowth, CompatibleWaitingRequestsMatterForOneClientOnly) {
  EXPECT_EQ(grown({pr, mib(1, 2), 3}, {}, {waits(pr, mib(4, 5), 4)}), (sim::Extent{0, kEof}));
  EXPECT_EQ(grown({pr, mib(1, 2), 3}, {}, {waits(pr, mib(4, 5), 3)}), mib(0, 4));
}

TEST(ExtentGrowth, AWaitingLockThatWasGrownOverTheRequestIsLeftWhatItAskedFor) {
  const WaitingExtent above{pw, {0, kEof}, mib(6, 7), 9};
  EXPECT_EQ(grown({pw, mib(2, 3)}, {}, {above}), mib(2, 6));
  const WaitingExtent below{pw, {0, kEof}, mib(0, 1), 9};
  EXPECT_EQ(grown({pw, mib(2, 3)}, {}, {below}), mib(2, 3));
}

TEST(ExtentGrowth, AWaitingLockNeverWidensWhatGrantedOnesLeave) {
  Granted granted;
  granted.add(pw, mib(4, 5));
  const WaitingExtent above{pw, mib(0, 20), mib(10, 11), 9};
  EXPECT_EQ(grown({pw, mib(2, 3)}, granted, {above}), mib(2, 4));
}

TEST(ExtentGrowth, TheFifthWaitingConflictStopsGrowthDownwards) {
  std::vector<WaitingExtent> waiting(4, waits(pw, mib(50, 51)));
  EXPECT_EQ(grown({pw, mib(4, 5)}, {}, waiting), mib(0, 50));
  waiting.push_back(waits(pw, mib(60, 61)));
  EXPECT_EQ(grown({pw, mib(4, 5)}, {}, waiting), mib(4, 50));
}

// Conflicting locks of 4 KiB each from the beginning of the object.
struct ManyBelow : Granted {
  explicit ManyBelow(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      add(pw, {i * 4 * kKiB, (i + 1) * 4 * kKiB});
    }
  }
};

TEST(ExtentGrowth, MoreThan32ConflictsBoundWriters) {
  const sim::Extent to_the_end{100 * kMiB, kEof};
  EXPECT_EQ(grown({pw, mib(100, 101)}, ManyBelow(32)), to_the_end);
  EXPECT_EQ(grown({pw, mib(100, 101)}, ManyBelow(33)), mib(100, 132));
  EXPECT_EQ(grown({cw, mib(100, 101)}, ManyBelow(33)), mib(100, 132));
  EXPECT_EQ(grown({pr, mib(100, 101)}, ManyBelow(33)), to_the_end);
  EXPECT_EQ(grown({ex, mib(100, 101)}, ManyBelow(33)), to_the_end);
}

TEST(ExtentGrowth, RequestsOf32MiBAreNotBounded) {
  const ManyBelow granted(33);
  EXPECT_EQ(grown({pw, mib(100, 131)}, granted), mib(100, 132));
  EXPECT_EQ(grown({pw, mib(100, 132)}, granted), (sim::Extent{100 * kMiB, kEof}));
}

TEST(ExtentGrowth, WaitingConflictsAreCountedAnew) {
  const ManyBelow granted(20);
  std::vector<WaitingExtent> waiting(32, waits(pw, mib(900, 901)));
  EXPECT_EQ(grown({pw, mib(100, 101)}, granted, waiting), mib(100, 900));
  waiting.push_back(waits(pw, mib(900, 901)));
  EXPECT_EQ(grown({pw, mib(100, 101)}, granted, waiting), mib(100, 132));
}

TEST(ExtentGrowth, EndsAreAlignedAsTheRequestIs) {
  Granted granted;
  granted.add(pw, {20 * kKiB, 24 * kKiB});
  EXPECT_EQ(grown({pw, {0, 8 * kKiB}}, granted), (sim::Extent{0, 16 * kKiB}));
  EXPECT_EQ(grown({pw, {0, 4 * kKiB}}, granted), (sim::Extent{0, 20 * kKiB}));
  const auto waiting = {waits(pw, {0, 4 * kKiB})};
  EXPECT_EQ(grown({pw, {16 * kKiB, 20 * kKiB}}, {}, waiting), (sim::Extent{4 * kKiB, kEof}));
  EXPECT_EQ(grown({pw, {16 * kKiB, 24 * kKiB}}, {}, waiting), (sim::Extent{8 * kKiB, kEof}));
}

TEST(ExtentGrowth, ARequestInsideAPageIsNotShrunk) {
  Granted granted;
  granted.add(pw, {5000, 9000});
  EXPECT_EQ(grown({pw, {100, 4500}}, granted), (sim::Extent{100, 4500}));
  EXPECT_EQ(grown({pw, {9000, 9001}}, granted), (sim::Extent{9000, kEof}));
}

TEST(ExtentGrowth, WholeObjectAndItsLastBytesStayAsTheyAre) {
  const ManyBelow granted(40);
  EXPECT_EQ(grown({pw, {0, kEof}}, granted), (sim::Extent{0, kEof}));
  EXPECT_EQ(grown({pw, {kEof - 1, kEof}}, granted), (sim::Extent{kEof - 1, kEof}));
}

}  // namespace
}  // namespace cachemodel
