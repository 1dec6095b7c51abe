// Clients that share files and believe what they have cached for a time-out, or cache nothing.
#include <gtest/gtest.h>

#include "scenarios/run/sharing_testing.h"

namespace scenarios {
namespace {

using sim::kMiB;
using Seen = std::vector<Written>;

class Ttl : public SharingClients {
 public:
  Ttl() : SharingClients(stripe::Coherence::ttl) {}
};

TEST_F(Ttl, ACachedReadIsBelievedUntilTheTimeOutAndNoLonger) {
  run([](Ttl& test) -> sim::Task<void> {
    auto writer = co_await open_file(test.mount(), "/f", "-c 2 -S 64K", true);
    const std::uint64_t first = co_await write(*writer, {0, kMiB});
    auto reader = co_await open_file(test.mount(), "/f", "", false);
    co_await read(*reader, {0, kMiB});
    // The attributes were asked for when the file was opened.
    const std::uint64_t second = co_await write(*writer, {0, kMiB});
    const sim::TimePoint stale_until = test.opened_at() + sim::seconds(3);
    co_await sim::sleep_until(test.loop(), stale_until - sim::Duration(1));
    const Seen want1{{0, kMiB, first}};
    EXPECT_EQ(co_await read(*reader, {0, kMiB}), want1);
    co_await sim::sleep_until(test.loop(), stale_until);
    const Seen want2{{0, kMiB, second}};
    EXPECT_EQ(co_await read(*reader, {0, kMiB}), want2);
  }(*this));
}

TEST_F(Ttl, AnOpenAfterACloseSeesWhatWasWritten) {
  run([](Ttl& test) -> sim::Task<void> {
    stripe::Mount& one = test.mount();
    stripe::Mount& two = test.mount();
    auto writer = co_await open_file(one, "/f", "-c 2 -S 64K", false);
    auto early = co_await open_file(two, "/f", "", false);
    co_await read(*early, {0, kMiB});
    const std::uint64_t stamp = co_await write(*writer, {0, kMiB});
    co_await writer->close();
    auto late = co_await open_file(two, "/f", "", false);
    const Seen want3{{0, kMiB, stamp}};
    EXPECT_EQ(co_await read(*late, {0, kMiB}), want3);
  }(*this));
}

TEST_F(Ttl, OwnWritesDoNotDropOwnPages) {
  run([](Ttl& test) -> sim::Task<void> {
    auto file = co_await open_file(test.mount(), "/f", "-c 2 -S 64K", false);
    co_await write(*file, {0, kMiB});
    co_await file->fsync();
    co_await sim::sleep_for(test.loop(), sim::seconds(10));
    const std::uint64_t before = test.sent(stripe::kOstRead);
    co_await read(*file, {0, kMiB});
    EXPECT_EQ(test.sent(stripe::kOstRead), before);
  }(*this));
}

TEST_F(Ttl, AnothersWriteBesideOwnOnesIsNotMistakenForOne) {
  run([](Ttl& test) -> sim::Task<void> {
    auto file = co_await open_file(test.mount(), "/f", "-c 1", false);
    auto other = co_await open_file(test.mount(), "/f", "", true);
    const std::uint64_t mine = co_await write(*file, {0, kMiB});
    co_await file->fsync();
    const std::uint64_t theirs = co_await write(*other, {0, 4096});
    co_await write(*file, {2 * kMiB, 3 * kMiB});
    co_await file->fsync();
    co_await sim::sleep_for(test.loop(), sim::seconds(3));
    const Seen want4{{0, 4096, theirs}, {4096, kMiB, mine}};
    EXPECT_EQ(co_await read(*file, {0, kMiB}), want4);
  }(*this));
}

class None : public SharingClients {
 public:
  None() : SharingClients(stripe::Coherence::none) {}
};

TEST_F(None, EveryReadGoesToTheServersAndIsNeverStale) {
  run([](None& test) -> sim::Task<void> {
    auto one = co_await open_file(test.mount(), "/f", "-c 2 -S 64K", false);
    auto two = co_await open_file(test.mount(), "/f", "", false);
    for (std::uint64_t i = 0; i < 4; ++i) {
      const std::uint64_t stamp = co_await write(*one, {0, 64 * 1024});
      const Seen want5{{0, 64 * 1024, stamp}};
      EXPECT_EQ(co_await read(*two, {0, 64 * 1024}), want5);
      EXPECT_EQ(test.sent(stripe::kOstRead), i + 1);
      EXPECT_EQ(test.sent(stripe::kOstWrite), i + 1);
    }
  }(*this));
}

}  // namespace
}  // namespace scenarios
