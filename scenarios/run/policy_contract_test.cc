// What every coherence policy owes to whoever uses a client, whatever it believes of others.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>

#include "scenarios/run/sharing_testing.h"
#include "sim/rng.h"

namespace scenarios {
namespace {

using sim::kKiB;
using sim::kMiB;
using Seen = std::vector<Written>;

struct PolicyRow {
  const char* name;
  stripe::Coherence coherence;
  stripe::Redirect redirect = stripe::Redirect::none;
  // One client's cached and direct I/O of a file see each other; else the rules say that they pass.
  bool mixes = true;
};
constexpr PolicyRow kPolicies[] = {
    {"none", stripe::Coherence::none},
    {"ttl", stripe::Coherence::ttl},
    {"oplock", stripe::Coherence::oplock},
    {"oplock_clustered", stripe::Coherence::oplock_clustered},
    {"split_none", stripe::Coherence::split},
    {"split_paging", stripe::Coherence::split, stripe::Redirect::paging, false},
    {"split_all", stripe::Coherence::split, stripe::Redirect::all},
    {"ldlm", stripe::Coherence::ldlm},
};
constexpr const char* kLayouts[] = {"-c 1", "-c 3 -S 64K", "-E 192K -c 1 -S 64K -E -1 -c 2 -S 64K",
                                    "-E 64K -L mdt -E -1 -c 2 -S 64K"};

// A policy, and whether files are opened for direct I/O.
class Contract : public SharingClients,
                 public testing::WithParamInterface<std::tuple<PolicyRow, bool>> {
 public:
  Contract() : SharingClients(std::get<0>(GetParam()).coherence) {
    design_.split.redirect = std::get<0>(GetParam()).redirect;
  }
  static bool direct() { return std::get<1>(GetParam()); }
  static sim::Task<std::unique_ptr<stripe::File>> open(stripe::Mount& client, const char* path,
                                                       const char* layout = "-c 3 -S 64K") {
    return open_file(client, path, layout, direct());
  }
  stripe::Mount& mount_without_cache() {
    stripe::ClientDesign plain;
    plain.coherence = stripe::Coherence::none;
    return cluster_.mount(plain);
  }
  SmallCluster& cluster() { return cluster_; }
};

// A file's content as it must be: who wrote each byte last.
class Model {
 public:
  void write(sim::Extent range, std::uint64_t stamp) {
    size_ = std::max(size_, range.end);
    bytes_.resize(size_, 0);
    std::fill(bytes_.begin() + static_cast<std::ptrdiff_t>(range.begin),
              bytes_.begin() + static_cast<std::ptrdiff_t>(range.end), stamp);
  }
  void cut(sim::Bytes size) {
    size_ = size;
    bytes_.resize(size, 0);
  }
  Seen read(sim::Extent range) const {
    Seen seen;
    for (sim::Bytes at = range.begin; at < std::min(range.end, size_); ++at) {
      if (!seen.empty() && seen.back().writer == bytes_[at]) {
        ++seen.back().end;
      } else {
        seen.push_back({at, at + 1, bytes_[at]});
      }
    }
    return seen;
  }
  sim::Bytes size() const { return size_; }

 private:
  sim::Bytes size_ = 0;
  std::vector<std::uint64_t> bytes_;
};

sim::Extent some_range(sim::Rng& rng) {
  const sim::Bytes begin = rng.chance(1, 2) ? rng.below(80) * 4 * kKiB : rng.below(320 * kKiB);
  const sim::Bytes length =
      rng.chance(1, 2) ? (1 + rng.below(20)) * 4 * kKiB : 1 + rng.below(20 * kKiB);
  return {begin, begin + length};
}

// One operation, and what it must give.
sim::Task<void> act(stripe::File& file, Model& model, sim::Rng& rng) {
  const std::uint64_t dice = rng.below(20);
  const sim::Extent range = some_range(rng);
  if (dice < 9) {
    model.write(range, co_await Contract::write(file, range));
  } else if (dice < 18) {
    const Seen must = model.read(range);
    EXPECT_EQ(co_await Contract::read(file, range), must);
  } else if (dice < 19) {
    const stripe::Outcome cut = co_await file.truncate(range.begin);
    EXPECT_TRUE(cut.ok());
    model.cut(range.begin);
  } else {
    const stripe::Outcome synced = co_await file.fsync();
    EXPECT_TRUE(synced.ok());
  }
}

TEST_P(Contract, AClientAloneAlwaysSeesItsOwnWrites) {
  for (const char* layout : kLayouts) {
    SCOPED_TRACE(layout);
    run([](Contract& test, const char* how) -> sim::Task<void> {
      sim::Rng rng(7);
      Model model;
      stripe::Mount& client = test.mount();
      auto file = co_await open(client, "/f", how);
      for (int i = 0; i < 300 && !HasFailure(); ++i) {
        co_await act(*file, model, rng);
      }
      const stripe::Found found = co_await client.stat("/f");
      EXPECT_EQ(found.attr.size, model.size());
      static_cast<void>(co_await file->close());
      static_cast<void>(co_await client.unlink("/f"));
    }(*this, layout));
  }
}

// Where the rules say that they pass each other, split_test says what passes what.
class MixingContract : public Contract {};

TEST_P(MixingContract, CachedAndDirectHandlesOfAClientSeeEachOther) {
  run([](Contract& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto one = co_await open_file(client, "/f", "-c 3 -S 64K", direct());
    auto two = co_await open_file(client, "/f", "", !direct());
    sim::Rng rng(11);
    Model model;
    for (int i = 0; i < 300 && !HasFailure(); ++i) {
      stripe::File& file = rng.chance(1, 2) ? *one : *two;
      co_await act(file, model, rng);
    }
  }(*this));
}

TEST_P(Contract, WhatWasWrittenIsWhatAnOpenAfterTheCloseReads) {
  for (const char* layout : kLayouts) {
    SCOPED_TRACE(layout);
    run([](Contract& test, const char* how) -> sim::Task<void> {
      sim::Rng rng(13);
      Model model;
      stripe::Mount& one = test.mount();
      stripe::Mount& other = test.mount();
      for (int visit = 0; visit < 6; ++visit) {
        stripe::Mount& client = visit % 2 == 0 ? one : other;
        auto file = co_await open(client, "/f", how);
        const Seen must = model.read({0, kMiB});
        EXPECT_EQ(co_await read(*file, {0, kMiB}), must) << visit;
        for (int i = 0; i < 20; ++i) {
          co_await act(*file, model, rng);
        }
        const stripe::Outcome closed = co_await file->close();
        EXPECT_TRUE(closed.ok());
      }
      static_cast<void>(co_await one.unlink("/f"));
    }(*this, layout));
  }
}

TEST_P(Contract, AnFsyncShowsTheDataToAClientThatCachesNothing) {
  run([](Contract& test) -> sim::Task<void> {
    auto file = co_await open(test.mount(), "/f");
    auto reader = co_await open_file(test.mount_without_cache(), "/f", "", false);
    for (int i = 0; i < 5; ++i) {
      const std::uint64_t stamp = co_await write(*file, {100, 300 * kKiB});
      const stripe::Outcome synced = co_await file->fsync();
      EXPECT_TRUE(synced.ok());
      const Seen must{{100, 300 * kKiB, stamp}};
      EXPECT_EQ(co_await read(*reader, {100, kMiB}), must);
    }
  }(*this));
}

TEST_P(Contract, ATruncateDropsThePagesBehindIt) {
  run([](Contract& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open(client, "/f");
    const std::uint64_t first = co_await write(*file, {0, 256 * kKiB});
    static_cast<void>(co_await read(*file, {0, 256 * kKiB}));
    const stripe::Outcome cut = co_await file->truncate(64 * kKiB + 1);
    EXPECT_TRUE(cut.ok());
    EXPECT_LE(client.cache().cached(), 64 * kKiB + 1);
    const Seen rest{{0, 64 * kKiB + 1, first}};
    EXPECT_EQ(co_await read(*file, {0, kMiB}), rest);
    // What lies between is nobody's, not what was there before.
    const std::uint64_t last = co_await write(*file, {192 * kKiB, 256 * kKiB});
    const Seen hole{
        {0, 64 * kKiB + 1, first}, {64 * kKiB + 1, 192 * kKiB, 0}, {192 * kKiB, 256 * kKiB, last}};
    EXPECT_EQ(co_await read(*file, {0, kMiB}), hole);
  }(*this));
}

TEST_P(Contract, AWriteThatCannotReachItsObjectIsToldByTheFsyncAtTheLatest) {
  run([](Contract& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open(client, "/f", "-c 1");
    co_await write(*file, {0, 64 * kKiB});
    const stripe::Outcome good = co_await file->fsync();
    EXPECT_TRUE(good.ok());
    co_await lose_object(client, *file, 0);
    const stripe::Outcome written = co_await file->write({0, 64 * kKiB});
    const stripe::Outcome synced = co_await file->fsync();
    EXPECT_FALSE(written.ok() && synced.ok());
    EXPECT_EQ(client.write_back().dirty(), 0u);
  }(*this));
}

TEST_P(Contract, AfterTheUnmountNothingIsHeldNorDirty) {
  run([](Contract& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    for (const char* path : {"/a", "/b", "/c"}) {
      auto file = co_await open(client, path);
      auto again = co_await open(client, path);
      co_await write(*file, {0, kMiB});
      static_cast<void>(co_await read(*again, {0, kMiB}));
      static_cast<void>(co_await file->close());
      static_cast<void>(co_await again->close());
    }
    static_cast<void>(co_await client.unlink("/b"));
    const std::size_t leaked = co_await client.unmount();
    EXPECT_EQ(leaked, 0u);
    EXPECT_EQ(client.policy()->held(), 0u);
    EXPECT_EQ(client.write_back().dirty(), 0u);
  }(*this));
}

// Reads and writes of `file` until the task is destroyed.
sim::Task<void> go_on(stripe::File& file) {
  for (sim::Bytes at = 0;; at = (at + 32 * kKiB) % kMiB) {
    static_cast<void>(co_await file.write({at, at + 48 * kKiB}));
    static_cast<void>(co_await file.read({at / 2, at / 2 + 64 * kKiB}));
  }
}

// Every few microseconds of its life an access is destroyed. Whoever wants the file next must not
// wait for it, and gets it as it is.
TEST_P(Contract, AnAccessThatIsCancelledKeepsNobodyOut) {
  stripe::Mount& victim = mount();
  stripe::Mount& other = mount();
  for (int i = 0; i < 60; ++i) {
    run([](Contract& test, stripe::Mount& one, stripe::Mount& two, int at) -> sim::Task<void> {
      auto file = co_await open(one, "/f");
      auto others = co_await open(two, "/f");
      {
        sim::TaskGroup accesses(test.loop());
        accesses.spawn(go_on(*file), "an access");
        co_await sim::sleep_for(test.loop(), sim::microseconds(7 * at + at % 5));
      }
      const std::uint64_t stamp = co_await write(*others, {0, kMiB});
      const Seen must{{0, kMiB, stamp}};
      EXPECT_EQ(co_await read(*others, {0, kMiB}), must);
      static_cast<void>(co_await others->close());
      static_cast<void>(co_await file->close());
    }(*this, victim, other, i));
    ASSERT_FALSE(HasFailure()) << i;
  }
  run([](stripe::Mount& one, stripe::Mount& two) -> sim::Task<void> {
    EXPECT_EQ(co_await one.unmount(), 0u);
    EXPECT_EQ(co_await two.unmount(), 0u);
    EXPECT_EQ(one.policy()->held() + two.policy()->held(), 0u);
  }(victim, other));
}

std::vector<PolicyRow> mixing_policies() {
  std::vector<PolicyRow> rows;
  std::ranges::copy_if(kPolicies, std::back_inserter(rows), &PolicyRow::mixes);
  return rows;
}

std::string name_of(const testing::TestParamInfo<std::tuple<PolicyRow, bool>>& instance) {
  return fmt::format("{}_{}", std::get<0>(instance.param).name,
                     std::get<1>(instance.param) ? "direct" : "cached");
}

INSTANTIATE_TEST_SUITE_P(Policies, Contract,
                         testing::Combine(testing::ValuesIn(kPolicies), testing::Bool()), name_of);
INSTANTIATE_TEST_SUITE_P(Policies, MixingContract,
                         testing::Combine(testing::ValuesIn(mixing_policies()), testing::Bool()),
                         name_of);

}  // namespace
}  // namespace scenarios
