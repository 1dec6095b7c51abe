// What size of a file glimpses find while others write it under locks of theirs.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"
#include "sim/combine.h"

namespace scenarios {
namespace {

using sim::Errc;
using sim::kKiB;
using sim::kMiB;

stripe::ClientDesign locking() {
  stripe::ClientDesign design;
  design.coherence = stripe::Coherence::ldlm;
  return design;
}

// As much as fills an RPC fills its cache, too.
stripe::ClientDesign without_room() {
  stripe::ClientDesign design = locking();
  design.max_dirty_per_ost = design.max_rpc_size;
  return design;
}

class Glimpse : public ::testing::Test {
 public:
  stripe::Mount& mount() { return cluster_.mount(locking()); }
  void run(sim::Task<void> task) { cluster_.run(std::move(task)); }
  std::uint64_t sent(transport::Opcode opcode) const { return cluster_.requests(opcode); }

  static sim::Task<void> write(stripe::File& file, sim::Extent range) {
    EXPECT_EQ((co_await file.write(range)).status, Errc::ok);
  }
  static sim::Task<sim::Bytes> size(stripe::Mount& mount) {
    const stripe::Found found = co_await mount.stat("/f");
    EXPECT_EQ(found.outcome.status, Errc::ok);
    co_return found.attr.size;
  }
  SmallCluster cluster_;
};

// The client above waits for room in its cache, under a lock already, when the one below it is
// done.
TEST_F(Glimpse, FindsWhatAnotherWroteBelowALockThatNothingIsWrittenUnderYet) {
  run([](Glimpse& test) -> sim::Task<void> {
    stripe::Mount& asking = test.mount();
    stripe::Mount& full = test.cluster_.mount(without_room());
    auto third = co_await open_file(asking, "/f", "-c 1 -i 0", false);
    auto low = co_await open_file(test.mount(), "/f", "", false);
    auto high = co_await open_file(full, "/f", "", false);
    auto other = co_await open_file(full, "/other", "-c 1 -i 0", false);
    co_await write(*other, {0, 4 * kMiB - 4 * kKiB});
    co_await write(*third, {0, 4 * kKiB});
    bool written = false;
    std::vector<sim::Task<void>> both;
    both.push_back([](stripe::File& file, bool& done) -> sim::Task<void> {
      co_await write(file, {kMiB, kMiB + 64 * kKiB});
      done = true;
    }(*high, written));
    both.push_back([](Glimpse& here, stripe::File& file, stripe::Mount& from,
                      const bool& done) -> sim::Task<void> {
      co_await write(file, {0, 600 * kKiB});
      EXPECT_EQ(co_await size(from), 600 * kKiB);
      EXPECT_EQ(here.sent(stripe::kLdlmGlimpse), 2u);
      EXPECT_FALSE(done);
    }(test, *low, asking, written));
    co_await sim::when_all(test.cluster_.loop(), both);
    EXPECT_EQ(co_await size(asking), kMiB + 64 * kKiB);
    EXPECT_EQ(test.sent(stripe::kLdlmGlimpse), 3u) << "the highest is enough";
  }(*this));
}

// Two asked at once and got a lock each.
TEST_F(Glimpse, IsAnsweredFromALockAfterAnotherLikeItHasGone) {
  run([](Glimpse& test) -> sim::Task<void> {
    stripe::ClientDesign forgetful = locking();
    forgetful.lock_lru.max_unused = 1;
    forgetful.lock_lru.batch = 1;
    stripe::Mount& asking = test.cluster_.mount(forgetful);
    stripe::Mount& writer = test.mount();
    auto file = co_await open_file(writer, "/f", "-c 1", false);
    co_await write(*file, {0, 5 * kKiB});
    co_await file->close();
    EXPECT_EQ(co_await writer.unmount(), 0u);
    std::vector<sim::Task<sim::Bytes>> both;
    both.push_back(size(asking));
    both.push_back(size(asking));
    co_await sim::when_all(test.cluster_.loop(), both);
    const std::uint64_t cancels = test.sent(stripe::kLdlmCancel);
    co_await sim::sleep_for(test.cluster_.loop(), sim::seconds(30));
    EXPECT_GT(test.sent(stripe::kLdlmCancel), cancels);
    EXPECT_EQ(co_await size(asking), 5 * kKiB);
  }(*this));
}

// Both wait for a third's lock: neither is then granted what the other asked for.
sim::Task<void> write_side_by_side(sim::Loop& loop, stripe::File& third, stripe::File& low,
                                   stripe::File& high) {
  co_await Glimpse::write(third, {0, 4 * kKiB});
  std::vector<sim::Task<void>> both;
  both.push_back(Glimpse::write(low, {0, 4 * kKiB}));
  both.push_back(Glimpse::write(high, {kMiB, kMiB + 4 * kKiB}));
  co_await sim::when_all(loop, both);
}

TEST_F(Glimpse, WhatWasHeardOfBeyondTheLocksHeldDoesNotCount) {
  run([](Glimpse& test) -> sim::Task<void> {
    stripe::Mount& below = test.mount();
    auto low = co_await open_file(below, "/f", "-c 1", false);
    auto high = co_await open_file(test.mount(), "/f", "", false);
    auto third = co_await open_file(test.mount(), "/f", "", false);
    co_await write_side_by_side(test.cluster_.loop(), *third, *low, *high);
    co_await high->fsync();
    co_await low->fsync();  // and is told how long the file is
    EXPECT_EQ((co_await high->truncate(kMiB)).status, Errc::ok);
    EXPECT_EQ(co_await size(below), kMiB);
  }(*this));
}

TEST_F(Glimpse, OfAFileThatAnotherHasCutCountsMoreThanWhatWasKnownBesideDirtyData) {
  run([](Glimpse& test) -> sim::Task<void> {
    stripe::Mount& below = test.mount();
    auto low = co_await open_file(below, "/f", "-c 1", false);
    auto high = co_await open_file(test.mount(), "/f", "", false);
    auto third = co_await open_file(test.mount(), "/f", "", false);
    co_await write_side_by_side(test.cluster_.loop(), *third, *low, *high);
    EXPECT_EQ(co_await size(below), kMiB + 4 * kKiB);
    EXPECT_EQ((co_await high->truncate(kMiB)).status, Errc::ok);
    EXPECT_EQ(test.sent(stripe::kOstWrite), 1u) << "the third's; the others' are dirty";
    EXPECT_EQ(co_await size(below), kMiB);
  }(*this));
}

}  // namespace
}  // namespace scenarios
