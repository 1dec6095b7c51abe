// One OST of four runs out of space.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

using sim::kMiB;
using stripe::Outcome;

constexpr sim::Bytes kCapacity = 64 * kMiB;

// Leaves OST 2 with less than 1 MiB, then opens a file with a stripe on each.
sim::Task<std::unique_ptr<stripe::File>> open_beside_filler(stripe::Mount& mount, bool direct) {
  const std::unique_ptr<stripe::File> filler = co_await open_file(mount, "/filler", "-o 2", true);
  sim::Bytes filled = 0;
  for (bool room = true; room;) {
    const Outcome written = co_await filler->write({filled, filled + kMiB});
    filled += written.bytes;
    room = written.ok();
    sim::check(filled <= kCapacity, "an OST takes more than it has room for");
  }
  co_return co_await open_file(mount, "/f", "-o 0,1,2,3 -S 1M", direct);
}

sim::Task<void> write_direct(stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file = co_await open_beside_filler(mount, true);
  const Outcome fits = co_await file->write({0, 2 * kMiB});
  EXPECT_TRUE(fits.ok());
  EXPECT_EQ(fits.bytes, 2 * kMiB);
  const Outcome cut = co_await file->write({0, 4 * kMiB});
  EXPECT_EQ(cut.status, sim::Errc::no_space);
  EXPECT_EQ(cut.bytes, 2 * kMiB) << "what lies before the failed stripe";
  const std::uint64_t writer = file->last_stamp().value;
  const Outcome back = co_await file->read({0, 2 * kMiB});
  EXPECT_EQ(writers_of(*file, 0, back.data), (std::vector<Written>{{0, 2 * kMiB, writer}}));
  const Outcome none = co_await file->write({2 * kMiB, 3 * kMiB});
  EXPECT_EQ(none.status, sim::Errc::no_space);
  EXPECT_EQ(none.bytes, 0u);
  const Outcome closed = co_await file->close();
  EXPECT_TRUE(closed.ok()) << "a direct write's error was told at once";
}
TEST(FullOst, DirectWriteTellsHowFarItCame) {
  SmallCluster cluster(kCapacity);
  cluster.run(write_direct(cluster.mount()));
}

sim::Task<void> write_buffered(stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file = co_await open_beside_filler(mount, false);
  const Outcome accepted = co_await file->write({0, 4 * kMiB});
  EXPECT_TRUE(accepted.ok()) << "the cache takes it";
  EXPECT_EQ(accepted.bytes, 4 * kMiB);
  const Outcome first = co_await file->fsync();
  EXPECT_EQ(first.status, sim::Errc::no_space);
  const Outcome second = co_await file->fsync();
  EXPECT_TRUE(second.ok()) << "told once";
  const Outcome closed = co_await file->close();
  EXPECT_TRUE(closed.ok()) << "told once";
}
TEST(FullOst, BufferedWriteIsToldOnceAtFsync) {
  SmallCluster cluster(kCapacity);
  cluster.run(write_buffered(cluster.mount()));
}

}  // namespace
}  // namespace scenarios
