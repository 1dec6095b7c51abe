// Clients that share files under extent locks: what one wrote the others read, and what that costs.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

using sim::Errc;
using sim::kMiB;

stripe::ClientDesign locking() {
  stripe::ClientDesign design;
  design.coherence = stripe::Coherence::ldlm;
  return design;
}

class Ldlm : public ::testing::Test {
 public:
  stripe::Mount& mount() { return cluster_.mount(locking()); }
  void run(sim::Task<void> task) { cluster_.run(std::move(task)); }
  std::uint64_t sent(transport::Opcode opcode) const { return cluster_.requests(opcode); }

  // Who wrote what `file` reads as in `range`.
  static sim::Task<std::vector<Written>> read(stripe::File& file, sim::Extent range) {
    const stripe::Outcome outcome = co_await file.read(range);
    EXPECT_EQ(outcome.status, Errc::ok);
    co_return writers_of(file, range.begin, outcome.data);
  }
  static sim::Task<std::uint64_t> write(stripe::File& file, sim::Extent range) {
    const stripe::Outcome outcome = co_await file.write(range);
    EXPECT_EQ(outcome.status, Errc::ok);
    EXPECT_EQ(outcome.bytes, range.size());
    co_return file.last_stamp().value;
  }
  SmallCluster cluster_;
};

TEST_F(Ldlm, AReaderSeesWhatAnotherClientHasOnlyInItsCache) {
  run([](Ldlm& test) -> sim::Task<void> {
    auto writer = co_await open_file(test.mount(), "/f", "-c 1", false);
    auto reader = co_await open_file(test.mount(), "/f", "", false);
    const std::uint64_t first = co_await write(*writer, {0, kMiB});
    const std::vector<Written> seen{{0, kMiB, first}};
    EXPECT_EQ(test.sent(stripe::kOstWrite), 0u);
    EXPECT_EQ(co_await read(*reader, {0, kMiB}), seen);
    EXPECT_EQ(test.sent(stripe::kOstWrite), 1u);
    const std::uint64_t second = co_await write(*writer, {0, kMiB});
    const std::vector<Written> newer{{0, kMiB, second}};
    EXPECT_EQ(co_await read(*reader, {0, kMiB}), newer);
  }(*this));
}

TEST_F(Ldlm, ACachedReadUnderALockAsksNobody) {
  run([](Ldlm& test) -> sim::Task<void> {
    auto writer = co_await open_file(test.mount(), "/f", "-c 1", false);
    auto reader = co_await open_file(test.mount(), "/f", "", false);
    co_await write(*writer, {0, kMiB});
    co_await read(*reader, {0, kMiB});
    const auto before = test.cluster_.cluster().world().traffic();
    co_await read(*reader, {0, kMiB});
    EXPECT_EQ(test.cluster_.cluster().world().traffic(), before);
  }(*this));
}

// Enqueue, blocking callback, cancel, completion: four requests, and their answers.
TEST_F(Ldlm, AConflictWithACleanHolderIsFourRequests) {
  run([](Ldlm& test) -> sim::Task<void> {
    auto one = co_await open_file(test.mount(), "/f", "-c 1", false);
    auto two = co_await open_file(test.mount(), "/f", "", false);
    co_await write(*one, {0, kMiB});
    co_await one->fsync();
    const std::uint64_t enqueues = test.sent(stripe::kLdlmExtent);
    co_await write(*two, {0, kMiB});
    EXPECT_EQ(test.sent(stripe::kLdlmExtent) - enqueues, 1u);
    EXPECT_EQ(test.sent(stripe::kLdlmBlocking), 1u);
    EXPECT_EQ(test.sent(stripe::kLdlmCancel), 1u);
    EXPECT_EQ(test.sent(stripe::kLdlmCompletion), 1u);
  }(*this));
}

TEST_F(Ldlm, AFirstWriteTakesOneLockForEachStripeItTouches) {
  run([](Ldlm& test) -> sim::Task<void> {
    auto file = co_await open_file(test.mount(), "/f", "-c 4 -S 1M", false);
    co_await write(*file, {0, 3 * kMiB});
    EXPECT_EQ(test.sent(stripe::kLdlmExtent), 3u);
    co_await write(*file, {0, 3 * kMiB});
    EXPECT_EQ(test.sent(stripe::kLdlmExtent), 3u);
    co_await write(*file, {3 * kMiB, 4 * kMiB});
    EXPECT_EQ(test.sent(stripe::kLdlmExtent), 4u);
  }(*this));
}

TEST_F(Ldlm, StatSeesTheSizeThatAnotherClientHasNotWrittenBack) {
  run([](Ldlm& test) -> sim::Task<void> {
    auto writer = co_await open_file(test.mount(), "/f", "-c 4 -S 1M", false);
    co_await write(*writer, {0, 2 * kMiB + 17});
    const stripe::Found found = co_await test.mount().stat("/f");
    EXPECT_EQ(found.outcome.status, Errc::ok);
    EXPECT_EQ(found.attr.size, 2 * kMiB + 17);
    EXPECT_EQ(test.sent(stripe::kLdlmGlimpse), 3u) << "the stripes that it has locks on";
    EXPECT_EQ(test.sent(stripe::kOstWrite), 0u) << "nobody has to write back for that";
  }(*this));
}

TEST_F(Ldlm, ATruncateTakesAwayWhatOthersHaveCached) {
  run([](Ldlm& test) -> sim::Task<void> {
    auto one = co_await open_file(test.mount(), "/f", "-c 2 -S 1M", false);
    auto two = co_await open_file(test.mount(), "/f", "", false);
    const std::uint64_t first = co_await write(*one, {0, 3 * kMiB});
    co_await read(*two, {0, 3 * kMiB});
    EXPECT_EQ((co_await two->truncate(kMiB)).status, Errc::ok);
    const std::vector<Written> left{{0, kMiB, first}};
    EXPECT_EQ(co_await read(*one, {0, 3 * kMiB}), left);
    EXPECT_EQ(co_await read(*two, {0, 3 * kMiB}), left);
  }(*this));
}

TEST_F(Ldlm, DirectReadsSeeWhatIsCachedElsewhere) {
  run([](Ldlm& test) -> sim::Task<void> {
    auto writer = co_await open_file(test.mount(), "/f", "-c 1", false);
    auto reader = co_await open_file(test.mount(), "/f", "", true);
    const std::uint64_t first = co_await write(*writer, {0, kMiB});
    const std::vector<Written> seen{{0, kMiB, first}};
    EXPECT_EQ(co_await read(*reader, {0, kMiB}), seen);
    const std::uint64_t second = co_await write(*reader, {0, kMiB});
    const std::vector<Written> newer{{0, kMiB, second}};
    EXPECT_EQ(co_await read(*writer, {0, kMiB}), newer);
  }(*this));
}

TEST_F(Ldlm, NoLockIsLeftAfterUnmount) {
  run([](Ldlm& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open_file(client, "/f", "-c 4 -S 1M", false);
    const std::uint64_t stamp = co_await write(*file, {0, 4 * kMiB});
    EXPECT_EQ(client.policy()->held(), 5u) << "four objects' and the inode's";
    co_await file->close();
    EXPECT_EQ(co_await client.unmount(), 0u);
    EXPECT_EQ(test.sent(stripe::kOstWrite), 4u);
    auto other = co_await open_file(test.mount(), "/f", "", false);
    const std::vector<Written> left{{0, 4 * kMiB, stamp}};
    EXPECT_EQ(co_await read(*other, {0, 4 * kMiB}), left);
    EXPECT_EQ(test.sent(stripe::kLdlmBlocking), 0u);
  }(*this));
}

// Each reads what the other wrote last, many times over, one page at a time.
TEST_F(Ldlm, PingPongNeverLosesAWrite) {
  run([](Ldlm& test) -> sim::Task<void> {
    auto one = co_await open_file(test.mount(), "/f", "-c 2 -S 64K", false);
    auto two = co_await open_file(test.mount(), "/f", "", false);
    stripe::File* files[] = {one.get(), two.get()};
    for (std::size_t i = 0; i < 100; ++i) {
      const sim::Bytes at = i % 32 * 4096;
      const std::uint64_t stamp = co_await write(*files[i % 2], {at, at + 4096});
      const std::vector<Written> seen{{at, at + 4096, stamp}};
      EXPECT_EQ(co_await read(*files[(i + 1) % 2], {at, at + 4096}), seen);
    }
  }(*this));
}

}  // namespace
}  // namespace scenarios
