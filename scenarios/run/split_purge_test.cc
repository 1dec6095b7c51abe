// What a purge makes of a cache that I/O has gone past, what it costs, and when it fails.
#include <gtest/gtest.h>

#include "scenarios/run/split_testing.h"

namespace scenarios {
namespace {

using sim::kKiB;
using sim::kMiB;
using stripe::Purge;
using stripe::Redirect;
using Seen = std::vector<Written>;

// One client with two handles: `cached` has read all of a stripe, and `past` has changed its first
// page since, unless the client is to do that itself.
struct Purging {
  Purging(Split& test, Purge purge, bool mapped = false)
      : client(test.mount_as(Redirect::paging, purge, mapped)) {}
  sim::Task<void> begin() {
    cached = co_await open_file(client, "/f", Split::kLayout, false);
    old = co_await Split::fill(*cached, Split::kStripe);
    past = co_await open_file(client, "/f", "", true);
    static_cast<void>(co_await Split::read(*cached, {0, Split::kStripe}));  // opening may purge
    before = client.context().stats;
  }
  sim::Task<void> change(sim::Extent range = {0, 4 * kKiB}) {
    now = co_await Split::write(*past, range);
  }
  sim::Task<void> expect(Seen seen) {
    const sim::Bytes end = seen.back().end;
    const Seen found = co_await Split::read(*cached, {0, end});
    EXPECT_EQ(found, seen);
  }
  Seen stale() const { return {{0, Split::kStripe, old}}; }
  Seen fresh() const { return {{0, 4 * kKiB, now}, {4 * kKiB, Split::kStripe, old}}; }
  void expect_purges(std::uint64_t purges, std::uint64_t failed) const {
    EXPECT_EQ(client.context().stats.purges - before.purges, purges);
    EXPECT_EQ(client.context().stats.failed_purges - before.failed_purges, failed);
  }

  stripe::Mount& client;
  std::unique_ptr<stripe::File> cached;
  std::unique_ptr<stripe::File> past;
  std::uint64_t old = 0;
  std::uint64_t now = 0;
  stripe::ClientStats before;
};

TEST_F(Split, APurgeOfTheRangeMakesARedirectedWriteVisible) {
  run([](Split& test) -> sim::Task<void> {
    Purging one(test, Purge::range);
    co_await one.begin();
    co_await one.change();
    co_await one.expect(one.fresh());
    one.expect_purges(1, 0);
  }(*this));
}

TEST_F(Split, APurgeOfTheRangeDropsNothingBeside) {
  run([](Split& test) -> sim::Task<void> {
    Purging one(test, Purge::range);
    co_await one.begin();
    co_await one.change();
    EXPECT_EQ(one.client.cache().cached(), kStripe - 4 * kKiB);
  }(*this));
}

TEST_F(Split, APurgeFailsWhenSomethingOfItsRangeIsDirtyAndNotForWhatIsBeside) {
  run([](Split& test) -> sim::Task<void> {
    Purging one(test, Purge::range);
    co_await one.begin();
    const std::uint64_t dirty = co_await write(*one.cached, {8 * kKiB, 12 * kKiB});
    co_await one.change({4 * kKiB, 8 * kKiB});
    one.expect_purges(1, 0);
    co_await one.change({0, 8 * kKiB + 1});
    one.expect_purges(2, 1);
    // Nothing of the range has gone, the clean part before the dirty one neither.
    const Seen clean{{0, 4 * kKiB, one.old}};
    EXPECT_EQ(co_await read(*one.cached, {0, 4 * kKiB}), clean);
    const Seen changed{{8 * kKiB, 12 * kKiB, dirty}};
    EXPECT_EQ(co_await read(*one.cached, {8 * kKiB, 12 * kKiB}), changed);
  }(*this));
}

TEST_F(Split, APurgeFailsWhileAReadUsesItsRange) {
  run([](Split& test) -> sim::Task<void> {
    Purging one(test, Purge::range);
    co_await one.begin();
    co_await one.change({kMiB, 65 * kMiB});  // not cached, and takes long to read
    const auto long_read = [](Purging& p) -> sim::Task<void> {
      static_cast<void>(co_await p.cached->read({0, 65 * kMiB}));
    };
    std::vector<sim::Task<void>> both;
    both.push_back(long_read(one));
    both.push_back(one.change());
    co_await sim::when_all(test.loop(), both);
    one.expect_purges(2, 1);
    co_await one.expect(one.stale());
    co_await one.change();
    one.expect_purges(3, 1);
    co_await one.expect(one.fresh());
  }(*this));
}

TEST_F(Split, AMappedFileIsNeverPurged) {
  for (const Purge purge : {Purge::open, Purge::close, Purge::range}) {
    run([](Split& test, Purge when) -> sim::Task<void> {
      Purging one(test, when, true);
      co_await one.begin();
      co_await one.change();
      auto another = co_await open_file(one.client, "/f", "", false);
      static_cast<void>(co_await another->close());
      one.expect_purges(1, 1);
      co_await one.expect(one.stale());
      static_cast<void>(co_await one.cached->close());
      static_cast<void>(co_await one.past->close());
      static_cast<void>(co_await one.client.unlink("/f"));
    }(*this, purge));
  }
}

TEST_F(Split, APurgeAtOpenMakesVisibleWhatWasRedirectedBefore) {
  run([](Split& test) -> sim::Task<void> {
    Purging one(test, Purge::open);
    co_await one.begin();
    co_await one.change();
    co_await one.expect(one.stale());
    auto another = co_await open_file(one.client, "/f", "", false);
    co_await one.expect(one.fresh());
    one.expect_purges(1, 0);
    static_cast<void>(another);
  }(*this));
}

TEST_F(Split, APurgeAtOpenFailsWhenAnythingOfTheFileIsDirty) {
  run([](Split& test) -> sim::Task<void> {
    Purging one(test, Purge::open);
    co_await one.begin();
    co_await one.change();
    static_cast<void>(co_await write(*one.cached, {kMiB, kMiB + 4 * kKiB}));
    auto another = co_await open_file(one.client, "/f", "", false);
    one.expect_purges(1, 1);
    co_await one.expect(one.stale());
    static_cast<void>(another);
  }(*this));
}

TEST_F(Split, APurgeAtCloseMakesVisibleWhatWasRedirectedBefore) {
  run([](Split& test) -> sim::Task<void> {
    Purging one(test, Purge::close);
    co_await one.begin();
    co_await one.change();
    co_await one.expect(one.stale());
    static_cast<void>(co_await one.past->close());
    one.expect_purges(1, 0);
    co_await one.expect(one.fresh());
  }(*this));
}

// Every client has a cache of its own at the metadata share.
TEST_F(Split, APurgeOfTheRangeLeavesOtherClientsCachesStale) {
  run([](Split& test) -> sim::Task<void> {
    Purging one(test, Purge::none);
    co_await one.begin();
    stripe::Mount& other = test.mount_as(Redirect::paging, Purge::range);
    auto past = co_await open_file(other, "/f", "", true);
    static_cast<void>(co_await write(*past, {0, 4 * kKiB}));
    EXPECT_EQ(other.context().stats.purges, 1u);
    co_await one.expect(one.stale());
  }(*this));
}

TEST_F(Split, APurgeTakesItsTimeWhetherItFailsOrNot) {
  std::vector<sim::Duration> took;
  for (const bool mapped : {false, true}) {
    for (const Purge purge : {Purge::none, Purge::range}) {
      run([](Split& test, Purge when, bool fails, sim::Duration& time) -> sim::Task<void> {
        Purging one(test, when, fails);
        co_await one.begin();
        co_await one.change();
        const sim::TimePoint began = test.loop().now();
        co_await one.change();
        time = test.loop().now() - began;
        static_cast<void>(co_await one.cached->close());
        static_cast<void>(co_await one.past->close());
        static_cast<void>(co_await one.client.unlink("/f"));
      }(*this, purge, mapped, took.emplace_back()));
    }
  }
  EXPECT_EQ(took[1] - took[0], sim::microseconds(100));
  EXPECT_EQ(took[3] - took[2], sim::microseconds(100));
}

}  // namespace
}  // namespace scenarios
