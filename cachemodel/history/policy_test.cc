// A toy cache policy under which nothing is ever stale, and the same with a bug planted in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "cachemodel/history/history_testing.h"
#include "sim/rng.h"

namespace cachemodel {
namespace {

constexpr std::uint32_t kClients = 4;
constexpr sim::Bytes kBlocks = 16;

// Each client caches blocks; a server writes through and tells every other client to drop the
// block, all in one instant between the write's call and its return. Every `forget`th of these
// messages is lost; 0: none.
class Toy {
 public:
  Toy(std::uint64_t seed, std::uint64_t forget) : rng_(seed), forget_(forget), caches_(kClients) {}

  void run(std::uint64_t calls) {
    for (std::uint64_t i = 0; i < calls; ++i) {
      now_ += 10 + static_cast<std::int64_t>(rng_.below(20));
      const auto client = static_cast<std::uint32_t>(rng_.below(kClients));
      const sim::Bytes block = rng_.below(kBlocks);
      if (rng_.chance(1, 4)) {
        write(client, block);
      } else {
        read(client, block);
      }
    }
  }

  const Script& script() const { return script_; }
  std::uint64_t forgotten() const { return forgotten_; }

 private:
  struct Cached {
    std::uint64_t stamp = 0;
    std::int64_t since = 0;
  };

  void write(std::uint32_t client, sim::Bytes block) {
    const std::uint64_t stamp = stamp_of(client, ++sequence_);
    script_.write(stamp, blocks(block, block + 1), call(now_, now_ + 8));
    script_.apply(stamp, blocks(block, block + 1), now_ + 4);
    server_[block] = stamp;
    for (std::uint32_t other = 0; other < kClients; ++other) {
      if (other == client) {
        caches_[other][block] = {stamp, now_};
      } else if (caches_[other].contains(block)) {
        invalidate(other, block, stamp);
      }
    }
  }

  void invalidate(std::uint32_t client, sim::Bytes block, std::uint64_t stamp) {
    if (forget_ != 0 && ++messages_ % forget_ == 0) {
      ++forgotten_;
      return;
    }
    script_.drop(DropCause::conflict, client, blocks(block, block + 1), now_ + 4, stamp);
    caches_[client].erase(block);
  }

  void read(std::uint32_t client, sim::Bytes block) {
    const bool hit = caches_[client].contains(block);
    if (!hit) {
      caches_[client][block] = {server_[block], now_};
    }
    const Cached& seen = caches_[client][block];
    script_.read(
        client, block * kBlock,
        {{kBlock, seen.stamp, hit ? Basis::lease : Basis::fetched, sim::TimePoint(seen.since)}},
        call(now_, now_ + 5));
  }

  sim::Rng rng_;
  std::uint64_t forget_;
  std::int64_t now_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t forgotten_ = 0;
  std::map<sim::Bytes, std::uint64_t> server_;
  std::vector<std::map<sim::Bytes, Cached>> caches_;
  Script script_;
};

TEST(Policy, TheSoundOneIsFoundClean) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Toy toy(seed, 0);
    toy.run(2000);
    const Verdict verdict = toy.script().check();
    EXPECT_TRUE(verdict.clean());
    EXPECT_TRUE(verdict.stories.empty());
    EXPECT_EQ(verdict.blocks.total.undecided, 0u);
    EXPECT_GT(verdict.invalidated, 0u);
    EXPECT_EQ(verdict.false_invalidations, 0u);
  }
}

TEST(Policy, OneForgottenInvalidationInAHundredIsCaught) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Toy toy(seed, 100);
    toy.run(4000);
    ASSERT_GT(toy.forgotten(), 0u);
    const Verdict verdict = toy.script().check();
    EXPECT_GT(verdict.blocks.total.stale, 0u) << "seed " << seed;
    EXPECT_FALSE(verdict.blocks[Guarantee::linearizable].held());
    EXPECT_TRUE(verdict.blocks[Guarantee::read_your_writes].held());
  }
}

TEST(Policy, TheStoryNamesWhoWroteAndWhyTheCacheWasBelieved) {
  Toy toy(1, 100);
  toy.run(4000);
  CheckOptions options;
  options.file_name = [](std::uint64_t) { return "/shared"; };
  const Verdict verdict = toy.script().check(options);
  ASSERT_FALSE(verdict.stories.empty());
  const Story& first = verdict.stories.front();
  EXPECT_THAT(first.text, testing::HasSubstr("/shared"));
  EXPECT_THAT(first.text, testing::HasSubstr("newer: write"));
  EXPECT_THAT(first.text, testing::HasSubstr("valid under an oplock or lease granted at"));
}

}  // namespace
}  // namespace cachemodel
