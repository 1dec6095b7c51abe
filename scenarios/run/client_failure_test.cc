// A part of an operation fails.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

using sim::kKiB;
using sim::kMiB;
using stripe::Outcome;

sim::Task<void> read_before_failure(stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file =
      co_await open_file(mount, "/f", "-o 0,1,2,3 -S 1M", true);
  static_cast<void>(co_await file->write({0, 8 * kMiB}));
  const std::uint64_t writer = file->last_stamp().value;
  co_await lose_object(mount, *file, 2);
  const Outcome all = co_await file->read({0, 8 * kMiB});
  EXPECT_EQ(all.status, sim::Errc::not_found);
  EXPECT_EQ(writers_of(*file, 0, all.data), (std::vector<Written>{{0, 2 * kMiB, writer}}));
  const Outcome none = co_await file->read({2 * kMiB, 3 * kMiB});
  EXPECT_EQ(none.status, sim::Errc::not_found);
  EXPECT_EQ(none.bytes, 0u);
  const Outcome beside = co_await file->read({3 * kMiB, 6 * kMiB});
  EXPECT_TRUE(beside.ok()) << "other stripes are as they were";
  EXPECT_EQ(beside.bytes, 3 * kMiB);
}
TEST(FailingObject, DirectReadGivesWhatLiesBeforeIt) {
  SmallCluster cluster;
  cluster.run(read_before_failure(cluster.mount()));
}

// The file ends in the second stripe; whether it does, only the fourth could tell.
sim::Task<void> read_past_a_doubtful_end(stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file =
      co_await open_file(mount, "/f", "-o 0,1,2,3 -S 1M", true);
  const sim::Bytes size = kMiB + 512 * kKiB;
  static_cast<void>(co_await file->write({0, size}));
  co_await lose_object(mount, *file, 3);
  const Outcome all = co_await file->read({0, 4 * kMiB});
  EXPECT_EQ(all.status, sim::Errc::not_found);
  EXPECT_EQ(all.bytes, size) << "what is behind it may be no part of the file";
}
TEST(FailingObject, WhatMayLieBehindTheEndDoesNotCountAsRead) {
  SmallCluster cluster;
  cluster.run(read_past_a_doubtful_end(cluster.mount()));
}

// A hole, and the file goes on behind it as the third stripe shows.
sim::Task<void> read_a_hole_before_failure(stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file =
      co_await open_file(mount, "/f", "-o 0,1,2,3 -S 1M", true);
  static_cast<void>(co_await file->write({2 * kMiB, 4 * kMiB}));
  const std::uint64_t writer = file->last_stamp().value;
  co_await lose_object(mount, *file, 3);
  const Outcome all = co_await file->read({0, 4 * kMiB});
  EXPECT_EQ(all.status, sim::Errc::not_found);
  EXPECT_EQ(writers_of(*file, 0, all.data),
            (std::vector<Written>{{0, 2 * kMiB, 0}, {2 * kMiB, 3 * kMiB, writer}}));
}
TEST(FailingObject, AHoleBeforeItIsRead) {
  SmallCluster cluster;
  cluster.run(read_a_hole_before_failure(cluster.mount()));
}

sim::Task<void> fail_the_rest(stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file =
      co_await open_file(mount, "/f", "-o 0,1,2,3 -S 1M", true);
  static_cast<void>(co_await file->write({0, 8 * kMiB}));
  co_await lose_object(mount, *file, 1);
  const stripe::Found found = co_await mount.stat("/f");
  EXPECT_EQ(found.outcome.status, sim::Errc::not_found);
  const Outcome synced = co_await file->fsync();
  EXPECT_EQ(synced.status, sim::Errc::not_found);
  const Outcome cut = co_await file->truncate(kMiB);
  EXPECT_EQ(cut.status, sim::Errc::not_found);
  const Outcome closed = co_await file->close();
  EXPECT_TRUE(closed.ok());
}
TEST(FailingObject, FailsGlimpsePunchAndSync) {
  SmallCluster cluster;
  cluster.run(fail_the_rest(cluster.mount()));
}

}  // namespace
}  // namespace scenarios
