// Clients that share files under oplocks of one share server, or of two that do not know each
// other.
#include <gtest/gtest.h>

#include "scenarios/run/sharing_testing.h"

namespace scenarios {
namespace {

using sim::kMiB;
using Seen = std::vector<Written>;

// Two clients; `servers` says which share server each uses.
class Oplocks : public SharingClients {
 public:
  explicit Oplocks(stripe::Coherence coherence) : SharingClients(coherence) {}
  stripe::Mount& mount_at(std::uint32_t server) {
    design_.share_server = server;
    return mount();
  }
};
class OneServer : public Oplocks {
 public:
  OneServer() : Oplocks(stripe::Coherence::oplock) {}
};
class Clustered : public Oplocks {
 public:
  Clustered() : Oplocks(stripe::Coherence::oplock_clustered) {}
};

TEST_F(OneServer, AnOpenTakesTheOthersRightToWriteBehindAndSeesWhatItWrote) {
  run([](OneServer& test) -> sim::Task<void> {
    auto writer = co_await open_file(test.mount_at(0), "/f", "-c 2 -S 64K", false);
    const std::uint64_t stamp = co_await write(*writer, {0, kMiB});
    EXPECT_EQ(test.sent(stripe::kOstWrite), 0u);
    auto reader = co_await open_file(test.mount_at(0), "/f", "", false);
    EXPECT_EQ(test.sent(stripe::kShareBreak), 1u);
    const Seen seen{{0, kMiB, stamp}};
    EXPECT_EQ(co_await read(*reader, {0, kMiB}), seen);
  }(*this));
}

constexpr sim::Extent kChunk{0, 4 * kMiB - 4096};  // less than a full RPC, which would go at once

// Of two last closes, the first has nothing to do with what was written before the second.
TEST_F(OneServer, AnOpenWaitsForEveryCloseThatStillWritesBack) {
  run([](OneServer& test) -> sim::Task<void> {
    stripe::Mount& writing = test.mount_at(0);
    stripe::Mount& reading = test.mount_at(0);
    auto first = co_await open_file(writing, "/f", "-c 1", false);
    co_await write(*first, kChunk);
    bool closed = false;
    std::uint64_t second = 0;
    std::vector<sim::Task<void>> both;
    both.push_back([](OneServer& here, stripe::File& file, stripe::Mount& mount, bool& second_done,
                      const std::uint64_t& stamp) -> sim::Task<void> {
      EXPECT_EQ((co_await file.close()).status, sim::Errc::ok);
      EXPECT_FALSE(second_done);
      EXPECT_EQ(here.sent(stripe::kOstWrite), 1u) << "the second has not arrived";
      auto reader = co_await open_file(mount, "/f", "", false);
      const Seen seen{{0, kChunk.end, stamp}};
      EXPECT_EQ(co_await read(*reader, kChunk), seen);
    }(test, *first, reading, closed, second));
    both.push_back([](stripe::Mount& mount, bool& done, std::uint64_t& stamp) -> sim::Task<void> {
      auto file = co_await open_file(mount, "/f", "", false);
      stamp = co_await write(*file, kChunk);
      EXPECT_EQ((co_await file->close()).status, sim::Errc::ok);
      done = true;
    }(writing, closed, second));
    co_await sim::when_all(test.loop(), both);
  }(*this));
}

TEST_F(OneServer, AWriteTakesTheOthersRightToReadFromTheirCaches) {
  run([](OneServer& test) -> sim::Task<void> {
    auto one = co_await open_file(test.mount_at(0), "/f", "-c 2 -S 64K", false);
    auto two = co_await open_file(test.mount_at(0), "/f", "", false);
    for (int i = 0; i < 5; ++i) {
      const std::uint64_t stamp = co_await write(*one, {0, kMiB});
      const Seen seen{{0, kMiB, stamp}};
      EXPECT_EQ(co_await read(*two, {0, kMiB}), seen);
    }
  }(*this));
}

TEST_F(OneServer, ReadersOnlyReadFromTheirCaches) {
  run([](OneServer& test) -> sim::Task<void> {
    auto one = co_await open_file(test.mount_at(0), "/f", "-c 2 -S 64K", false);
    co_await write(*one, {0, kMiB});
    auto two = co_await open_file(test.mount_at(0), "/f", "", false);
    co_await read(*two, {0, kMiB});
    const std::uint64_t reads = test.sent(stripe::kOstRead);
    co_await read(*two, {0, kMiB});
    co_await read(*one, {0, kMiB});
    EXPECT_EQ(test.sent(stripe::kOstRead), reads);
  }(*this));
}

TEST_F(OneServer, TheLastCloseWritesBackAndForgets) {
  run([](OneServer& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount_at(0);
    auto file = co_await open_file(client, "/f", "-c 2 -S 64K", false);
    co_await write(*file, {0, kMiB});
    co_await file->close();
    EXPECT_EQ(client.write_back().dirty(), 0u);
    EXPECT_EQ(client.policy()->held(), 0u);
  }(*this));
}

sim::Task<void> close_after(stripe::File& file, sim::Duration after, sim::Loop& loop) {
  co_await sim::sleep_for(loop, after);
  static_cast<void>(co_await file.close());
}

sim::Task<void> open_after(stripe::Mount& client, sim::Duration after, sim::Loop& loop,
                           std::unique_ptr<stripe::File>& file) {
  co_await sim::sleep_for(loop, after);
  file = co_await open_file(client, "/f", "", false);
}

// A close that its server took up before an open sent earlier would end the client's right, and
// nobody would have it write back.
TEST_F(OneServer, WhoOpensWhileAnotherClosesOneHandleAndOpensTheNextSeesWhatItWrote) {
  stripe::Mount& holder = mount_at(0);
  stripe::Mount& other = mount_at(0);
  for (int i = 0; i < 1600; ++i) {
    run([](OneServer& test, stripe::Mount& one, stripe::Mount& two, int at) -> sim::Task<void> {
      auto first = co_await open_file(one, "/f", "-c 1", false);
      const std::uint64_t stamp = co_await write(*first, {0, 4096});
      std::unique_ptr<stripe::File> next;
      std::unique_ptr<stripe::File> others;
      std::vector<sim::Task<void>> tasks;
      tasks.push_back(open_after(one, sim::microseconds(100), test.loop(), next));
      tasks.push_back(close_after(*first, sim::microseconds(10 * (at % 40)), test.loop()));
      tasks.push_back(open_after(two, sim::microseconds(10 * (at / 40)), test.loop(), others));
      co_await sim::when_all(test.loop(), tasks);
      const Seen seen{{0, 4096, stamp}};
      EXPECT_EQ(co_await read(*others, {0, 4096}), seen) << at;
      static_cast<void>(co_await next->close());
      static_cast<void>(co_await others->close());
    }(*this, holder, other, i));
    ASSERT_FALSE(HasFailure());
  }
}

sim::Task<void> visit_after(stripe::Mount& client, sim::Duration after, sim::Loop& loop) {
  co_await sim::sleep_for(loop, after);
  auto file = co_await open_file(client, "/f", "-c 1", false);
  co_await SharingClients::write(*file, {0, 4096});
  static_cast<void>(co_await file->close());
}

// What is acknowledged when a read begins, must be seen by it.
sim::Task<void> open_and_read_after(stripe::Mount& client, sim::Duration after, sim::Loop& loop,
                                    const std::uint64_t& acknowledged) {
  std::unique_ptr<stripe::File> file;
  co_await open_after(client, after, loop, file);
  const std::uint64_t expected = acknowledged;
  const Seen seen = co_await SharingClients::read(*file, {0, 4096});
  if (expected != 0) {
    EXPECT_EQ(seen.front().writer, expected);
  }
  static_cast<void>(co_await file->close());
}

sim::Task<void> write_after(stripe::File& file, sim::Extent range, sim::Duration after,
                            sim::Loop& loop, std::uint64_t& acknowledged) {
  co_await sim::sleep_for(loop, after);
  acknowledged = co_await SharingClients::write(file, range);
}

// One handle writes behind while a break takes that right, and another of the same client tells
// the server of a write past the cache: that must not look as if all had been written back.
TEST_F(OneServer, AWriteThatIsToldDoesNotHideWhatItsClientHasStillToWriteBack) {
  stripe::Mount& writer = mount_at(0);
  stripe::Mount& reader = mount_at(0);
  for (int i = 0; i < 900; ++i) {
    run([](OneServer& test, stripe::Mount& one, stripe::Mount& two, int at) -> sim::Task<void> {
      auto file = co_await open_file(one, "/f", "-c 1", false);
      auto same = co_await open_file(one, "/f", "", false);
      std::uint64_t behind = 0;
      std::uint64_t past = 0;
      std::vector<sim::Task<void>> tasks;
      const auto after = [](int tens) { return sim::microseconds(20 * tens); };
      tasks.push_back(write_after(*file, {0, 4 * kMiB}, {}, test.loop(), behind));
      tasks.push_back(
          write_after(*same, {8 * kMiB, 8 * kMiB + 4096}, after(at % 30), test.loop(), past));
      tasks.push_back(open_and_read_after(two, {}, test.loop(), behind));
      tasks.push_back(open_and_read_after(two, after(at / 30), test.loop(), behind));
      co_await sim::when_all(test.loop(), tasks);
      static_cast<void>(co_await file->close());
      static_cast<void>(co_await same->close());
    }(*this, writer, reader, i));
    ASSERT_FALSE(HasFailure()) << i;
  }
}

// Two last closes write back at the same time, and the file is opened again before the second ends.
TEST_F(OneServer, ACloseThatEndsLateDoesNotEndALaterOpen) {
  stripe::Mount& client = mount_at(0);
  for (int i = 0; i < 300; ++i) {
    run([](OneServer& test, stripe::Mount& one, int at) -> sim::Task<void> {
      auto file = co_await open_file(one, "/f", "-c 1", false);
      co_await write(*file, {0, 4 * kMiB});
      std::vector<sim::Task<void>> visits;
      visits.push_back(close_after(*file, {}, test.loop()));
      visits.push_back(visit_after(one, sim::microseconds(100), test.loop()));
      visits.push_back(visit_after(one, sim::microseconds(10 * at), test.loop()));
      co_await sim::when_all(test.loop(), visits);
    }(*this, client, i));
    ASSERT_EQ(client.policy()->held(), 0u) << i;
    ASSERT_EQ(sent(stripe::kShareOpen), sent(stripe::kShareClose)) << i;
  }
}

TEST_F(Clustered, ServersWithOneTableKeepTheirClientsCoherent) {
  run([](Clustered& test) -> sim::Task<void> {
    auto one = co_await open_file(test.mount_at(0), "/f", "-c 2 -S 64K", false);
    auto two = co_await open_file(test.mount_at(1), "/f", "", false);
    for (int i = 0; i < 5; ++i) {
      const std::uint64_t stamp = co_await write(*one, {0, kMiB});
      const Seen seen{{0, kMiB, stamp}};
      EXPECT_EQ(co_await read(*two, {0, kMiB}), seen);
    }
  }(*this));
}

// Measured on two Samba servers: both grant, nobody is told, and reads come back stale.
TEST_F(OneServer, TwoServersThatDoNotKnowEachOtherLeaveCachesStale) {
  run([](OneServer& test) -> sim::Task<void> {
    auto one = co_await open_file(test.mount_at(0), "/f", "-c 2 -S 64K", false);
    const std::uint64_t first = co_await write(*one, {0, kMiB});
    co_await one->fsync();
    auto two = co_await open_file(test.mount_at(1), "/f", "", false);
    const Seen old{{0, kMiB, first}};
    EXPECT_EQ(co_await read(*two, {0, kMiB}), old);
    co_await write(*one, {0, kMiB});
    co_await one->fsync();
    EXPECT_EQ(co_await read(*two, {0, kMiB}), old);
    EXPECT_EQ(test.sent(stripe::kShareBreak), 0u);
  }(*this));
}

}  // namespace
}  // namespace scenarios
