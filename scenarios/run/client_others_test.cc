// What one client sees of what others do to a file it knows.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"
#include "stripe/protocol/opcodes.h"

namespace scenarios {
namespace {

using sim::kKiB;
using sim::kMiB;
using stripe::Outcome;

constexpr const char* kFourStripes = "-o 0,1,2,3 -S 1M";

sim::Task<void> cut_by_another(stripe::Mount& one, stripe::Mount& other, bool direct) {
  const std::unique_ptr<stripe::File> mine = co_await open_file(one, "/f", kFourStripes, true);
  static_cast<void>(co_await mine->write({0, 8 * kMiB}));
  const std::uint64_t writer = mine->last_stamp().value;
  const std::unique_ptr<stripe::File> theirs = co_await open_file(other, "/f", {}, true);
  const sim::Bytes size = kMiB + 100;
  const Outcome cut = co_await theirs->truncate(size);
  EXPECT_TRUE(cut.ok());
  const std::unique_ptr<stripe::File> again = co_await open_file(one, "/f", {}, direct);
  const Outcome all = co_await again->read({0, 8 * kMiB});
  EXPECT_EQ(writers_of(*again, 0, all.data), (std::vector<Written>{{0, size, writer}}));
  const Outcome tail = co_await again->read({size - 10, size + 10});
  EXPECT_EQ(tail.bytes, 10u);
  const stripe::Found found = co_await one.stat("/f");
  EXPECT_EQ(found.attr.size, size);
}
TEST(OtherClients, TheEndTheyCutIsTheEnd) {
  for (const bool direct : {false, true}) {
    SmallCluster cluster;
    stripe::Mount& one = cluster.mount();
    cluster.run(cut_by_another(one, cluster.mount(), direct));
  }
}

// The handle that reads has been open since before.
sim::Task<void> grown_by_another(stripe::Mount& one, stripe::Mount& other, std::string layout,
                                 bool direct) {
  const std::unique_ptr<stripe::File> made = co_await open_file(one, "/f", layout, true);
  static_cast<void>(co_await made->write({0, 64 * kKiB}));
  const std::uint64_t first = made->last_stamp().value;
  stripe::OpenFlags flags;
  flags.direct = direct;
  const stripe::Opened reading = co_await other.open("/f", flags);
  static_cast<void>(co_await made->write({5 * kMiB, 6 * kMiB}));
  const std::uint64_t second = made->last_stamp().value;
  const Outcome all = co_await reading.file->read({0, 16 * kMiB});
  EXPECT_EQ(writers_of(*reading.file, 0, all.data),
            (std::vector<Written>{
                {0, 64 * kKiB, first}, {64 * kKiB, 5 * kMiB, 0}, {5 * kMiB, 6 * kMiB, second}}));
}
TEST(OtherClients, WhatTheyAppendAndInstantiateIsSeenThroughAnOldHandle) {
  for (const char* layout : {kFourStripes, "-E 1M -c 1 -E eof -c 4 -S 1M"}) {
    for (const bool direct : {false, true}) {
      SmallCluster cluster;
      stripe::Mount& one = cluster.mount();
      cluster.run(grown_by_another(one, cluster.mount(), layout, direct));
    }
  }
}

// Each writes every other 64 KiB of an object, through its own cache.
sim::Task<void> write_interleaved(stripe::Mount& one, stripe::Mount& other) {
  const std::unique_ptr<stripe::File> mine = co_await open_file(one, "/f", "-c 2 -S 1M", false);
  const std::unique_ptr<stripe::File> theirs = co_await open_file(other, "/f", {}, false);
  std::vector<Written> expected;
  for (sim::Bytes at = 0; at < 4 * kMiB; at += 128 * kKiB) {
    static_cast<void>(co_await mine->write({at, at + 64 * kKiB}));
    expected.push_back({at, at + 64 * kKiB, mine->last_stamp().value});
    static_cast<void>(co_await theirs->write({at + 64 * kKiB, at + 128 * kKiB}));
    expected.push_back({at + 64 * kKiB, at + 128 * kKiB, theirs->last_stamp().value});
  }
  static_cast<void>(co_await mine->fsync());
  static_cast<void>(co_await theirs->fsync());
  const Outcome closed = co_await theirs->close();
  EXPECT_TRUE(closed.ok());
  const std::unique_ptr<stripe::File> seen = co_await open_file(one, "/f", {}, true);
  const Outcome all = co_await seen->read({0, 8 * kMiB});
  EXPECT_EQ(writers_of(*seen, 0, all.data), expected);
}
TEST(OtherClients, OfAnotherDesignWriteTheSameFile) {
  for (const stripe::Coalesce policy :
       {stripe::Coalesce::none, stripe::Coalesce::adjacent, stripe::Coalesce::vector}) {
    SmallCluster cluster;
    stripe::ClientDesign small;
    small.coalesce = policy;
    small.max_rpc_size = kMiB;
    small.dispatch = stripe::Dispatch::serial;
    stripe::Mount& one = cluster.mount();
    cluster.run(write_interleaved(one, cluster.mount(small)));
  }
}

// A late closer who wrote less, or nothing, takes nothing back.
sim::Task<void> close_late(SmallCluster& cluster, stripe::Mount& one, stripe::Mount& other) {
  const std::unique_ptr<stripe::File> little = co_await open_file(one, "/f", kFourStripes, true);
  static_cast<void>(co_await little->write({0, kMiB}));
  const std::unique_ptr<stripe::File> much = co_await open_file(other, "/f", {}, true);
  const std::unique_ptr<stripe::File> idle = co_await open_file(one, "/f", {}, true);
  co_await sim::sleep_for(cluster.loop(), sim::seconds(1));
  const std::int64_t written = cluster.loop().now().ns();  // the writer's clock at its call
  static_cast<void>(co_await much->write({kMiB, 4 * kMiB}));
  const stripe::Found before = co_await one.stat("/f");
  EXPECT_EQ(before.attr.size, 4 * kMiB);
  EXPECT_EQ(before.attr.mtime_ns, written) << "the writer's time, not that of the creation";
  EXPECT_EQ(before.allocated, 4 * kMiB);
  for (const auto* file : {&much, &little, &idle}) {
    const Outcome closed = co_await (*file)->close();
    EXPECT_TRUE(closed.ok());
  }
  stripe::MdsIntentRequest request;
  request.intent = stripe::Intent::getattr;
  request.parent = stripe::kRootFid;
  request.name = "f";
  const auto told = co_await one.mdc().intent(request);
  EXPECT_EQ(told.body->attr.size, 4 * kMiB) << "the MDT's lazy size";
  EXPECT_EQ(told.body->attr.mtime_ns, written);
}
TEST(OtherClients, ALateCloseTakesNothingBack) {
  SmallCluster cluster;
  stripe::Mount& one = cluster.mount();
  cluster.run(close_late(cluster, one, cluster.mount()));
}

sim::Task<void> replace_directory(SmallCluster& cluster, stripe::Mount& one, stripe::Mount& other) {
  static_cast<void>(co_await one.mkdir("/d"));
  const std::unique_ptr<stripe::File> old = co_await open_file(one, "/d/f", {}, true);
  static_cast<void>(co_await other.rename("/d", "/e"));
  static_cast<void>(co_await other.mkdir("/d"));
  co_await sim::sleep_for(cluster.loop(), stripe::ClientDesign().directory_expire);
  const stripe::Found gone = co_await one.stat("/d/f");
  EXPECT_EQ(gone.outcome.status, sim::Errc::not_found) << "that directory has another name";
  const stripe::Found moved = co_await one.stat("/e/f");
  EXPECT_EQ(moved.attr.fid, old->fid());

  static_cast<void>(co_await other.rename("/d", "/g"));
  static_cast<void>(co_await other.unlink("/g"));
  static_cast<void>(co_await other.mkdir("/d"));
  const std::unique_ptr<stripe::File> anew = co_await open_file(one, "/d/f", {}, true);
  const stripe::Found seen = co_await other.stat("/d/f");
  EXPECT_EQ(seen.attr.fid, anew->fid()) << "a directory that is no more is noticed at once";
}
TEST(OtherClients, ADirectoryTheyRenameIsBelievedForASecondAtMost) {
  SmallCluster cluster;
  stripe::Mount& one = cluster.mount();
  cluster.run(replace_directory(cluster, one, cluster.mount()));
}

sim::Task<void> ask_often(SmallCluster& cluster, stripe::Mount& one) {
  static_cast<void>(co_await one.mkdir("/d"));
  const std::uint64_t before = cluster.requests(stripe::kLdlmEnqueue);
  for (int i = 0; i < 10; ++i) {
    static_cast<void>(co_await open_file(one, fmt::format("/d/{}", i), {}, true));
  }
  EXPECT_EQ(cluster.requests(stripe::kLdlmEnqueue), before + 11) << "one lookup and ten opens";
}
TEST(OtherClients, ADirectoryIsNotAskedForAtEachUse) {
  SmallCluster cluster;
  cluster.run(ask_often(cluster, cluster.mount()));
}

}  // namespace
}  // namespace scenarios
