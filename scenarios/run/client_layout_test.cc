// Files of other layouts than plain RAID-0.
#include <gtest/gtest.h>

#include <set>

#include "scenarios/run/small_cluster.h"
#include "stripe/protocol/opcodes.h"

namespace scenarios {
namespace {

using sim::kKiB;
using sim::kMiB;
using stripe::Outcome;

sim::Task<void> grow_into_second(SmallCluster& cluster, stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file =
      co_await open_file(mount, "/pfl", "-E 1M -c 1 -E eof -c 4 -S 1M", true);
  EXPECT_FALSE(file->layout().components.back().instantiated());
  const std::uint64_t before = cluster.requests(stripe::kLdlmEnqueue);
  static_cast<void>(co_await file->write({0, kMiB}));
  const std::uint64_t first = file->last_stamp().value;
  EXPECT_EQ(cluster.requests(stripe::kLdlmEnqueue), before) << "the first is there from the start";
  static_cast<void>(co_await file->write({kMiB, 2 * kMiB}));
  const std::uint64_t second = file->last_stamp().value;
  EXPECT_EQ(cluster.requests(stripe::kLdlmEnqueue), before + 1);
  static_cast<void>(co_await file->write({5 * kMiB, 6 * kMiB}));
  const std::uint64_t third = file->last_stamp().value;
  EXPECT_EQ(cluster.requests(stripe::kLdlmEnqueue), before + 1) << "asked for once";
  const Outcome all = co_await file->read({0, 8 * kMiB});
  EXPECT_EQ(writers_of(*file, 0, all.data), (std::vector<Written>{{0, kMiB, first},
                                                                  {kMiB, 2 * kMiB, second},
                                                                  {2 * kMiB, 5 * kMiB, 0},
                                                                  {5 * kMiB, 6 * kMiB, third}}));
}
TEST(Layouts, SecondComponentCostsOneRpcWhenFirstWritten) {
  SmallCluster cluster;
  cluster.run(grow_into_second(cluster, cluster.mount()));
}

sim::Task<void> data_on_mdt(SmallCluster& cluster, stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file =
      co_await open_file(mount, "/dom", "-E 1M -L mdt -E eof -c 2", true);
  static_cast<void>(co_await file->write({0, 64 * kKiB}));
  const std::uint64_t writer = file->last_stamp().value;
  const Outcome all = co_await file->read({0, kMiB});
  EXPECT_EQ(writers_of(*file, 0, all.data), (std::vector<Written>{{0, 64 * kKiB, writer}}));
  EXPECT_EQ(cluster.requests(stripe::kOstWrite), 1u);
  for (const OstCounter& ost : cluster.cluster().osts()) {
    EXPECT_EQ(ost.bytes, 0u) << "no OST has a part in it";
  }
}
TEST(Layouts, DataOnTheMdtIsServedByTheMdt) {
  SmallCluster cluster;
  cluster.run(data_on_mdt(cluster, cluster.mount()));
}

sim::Task<void> write_and_read(stripe::Mount& mount, std::string layout, bool direct) {
  const std::unique_ptr<stripe::File> file = co_await open_file(mount, "/f", layout, direct);
  const Outcome written = co_await file->write({100, 9 * kMiB});
  EXPECT_TRUE(written.ok());
  const std::uint64_t writer = file->last_stamp().value;
  const Outcome synced = co_await file->fsync();
  EXPECT_TRUE(synced.ok());
  const Outcome all = co_await file->read({0, 16 * kMiB});
  EXPECT_EQ(writers_of(*file, 0, all.data),
            (std::vector<Written>{{0, 100, 0}, {100, 9 * kMiB, writer}}));
  const Outcome closed = co_await file->close();
  EXPECT_TRUE(closed.ok());
}

class EveryLayout : public testing::TestWithParam<std::tuple<const char*, bool>> {};

TEST_P(EveryLayout, GivesBackWhatWasWritten) {
  SmallCluster cluster;
  cluster.run(write_and_read(cluster.mount(), std::get<0>(GetParam()), std::get<1>(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(
    Layouts, EveryLayout,
    testing::Combine(testing::Values("-C 7 -S 256k", "-N2 -c 2 -S 1M", "-c -1 -S 64k",
                                     "-E 64k -L mdt -E 4M -c 1 -E eof -c 4 -S 1M",
                                     "-N -c 1 -i 0 -N -c 2 -i 1"),
                     testing::Bool()));

sim::Task<void> overstriped(stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file = co_await open_file(mount, "/f", "-C 7 -S 1M", true);
  std::set<std::uint32_t> used;
  const auto& objects = file->layout().components.front().objects;
  for (const auto& object : objects) {
    used.insert(object.ost_index);
  }
  EXPECT_EQ(objects.size(), 7u);
  EXPECT_EQ(used.size(), 4u);
}
TEST(Layouts, OverstripedFileHasMoreStripesThanOsts) {
  SmallCluster cluster;
  cluster.run(overstriped(cluster.mount()));
}

}  // namespace
}  // namespace scenarios
