// Which cache of a file I/O goes through, which it passes, and so what is stale where.
#include <gtest/gtest.h>

#include "scenarios/run/split_testing.h"

namespace scenarios {
namespace {

using sim::kKiB;
using sim::kMiB;
using stripe::Redirect;
using Seen = std::vector<Written>;

TEST_F(Split, ARedirectedWriteLeavesTheCacheItPassesStaleAndNoByteMore) {
  run([](Split& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount_as(Redirect::paging);
    auto cached = co_await open_file(client, "/f", kLayout, false);
    const std::uint64_t old = co_await fill(*cached, kStripe);
    auto redirected = co_await open_file(client, "/f", "", true);
    const std::uint64_t now = co_await write(*redirected, {60 * kKiB, 68 * kKiB});
    // Cached up to 64 KiB; what was not is fetched now.
    const Seen through{{0, kStripe, old}, {kStripe, 68 * kKiB, now}};
    EXPECT_EQ(co_await read(*cached, {0, 68 * kKiB}), through);
    const Seen past{{0, 60 * kKiB, old}, {60 * kKiB, 68 * kKiB, now}};
    EXPECT_EQ(co_await read(*redirected, {0, 68 * kKiB}), past);
  }(*this));
}

TEST_F(Split, ARedirectedReadDoesNotSeeWhatIsDirtyInTheCacheItPasses) {
  run([](Split& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount_as(Redirect::paging);
    auto cached = co_await open_file(client, "/f", kLayout, false);
    const std::uint64_t old = co_await fill(*cached, kStripe);
    const std::uint64_t dirty = co_await write(*cached, {0, 4 * kKiB});
    auto redirected = co_await open_file(client, "/f", "", true);
    const Seen before{{0, kStripe, old}};
    EXPECT_EQ(co_await read(*redirected, {0, kStripe}), before);
    static_cast<void>(co_await cached->fsync());
    const Seen after{{0, 4 * kKiB, dirty}, {4 * kKiB, kStripe, old}};
    EXPECT_EQ(co_await read(*redirected, {0, kStripe}), after);
  }(*this));
}

TEST_F(Split, WhatIsNotRedirectedPassesNoCache) {
  run([](Split& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount_as(Redirect::none);
    auto cached = co_await open_file(client, "/f", kLayout, false);
    const std::uint64_t old = co_await fill(*cached, kStripe);
    const std::uint64_t dirty = co_await write(*cached, {0, 4 * kKiB});
    auto direct = co_await open_file(client, "/f", "", true);
    const std::uint64_t now = co_await write(*direct, {4 * kKiB, 8 * kKiB});
    const Seen seen{{0, 4 * kKiB, dirty}, {4 * kKiB, 8 * kKiB, now}, {8 * kKiB, kStripe, old}};
    EXPECT_EQ(co_await read(*direct, {0, kStripe}), seen);
    EXPECT_EQ(co_await read(*cached, {0, kStripe}), seen);
  }(*this));
}

TEST_F(Split, ARedirectedWriteIsNotToldToTheMetadataShareAndAWriteToTheWireIs) {
  run([](Split& test) -> sim::Task<void> {
    auto reader = co_await open_file(test.mount_as(Redirect::paging), "/f", kLayout, false);
    const std::uint64_t old = co_await fill(*reader, kStripe);
    stripe::Mount& other = test.mount_as(Redirect::paging);
    auto past = co_await open_file(other, "/f", "", true);
    auto through = co_await open_file(other, "/f", "", false);
    static_cast<void>(co_await write(*past, {0, 4 * kKiB}));
    const Seen stale{{0, kStripe, old}};
    EXPECT_EQ(co_await read(*reader, {0, kStripe}), stale);
    // Without an oplock the redirector goes to the wire, past the filter: no paging I/O.
    const std::uint64_t now = co_await write(*through, {0, kStripe});
    const Seen fresh{{0, kStripe, now}};
    EXPECT_EQ(co_await read(*reader, {0, kStripe}), fresh);
  }(*this));
}

TEST_F(Split, AloneAClientTellsNobodyOfWhatItWritesBack) {
  run([](Split& test) -> sim::Task<void> {
    auto file = co_await open_file(test.mount_as(Redirect::paging), "/f", kLayout, false);
    co_await fill(*file, kMiB);
    EXPECT_EQ(test.sent(stripe::kShareWrite), 0u);
    EXPECT_EQ(test.sent(stripe::kShareOpen), 3u);  // the metadata share, and two of data
  }(*this));
}

TEST_F(Split, AllRedirectedIsCachedAtTheDataSharesAndCoherent) {
  run([](Split& test) -> sim::Task<void> {
    auto one = co_await open_file(test.mount_as(Redirect::all), "/f", kLayout, false);
    std::uint64_t stamp = co_await fill(*one, kMiB);
    auto two = co_await open_file(test.mount_as(Redirect::all), "/f", "", false);
    const Seen first{{0, kMiB, stamp}};
    EXPECT_EQ(co_await read(*two, {0, kMiB}), first);
    const std::uint64_t reads = test.sent(stripe::kOstRead);
    EXPECT_EQ(co_await read(*two, {0, kMiB}), first);
    EXPECT_EQ(test.sent(stripe::kOstRead), reads);
    for (int i = 0; i < 5; ++i) {
      stamp = co_await write(*one, {0, kMiB});
      const Seen seen{{0, kMiB, stamp}};
      EXPECT_EQ(co_await read(*two, {0, kMiB}), seen);
    }
  }(*this));
}

TEST_F(Split, AllRedirectedOpensAndDirectIoOfOneClientSeeEachOther) {
  run([](Split& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount_as(Redirect::all);
    auto cached = co_await open_file(client, "/f", kLayout, false);
    co_await fill(*cached, kMiB);
    auto direct = co_await open_file(client, "/f", "", true);
    const std::uint64_t dirty = co_await write(*cached, {0, kMiB});
    const std::uint64_t now = co_await write(*direct, {4 * kKiB, kStripe});
    const Seen seen{{0, 4 * kKiB, dirty}, {4 * kKiB, kStripe, now}, {kStripe, kMiB, dirty}};
    EXPECT_EQ(co_await read(*direct, {0, kMiB}), seen);
    EXPECT_EQ(co_await read(*cached, {0, kMiB}), seen);
  }(*this));
}

TEST_F(Split, AUserOfADataShareIsHeardOfOnItsNodesStripesOnly) {
  run([](Split& test) -> sim::Task<void> {
    auto filter = co_await open_file(test.mount_as(Redirect::all), "/f", kLayout, false);
    const std::uint64_t old = co_await fill(*filter, 2 * kStripe);
    auto user = co_await open_file(test.user_of_share(*filter, 0), "/f", "", true);
    static_cast<void>(co_await read(*filter, {0, 2 * kStripe}));
    const std::uint64_t reads = test.sent(stripe::kOstRead);
    const std::uint64_t now = co_await write(*user, {0, 2 * kStripe});
    // The second stripe's share was not told: its cache is as it was.
    const Seen fresh{{0, kStripe, now}};
    EXPECT_EQ(co_await read(*filter, {0, kStripe}), fresh);
    EXPECT_EQ(test.sent(stripe::kOstRead), reads + 1);
    const Seen stale{{kStripe, 2 * kStripe, old}};
    EXPECT_EQ(co_await read(*filter, {kStripe, 2 * kStripe}), stale);
    EXPECT_EQ(test.sent(stripe::kOstRead), reads + 1);
  }(*this));
}

TEST_F(Split, PagingIoIsSeenByTheDataShares) {
  run([](Split& test) -> sim::Task<void> {
    auto data = co_await open_file(test.mount_as(Redirect::all), "/f", kLayout, false);
    co_await fill(*data, kStripe);
    auto alone = co_await open_file(test.mount_as(Redirect::paging), "/f", "", false);
    const std::uint64_t paged = co_await write(*alone, {0, kStripe});
    static_cast<void>(co_await alone->fsync());
    const Seen seen{{0, kStripe, paged}};
    EXPECT_EQ(co_await read(*data, {0, kStripe}), seen);
  }(*this));
}

TEST_F(Split, CachedIoThatGoesToTheWireIsNotSeenByTheDataShares) {
  run([](Split& test) -> sim::Task<void> {
    auto data = co_await open_file(test.mount_as(Redirect::all), "/f", kLayout, false);
    const std::uint64_t old = co_await fill(*data, kStripe);
    auto one = co_await open_file(test.mount_as(Redirect::paging), "/f", "", false);
    auto two = co_await open_file(test.mount_as(Redirect::paging), "/f", "", false);
    const std::uint64_t now = co_await write(*one, {0, 4 * kKiB});
    const Seen stale{{0, kStripe, old}};
    EXPECT_EQ(co_await read(*data, {0, kStripe}), stale);
    const Seen fresh{{0, 4 * kKiB, now}, {4 * kKiB, kStripe, old}};
    EXPECT_EQ(co_await read(*two, {0, kStripe}), fresh);
  }(*this));
}

TEST_F(Split, TheLastCloseGivesBackAllHandles) {
  for (const Redirect redirect : {Redirect::none, Redirect::paging, Redirect::all}) {
    run([](Split& test, Redirect what) -> sim::Task<void> {
      stripe::Mount& client = test.mount_as(what);
      auto one = co_await open_file(client, "/f", kLayout, false);
      auto two = co_await open_file(client, "/f", "", true);
      static_cast<void>(co_await write(*one, {0, kMiB}));
      static_cast<void>(co_await read(*two, {0, kMiB}));
      static_cast<void>(co_await one->close());
      EXPECT_GT(client.policy()->held(), 0u);
      static_cast<void>(co_await two->close());
      EXPECT_EQ(client.policy()->held(), 0u);
      EXPECT_EQ(client.write_back().dirty(), 0u);
      EXPECT_EQ(client.cache().cached(), 0u);
    }(*this, redirect));
  }
  EXPECT_EQ(sent(stripe::kShareOpen), sent(stripe::kShareClose));
}

}  // namespace
}  // namespace scenarios
