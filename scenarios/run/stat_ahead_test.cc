// Whoever looks at a directory's entries one after another is not kept waiting for each.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

constexpr int kFiles = 200;

class StatAhead : public ::testing::Test {
 public:
  stripe::Mount& mount(std::size_t statahead_max) {
    stripe::ClientDesign design;
    design.coherence = stripe::Coherence::ldlm;
    design.statahead_max = statahead_max;
    return cluster_.mount(design);
  }
  void run(sim::Task<void> task) { cluster_.run(std::move(task)); }
  static std::string path(int number) { return fmt::format("/d/f{:03}", number); }
  static sim::Task<void> furnish(stripe::Mount& maker) {
    static_cast<void>(co_await maker.mkdir("/d"));
    for (int i = 0; i < kFiles; ++i) {
      auto file = co_await open_file(maker, path(i), "-c 1", false);
      EXPECT_EQ((co_await file->close()).status, sim::Errc::ok);
    }
    EXPECT_EQ(co_await maker.unmount(), 0u);
  }
  static sim::Task<void> look(stripe::Mount& client, int number) {
    const stripe::Found found = co_await client.stat(path(number));
    EXPECT_EQ(found.outcome.status, sim::Errc::ok);
  }
  // Requests since the last call.
  std::uint64_t asked() {
    const std::uint64_t now = cluster_.requests(stripe::kLdlmEnqueue);
    return now - std::exchange(asked_, now);
  }
  // Reads the directory and looks at all of it; the time that takes.
  static sim::Task<sim::Duration> list(StatAhead& test, std::size_t statahead_max) {
    stripe::Mount& client = test.mount(statahead_max);
    test.asked();
    const sim::TimePoint begin = test.cluster_.loop().now();
    static_cast<void>(co_await client.readdir("/d"));
    for (int i = 0; i < kFiles; ++i) {
      co_await look(client, i);
    }
    EXPECT_EQ(test.asked(), 2u + kFiles) << "the way there, the directory, and each file once";
    co_return test.cluster_.loop().now() - begin;
  }
  SmallCluster cluster_;

 private:
  std::uint64_t asked_ = 0;
};

TEST_F(StatAhead, AsksForEachEntryOnceAndInTime) {
  run([](StatAhead& test) -> sim::Task<void> {
    co_await furnish(test.mount(0));
    const sim::Duration alone = co_await list(test, 0);
    const sim::Duration ahead = co_await list(test, 128);
    EXPECT_LT(ahead * 2, alone);
  }(*this));
}

TEST_F(StatAhead, BeginsAtTheFirstEntryWithAWindowOfEight) {
  run([](StatAhead& test) -> sim::Task<void> {
    co_await furnish(test.mount(0));
    stripe::Mount& client = test.mount(128);
    static_cast<void>(co_await client.readdir("/d"));
    test.asked();
    co_await look(client, 1);
    co_await sim::sleep_for(test.cluster_.loop(), sim::seconds(1));
    EXPECT_EQ(test.asked(), 1u);
    co_await look(client, 0);
    co_await sim::sleep_for(test.cluster_.loop(), sim::seconds(1));
    EXPECT_EQ(test.asked(), 1u + 8u - 1u) << "the second was looked at already";
    co_await look(client, 1);
    co_await sim::sleep_for(test.cluster_.loop(), sim::seconds(1));
    EXPECT_EQ(test.asked(), 16u + 1u - 8u) << "up to 16 behind the second";
  }(*this));
}

TEST_F(StatAhead, StopsAfterThirtyTwoMissesInARow) {
  run([](StatAhead& test) -> sim::Task<void> {
    co_await furnish(test.mount(0));
    stripe::Mount& client = test.mount(128);
    static_cast<void>(co_await client.readdir("/d"));
    co_await look(client, 0);
    co_await sim::sleep_for(test.cluster_.loop(), sim::seconds(1));
    test.asked();
    for (int i = 0; i < 32; ++i) {
      co_await look(client, kFiles - 1 - i);
    }
    EXPECT_EQ(test.asked(), 32u);
    co_await look(client, 1);  // a hit: it was still listening
    co_await sim::sleep_for(test.cluster_.loop(), sim::seconds(1));
    EXPECT_GT(test.asked(), 0u);
    for (int i = 0; i < 33; ++i) {
      co_await look(client, kFiles - 1 - i);
    }
    test.asked();
    co_await look(client, 2);
    co_await sim::sleep_for(test.cluster_.loop(), sim::seconds(1));
    EXPECT_EQ(test.asked(), 0u);
  }(*this));
}

}  // namespace
}  // namespace scenarios
