// Truncates: what becomes of the layout, of what waits in the cache, and of a refused one.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"
#include "stripe/protocol/opcodes.h"

namespace scenarios {
namespace {

using sim::kKiB;
using sim::kMiB;
using stripe::Outcome;

sim::Task<void> beyond_objects(SmallCluster& cluster, stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file =
      co_await open_file(mount, "/f", "-E 1M -c 1 -E eof -c 2 -S 1M", true);
  const std::uint64_t before = cluster.requests(stripe::kLdlmEnqueue);
  const Outcome short_of_it = co_await file->truncate(kMiB);
  EXPECT_TRUE(short_of_it.ok());
  EXPECT_EQ(cluster.requests(stripe::kLdlmEnqueue), before) << "the first component holds 1 MiB";
  const Outcome beyond = co_await file->truncate(kMiB + 1);
  EXPECT_TRUE(beyond.ok());
  EXPECT_EQ(cluster.requests(stripe::kLdlmEnqueue), before + 1);
  const stripe::Found found = co_await mount.stat("/f");
  EXPECT_EQ(found.attr.size, kMiB + 1);
  const Outcome all = co_await file->read({0, 8 * kMiB});
  EXPECT_EQ(writers_of(*file, 0, all.data), (std::vector<Written>{{0, kMiB + 1, 0}}));
}
TEST(Truncate, BeyondWhatHasObjectsMakesThem) {
  SmallCluster cluster;
  cluster.run(beyond_objects(cluster, cluster.mount()));
}

sim::Task<void> one_of_two_mirrors(stripe::Mount& mount, std::string layout) {
  const std::unique_ptr<stripe::File> file = co_await open_file(mount, "/f", layout, true);
  EXPECT_EQ(file->layout().flr_state(), stripe::FlrState::read_only);
  const Outcome grown = co_await file->truncate(3 * kMiB);
  EXPECT_TRUE(grown.ok());
  EXPECT_EQ(file->layout().flr_state(), stripe::FlrState::write_pending);
  const stripe::Found found = co_await mount.stat("/f");
  EXPECT_EQ(found.attr.size, 3 * kMiB) << "the size is that of the mirror that was cut";
  const Outcome emptied = co_await file->truncate(0);
  EXPECT_TRUE(emptied.ok());
  const Outcome none = co_await file->read({0, 4 * kMiB});
  EXPECT_TRUE(none.ok());
  EXPECT_EQ(none.bytes, 0u);
}
TEST(Truncate, OfMirrorsInSyncMakesTheOthersStale) {
  for (const char* layout :
       {"-N -c 1 -i 0 -N -c 2 -i 1", "-N -c 1 -i 0 -N --component-flags prefer -c 2 -i 1"}) {
    SmallCluster cluster;
    cluster.run(one_of_two_mirrors(cluster.mount(), layout));
  }
}

sim::Task<void> refused(stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file = co_await open_file(mount, "/f", "-c 2", false);
  static_cast<void>(co_await file->write({0, 64 * kKiB}));
  const std::uint64_t writer = file->last_stamp().value;
  stripe::Opened reader = co_await mount.open("/f", {});
  const Outcome cut = co_await reader.file->truncate(0);
  EXPECT_EQ(cut.status, sim::Errc::bad_handle);
  EXPECT_EQ(mount.write_back().dirty(), 64 * kKiB) << "nothing is given up for it";
  const Outcome all = co_await file->read({0, kMiB});
  EXPECT_EQ(writers_of(*file, 0, all.data), (std::vector<Written>{{0, 64 * kKiB, writer}}));
}
TEST(Truncate, ThroughAReadOnlyHandleIsRefused) {
  SmallCluster cluster;
  cluster.run(refused(cluster.mount()));
}

// Only the lower half of what is dirty survives, and only it is written.
sim::Task<void> dirty(SmallCluster& cluster, stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file = co_await open_file(mount, "/f", "-c 1", false);
  static_cast<void>(co_await file->write({0, 128 * kKiB}));
  const std::uint64_t writer = file->last_stamp().value;
  const Outcome cut = co_await file->truncate(64 * kKiB);
  EXPECT_TRUE(cut.ok());
  EXPECT_EQ(mount.write_back().dirty(), 0u);
  EXPECT_EQ(cluster.requests(stripe::kOstWrite), 1u);
  const stripe::Found found = co_await mount.stat("/f");
  EXPECT_EQ(found.attr.size, 64 * kKiB);
  const Outcome all = co_await file->read({0, kMiB});
  EXPECT_EQ(writers_of(*file, 0, all.data), (std::vector<Written>{{0, 64 * kKiB, writer}}));
}
TEST(Truncate, GivesUpWhatIsDirtyBehindIt) {
  SmallCluster cluster;
  cluster.run(dirty(cluster, cluster.mount()));
}

}  // namespace
}  // namespace scenarios
