// Clients that keep no more dirty than OSTs have promised them space for.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"
#include "sim/rng.h"
#include "stripe/server/grants.h"
#include "stripe/server/object_store.h"

namespace scenarios {
namespace {

using sim::Bytes;
using sim::Errc;
using sim::kKiB;
using sim::kMiB;
using stripe::Outcome;

constexpr Bytes kCapacity = 64 * kMiB;

stripe::ClientDesign granted() {
  stripe::ClientDesign design;
  design.grants = true;
  return design;
}

class Granted : public ::testing::Test {
 public:
  explicit Granted(Bytes capacity = kCapacity) : cluster_(capacity) {}
  void run(sim::Task<void> task) { cluster_.run(std::move(task)); }
  stripe::Mount& mount() { return cluster_.mount(granted()); }
  SmallCluster& cluster() { return cluster_; }
  const stripe::Grants& grants(std::uint32_t ost) { return cluster_.cluster().grants(ost); }
  Bytes free(std::uint32_t ost) {
    const stripe::StoreSpace space = cluster_.cluster().space(ost);
    return space.capacity - space.used;
  }
  // Leaves so much of OST 0 that nobody was promised.
  sim::Task<void> fill(Bytes leave) {
    stripe::ClientDesign plain;
    stripe::Mount& filler = cluster_.mount(plain);
    auto file = co_await open_file(filler, "/filler", "-o 0", true);
    for (Bytes at = 0; grants(0).left() > leave;) {
      const Bytes step = std::min<Bytes>(kMiB, grants(0).left() - leave);
      const Outcome written = co_await file->write({at, at + step});
      EXPECT_TRUE(written.ok());
      at += step;
    }
    static_cast<void>(co_await file->close());
  }

 protected:
  SmallCluster cluster_;
};

TEST_F(Granted, AFirstWriteConnectsAndThenWaitsInTheCache) {
  run([](Granted& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open_file(client, "/f", "-o 0", false);
    const Outcome written = co_await file->write({0, kMiB});
    EXPECT_TRUE(written.ok());
    EXPECT_EQ(test.cluster().requests(stripe::kOstWrite), 0u);
    EXPECT_EQ(client.lov().target(0).grant().reserved(), kMiB);
    EXPECT_EQ(test.grants(0).held(), stripe::Grants::kChunk);
  }(*this));
}

TEST_F(Granted, WithoutAGrantAWriteIsSynchronousAndItsErrorTold) {
  run([](Granted& test) -> sim::Task<void> {
    co_await test.fill(4 * kKiB);
    stripe::Mount& client = test.mount();
    auto file = co_await open_file(client, "/f", "-o 0", false);
    const Outcome fits = co_await file->write({0, 4 * kKiB});
    EXPECT_TRUE(fits.ok());
    EXPECT_EQ(client.write_back().dirty(), 0u);
    const Outcome more = co_await file->write({4 * kKiB, 8 * kKiB});
    EXPECT_EQ(more.status, Errc::no_space);
    EXPECT_EQ(more.bytes, 0u);
    const Outcome again = co_await file->write({0, 4 * kKiB});
    EXPECT_TRUE(again.ok()) << "it takes no new space";
    const Outcome synced = co_await file->fsync();
    EXPECT_TRUE(synced.ok()) << "all was told at once";
  }(*this));
}

TEST_F(Granted, WhatIsDirtyWithinAGrantHasItsSpaceWhateverOthersWrite) {
  run([](Granted& test) -> sim::Task<void> {
    auto file = co_await open_file(test.mount(), "/f", "-o 0", false);
    const Outcome dirty = co_await file->write({0, 6 * kMiB});
    EXPECT_TRUE(dirty.ok());
    co_await test.fill(0);
    stripe::Mount& other = test.cluster().mount();
    auto more = co_await open_file(other, "/more", "-o 0", true);
    const Outcome refused = co_await more->write({0, 4 * kKiB});
    EXPECT_EQ(refused.status, Errc::no_space);
    const Outcome synced = co_await file->fsync();
    EXPECT_TRUE(synced.ok());
    EXPECT_EQ(test.free(0), test.grants(0).held());
    EXPECT_EQ(test.grants(0).left(), 0u);
  }(*this));
}

TEST_F(Granted, AnswersToWritesBringMore) {
  run([](Granted& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open_file(client, "/f", "-o 0", false);
    const Outcome written = co_await file->write({0, 32 * kMiB});
    EXPECT_TRUE(written.ok());
    const Outcome synced = co_await file->fsync();
    EXPECT_TRUE(synced.ok());
    const stripe::ClientGrant& grant = client.lov().target(0).grant();
    EXPECT_EQ(grant.held(), test.grants(0).held());
    EXPECT_EQ(grant.reserved() + grant.in_flight(), 0u);
    EXPECT_EQ(test.cluster().requests(stripe::kOstWrite), 8u) << "full RPCs, none synchronous";
  }(*this));
}

TEST_F(Granted, WaitingForAGrantIsChargedToTheSlot) {
  run([](Granted& test) -> sim::Task<void> {
    auto file = co_await open_file(test.mount(), "/f", "-o 0", false);
    const Outcome fits = co_await file->write({0, stripe::Grants::kChunk});
    EXPECT_TRUE(fits.ok());
    const sim::TimePoint began = test.cluster().loop().now();
    const Outcome waits = co_await file->write({16 * kMiB, 16 * kMiB + 4 * kKiB});
    EXPECT_TRUE(waits.ok());
    const sim::Duration took = test.cluster().loop().now() - began;
    EXPECT_GT(took, sim::microseconds(1));
    sim::StageTimes times{};
    waits.timeline.add_to(times);
    EXPECT_GT(sim::at(times, sim::Stage::slot) * 10, took * 9);
  }(*this));
}

TEST_F(Granted, ATruncateGivesBackWhatWasReserved) {
  run([](Granted& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open_file(client, "/f", "-o 0", false);
    static_cast<void>(co_await file->write({0, kMiB}));
    static_cast<void>(co_await file->truncate(4 * kKiB + 1));
    const stripe::ClientGrant& grant = client.lov().target(0).grant();
    EXPECT_EQ(grant.reserved() + grant.in_flight(), 0u);
    EXPECT_EQ(grant.held(), test.grants(0).held());
  }(*this));
}

// An idle link would be closed, and the OST would forget what it promised.
TEST_F(Granted, ALinkStaysWhileSomethingIsDirtyAndIsNotHeldAfterwards) {
  run([](Granted& test) -> sim::Task<void> {
    auto file = co_await open_file(test.mount(), "/f", "-o 0", false);
    static_cast<void>(co_await file->write({0, kMiB}));
    co_await sim::sleep_for(test.cluster().loop(), sim::seconds(25));
    EXPECT_EQ(test.grants(0).held(), stripe::Grants::kChunk);
    co_await sim::sleep_for(test.cluster().loop(), sim::seconds(60));  // written, then idle
    EXPECT_EQ(test.grants(0).held(), 0u);
    const Outcome later = co_await file->write({0, kMiB});
    EXPECT_TRUE(later.ok());
    EXPECT_EQ(test.grants(0).held(), test.free(0) / 8) << "as of a new client";
  }(*this));
}

TEST_F(Granted, AClientThatIsEvictedHoldsNothingAnyMore) {
  run([](Granted& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open_file(client, "/f", "-o 0", false);
    static_cast<void>(co_await file->write({0, 4 * kKiB}));
    test.cluster().cluster().world().network().silence(client.context().endpoint.address().node,
                                                       true);
    EXPECT_GT(test.grants(0).held(), 0u);
    co_await sim::sleep_for(test.cluster().loop(), sim::seconds(400));
    EXPECT_EQ(test.grants(0).held(), 0u);
  }(*this));
}

// Reads keep the link; nothing is written for the time after which a grant shrinks.
sim::Task<void> read_for(stripe::File& file, sim::Loop& loop, sim::TimePoint until) {
  while (loop.now() < until) {
    static_cast<void>(co_await file.read({0, 4 * kKiB}));
    co_await sim::sleep_until(loop, std::min(until, loop.now() + sim::seconds(10)));
  }
}

sim::Task<void> shrink(Granted& test, Bytes left, Bytes kept) {
  stripe::Mount& client = test.mount();
  sim::Loop& loop = test.cluster().loop();
  auto file = co_await open_file(client, "/f", "-o 0", false);
  auto direct = co_await open_file(client, "/f", "", true);
  static_cast<void>(co_await file->write({0, 4 * kKiB}));
  static_cast<void>(co_await file->fsync());
  const sim::TimePoint written = loop.now();
  const Bytes before = test.grants(0).held();
  co_await test.fill(left);
  co_await read_for(*direct, loop, written + sim::seconds(1199));
  EXPECT_EQ(test.grants(0).held(), before);
  co_await read_for(*direct, loop, written + sim::seconds(1201));
  EXPECT_EQ(test.grants(0).held(), kept == 0 ? before : kept);
  EXPECT_EQ(client.lov().target(0).grant().held(), test.grants(0).held());
}

TEST_F(Granted, AnIdleGrantShrinksToOneRpcWhereSpaceIsShort) {
  run(shrink(*this, 4 * kMiB, 4 * kMiB));
}

TEST_F(Granted, AnIdleGrantStaysWhereAQuarterOfWhatIsFreeIsNotPromised) {
  run(shrink(*this, 48 * kMiB, 0));
}

// Whatever several clients do to a small OST: no more is promised than is free, both sides agree on
// it when nothing is under way, and no fsync tells of a lack of space.
sim::Task<void> live(Granted& test, stripe::Mount& client, std::uint64_t number) {
  sim::Rng rng = sim::Rng(3).split(std::to_string(number));
  const std::string path = "/f" + std::to_string(number);
  auto file = co_await open_file(client, path, "-c 2 -S 64K -o 0,1", false);
  for (int i = 0; i < 400; ++i) {
    const Bytes at = rng.below(40 * kMiB);
    switch (rng.below(12)) {
      case 0: {
        const Outcome synced = co_await file->fsync();
        EXPECT_TRUE(synced.ok());
        break;
      }
      case 1:
        static_cast<void>(co_await file->truncate(at / 2));
        break;
      default: {
        const Outcome written = co_await file->write({at, at + 1 + rng.below(600 * kKiB)});
        EXPECT_TRUE(written.ok() || written.status == Errc::no_space);
      }
    }
    for (const std::uint32_t ost : {0u, 1u}) {
      EXPECT_LE(test.grants(ost).held(), test.free(ost));
    }
  }
  const Outcome synced = co_await file->fsync();
  EXPECT_TRUE(synced.ok());
}

TEST_F(Granted, NoMoreIsPromisedThanIsFreeAndBothSidesAgree) {
  std::vector<stripe::Mount*> clients;
  run([](Granted& test, std::vector<stripe::Mount*>& mounts) -> sim::Task<void> {
    std::vector<sim::Task<void>> lives;
    for (std::uint64_t i = 0; i < 4; ++i) {
      mounts.push_back(&test.mount());
      lives.push_back(live(test, *mounts.back(), i));
    }
    co_await sim::when_all(test.cluster().loop(), lives);
    for (const std::uint32_t ost : {0u, 1u}) {
      Bytes held = 0;
      for (stripe::Mount* client : mounts) {
        const stripe::ClientGrant& grant = client->lov().target(ost).grant();
        EXPECT_EQ(grant.reserved() + grant.in_flight(), 0u);
        held += grant.held();
      }
      EXPECT_EQ(held, test.grants(ost).held());
    }
  }(*this, clients));
}

}  // namespace
}  // namespace scenarios
