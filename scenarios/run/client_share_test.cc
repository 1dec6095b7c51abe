// Several clients, and names.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <set>

#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

using sim::kMiB;
using stripe::Outcome;

sim::Task<void> share(stripe::Mount& one, stripe::Mount& other) {
  const std::unique_ptr<stripe::File> written = co_await open_file(one, "/f", "-c 4 -S 1M", false);
  const std::unique_ptr<stripe::File> seen = co_await open_file(other, "/f", {}, true);
  EXPECT_EQ(written->fid(), seen->fid());
  static_cast<void>(co_await written->write({0, 5 * kMiB}));
  const std::uint64_t writer = written->last_stamp().value;
  const Outcome synced = co_await written->fsync();
  EXPECT_TRUE(synced.ok());
  const Outcome first = co_await seen->read({0, 8 * kMiB});
  EXPECT_EQ(writers_of(*seen, 0, first.data), (std::vector<Written>{{0, 5 * kMiB, writer}}));
  static_cast<void>(co_await seen->write({kMiB, 2 * kMiB}));
  const std::uint64_t over = seen->last_stamp().value;
  EXPECT_NE(over, writer);
  const Outcome second = co_await seen->read({0, 3 * kMiB});
  EXPECT_EQ(writers_of(*seen, 0, second.data),
            (std::vector<Written>{
                {0, kMiB, writer}, {kMiB, 2 * kMiB, over}, {2 * kMiB, 3 * kMiB, writer}}));
}
TEST(Sharing, DirectReadSeesWhatAnotherClientMadeStable) {
  SmallCluster cluster;
  stripe::Mount& one = cluster.mount();
  cluster.run(share(one, cluster.mount()));
}

sim::Task<void> unlink_open(stripe::Mount& one, stripe::Mount& other) {
  const std::unique_ptr<stripe::File> file = co_await open_file(one, "/f", "-c 2", true);
  static_cast<void>(co_await file->write({0, 2 * kMiB}));
  const std::uint64_t writer = file->last_stamp().value;
  const Outcome gone = co_await other.unlink("/f");
  EXPECT_TRUE(gone.ok());
  const stripe::Found found = co_await other.stat("/f");
  EXPECT_EQ(found.outcome.status, sim::Errc::not_found);
  const Outcome all = co_await file->read({0, 4 * kMiB});
  EXPECT_EQ(writers_of(*file, 0, all.data), (std::vector<Written>{{0, 2 * kMiB, writer}}));
  const Outcome closed = co_await file->close();
  EXPECT_TRUE(closed.ok());
}
TEST(Sharing, UnlinkedFileIsReadableUntilItIsClosed) {
  SmallCluster cluster;
  stripe::Mount& one = cluster.mount();
  cluster.run(unlink_open(one, cluster.mount()));
}

constexpr int kNames = 3000;

sim::Task<void> list_many(stripe::Mount& one, stripe::Mount& other) {
  static_cast<void>(co_await one.mkdir("/d"));
  std::set<std::string> made;
  for (int i = 0; i < kNames; ++i) {
    const std::string name = fmt::format("entry{}", i);
    const Outcome created = co_await one.mkdir("/d/" + name);
    EXPECT_TRUE(created.ok());
    made.insert(name);
  }
  const stripe::Listed listed = co_await other.readdir("/d");
  EXPECT_TRUE(listed.outcome.ok());
  std::set<std::string> seen;
  for (const stripe::DirEntry& entry : listed.entries) {
    EXPECT_TRUE(seen.insert(entry.name).second) << entry.name << " twice";
  }
  EXPECT_EQ(seen, made);
}
TEST(Sharing, ReaddirOfManyEntriesListsEachOnce) {
  SmallCluster cluster;
  stripe::Mount& one = cluster.mount();
  cluster.run(list_many(one, cluster.mount()));
}

}  // namespace
}  // namespace scenarios
