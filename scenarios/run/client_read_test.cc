// What reads, truncates and stats of one client see.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

using sim::kKiB;
using sim::kMiB;
using stripe::Outcome;

constexpr const char* kFourStripes = "-o 0,1,2,3 -S 1M";

// Every rule holds through the page cache and past it.
class ClientRead : public testing::TestWithParam<bool> {
 protected:
  sim::Task<std::unique_ptr<stripe::File>> open() {
    return open_file(mount_, "/f", kFourStripes, GetParam());
  }
  SmallCluster cluster_;
  stripe::Mount& mount_ = cluster_.mount();
};

sim::Task<void> read_past_the_end(sim::Task<std::unique_ptr<stripe::File>> opening) {
  const std::unique_ptr<stripe::File> file = co_await opening;
  const sim::Bytes size = 2 * kMiB + 100;
  const Outcome written = co_await file->write({0, size});
  EXPECT_EQ(written.bytes, size);
  const std::uint64_t writer = file->last_stamp().value;
  const Outcome whole = co_await file->read({0, 8 * kMiB});
  EXPECT_EQ(writers_of(*file, 0, whole.data), (std::vector<Written>{{0, size, writer}}));
  const Outcome tail = co_await file->read({size - 10, size + 10});
  EXPECT_EQ(tail.bytes, 10u);
  const Outcome exact = co_await file->read({size - 10, size});
  EXPECT_EQ(exact.bytes, 10u);
  const Outcome behind = co_await file->read({size, size + 10});
  EXPECT_TRUE(behind.ok());
  EXPECT_EQ(behind.bytes, 0u);
}
TEST_P(ClientRead, AtTheEndOfTheFileIsShort) { cluster_.run(read_past_the_end(open())); }

sim::Task<void> read_empty(sim::Task<std::unique_ptr<stripe::File>> opening) {
  const std::unique_ptr<stripe::File> file = co_await opening;
  const Outcome nothing = co_await file->read({0, kMiB});
  EXPECT_TRUE(nothing.ok());
  EXPECT_EQ(nothing.bytes, 0u);
}
TEST_P(ClientRead, OfAnEmptyFileGivesNothing) { cluster_.run(read_empty(open())); }

// Only the objects of the first and the fourth stripe hold data, and the last one is short.
sim::Task<void> read_sparse(sim::Task<std::unique_ptr<stripe::File>> opening) {
  const std::unique_ptr<stripe::File> file = co_await opening;
  static_cast<void>(co_await file->write({0, 4 * kKiB}));
  const std::uint64_t first = file->last_stamp().value;
  static_cast<void>(co_await file->write({3 * kMiB, 3 * kMiB + 8 * kKiB}));
  const std::uint64_t last = file->last_stamp().value;
  const Outcome all = co_await file->read({0, 5 * kMiB});
  EXPECT_EQ(
      writers_of(*file, 0, all.data),
      (std::vector<Written>{
          {0, 4 * kKiB, first}, {4 * kKiB, 3 * kMiB, 0}, {3 * kMiB, 3 * kMiB + 8 * kKiB, last}}));
  const Outcome hole = co_await file->read({kMiB, 2 * kMiB});
  EXPECT_EQ(writers_of(*file, kMiB, hole.data), (std::vector<Written>{{kMiB, 2 * kMiB, 0}}));
  const Outcome inside = co_await file->read({kMiB - kKiB, kMiB});
  EXPECT_EQ(inside.bytes, kKiB) << "behind the end of its object, before the end of the file";
}
TEST_P(ClientRead, OfAHoleGivesZeros) { cluster_.run(read_sparse(open())); }

sim::Task<void> truncate_down(sim::Task<std::unique_ptr<stripe::File>> opening) {
  const std::unique_ptr<stripe::File> file = co_await opening;
  static_cast<void>(co_await file->write({0, 6 * kMiB}));
  const std::uint64_t writer = file->last_stamp().value;
  const sim::Bytes size = 2 * kMiB + 5000;
  const Outcome cut = co_await file->truncate(size);
  EXPECT_TRUE(cut.ok());
  const Outcome rest = co_await file->read({0, 6 * kMiB});
  EXPECT_EQ(writers_of(*file, 0, rest.data), (std::vector<Written>{{0, size, writer}}));
  static_cast<void>(co_await file->write({4 * kMiB, 5 * kMiB}));
  const std::uint64_t later = file->last_stamp().value;
  const Outcome grown = co_await file->read({0, 6 * kMiB});
  EXPECT_EQ(
      writers_of(*file, 0, grown.data),
      (std::vector<Written>{{0, size, writer}, {size, 4 * kMiB, 0}, {4 * kMiB, 5 * kMiB, later}}))
      << "what was cut off does not come back";
}
TEST_P(ClientRead, AfterTruncateSeesNothingOfWhatWasCutOff) { cluster_.run(truncate_down(open())); }

sim::Task<void> truncate_up(sim::Task<std::unique_ptr<stripe::File>> opening) {
  const std::unique_ptr<stripe::File> file = co_await opening;
  static_cast<void>(co_await file->write({0, 64 * kKiB}));
  const std::uint64_t writer = file->last_stamp().value;
  const sim::Bytes size = 3 * kMiB + 1;
  const Outcome longer = co_await file->truncate(size);
  EXPECT_TRUE(longer.ok());
  const Outcome all = co_await file->read({0, 8 * kMiB});
  EXPECT_EQ(writers_of(*file, 0, all.data),
            (std::vector<Written>{{0, 64 * kKiB, writer}, {64 * kKiB, size, 0}}));
}
TEST_P(ClientRead, AfterTruncateUpwardsGivesZeros) { cluster_.run(truncate_up(open())); }

sim::Task<void> stat_after_writes(stripe::Mount& mount, stripe::Mount& other,
                                  sim::Task<std::unique_ptr<stripe::File>> opening) {
  const std::unique_ptr<stripe::File> file = co_await opening;
  for (const sim::Bytes end : {sim::Bytes{1}, kMiB, kMiB + 1, 4 * kMiB, 9 * kMiB + 77}) {
    static_cast<void>(co_await file->write({end - 1, end}));
    const stripe::Found own = co_await mount.stat("/f");
    EXPECT_EQ(own.attr.size, end);
    static_cast<void>(co_await file->fsync());
    const stripe::Found others = co_await other.stat("/f");
    EXPECT_EQ(others.attr.size, end);
  }
}
TEST_P(ClientRead, StatTellsTheSizeWhicheverStripeTheEndIsIn) {
  cluster_.run(stat_after_writes(mount_, cluster_.mount(), open()));
}

INSTANTIATE_TEST_SUITE_P(BufferedAndDirect, ClientRead, testing::Bool());

}  // namespace
}  // namespace scenarios
