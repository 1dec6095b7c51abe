#include "stripe/client/range_lock.h"

#include <gtest/gtest.h>

#include <optional>

namespace stripe {
namespace {

// Writers come at once and hold their ranges for a second each; says when each was let in.
class Ranges : public ::testing::Test {
 public:
  void come(sim::Extent range) {
    let_in_.push_back(-1);
    tasks_.spawn(write(range, let_in_.size() - 1), "a writer");
  }
  std::vector<std::int64_t> run() {
    EXPECT_TRUE(sim::run_virtual(loop_).ok());
    return let_in_;
  }
  sim::Task<void> write(sim::Extent range, std::size_t i) {
    RangeLock::Turn turn(lock_, range);
    co_await turn.wait();
    let_in_[i] = loop_.now().ns() / sim::seconds(1).ns();
    co_await sim::sleep_for(loop_, sim::seconds(1));
  }
  sim::Loop loop_{1};
  RangeLock lock_{loop_};
  std::vector<std::int64_t> let_in_;
  sim::TaskGroup tasks_{loop_};
};

TEST_F(Ranges, ThatOnlyTouchDoNotWait) {
  come({0, 10});
  come({10, 20});
  come({20, 21});
  EXPECT_EQ(run(), (std::vector<std::int64_t>{0, 0, 0}));
}

TEST_F(Ranges, ThatOverlapByAByteTakeTurns) {
  come({0, 11});
  come({10, 20});
  come({10, 20});
  EXPECT_EQ(run(), (std::vector<std::int64_t>{0, 1, 2}));
}

TEST_F(Ranges, AreServedInTheOrderOfComing) {
  come({0, 10});
  come({0, 30});
  come({20, 30});  // overlaps only who waits before it
  EXPECT_EQ(run(), (std::vector<std::int64_t>{0, 1, 2}));
}

TEST_F(Ranges, OfTheWholeFileExcludeAll) {
  come({0, sim::kEof});
  come({5, 6});
  come({0, sim::kEof});
  EXPECT_EQ(run(), (std::vector<std::int64_t>{0, 1, 2}));
}

TEST_F(Ranges, OfAWriterThatGoesAreFree) {
  come({0, 10});
  {
    sim::TaskGroup cancelled(loop_);
    let_in_.push_back(-1);
    cancelled.spawn(write({5, 15}, 1), "a writer that goes");
    while (loop_.step(loop_.now())) {
    }
    come({12, 15});
    while (loop_.step(loop_.now())) {
    }
    EXPECT_EQ(let_in_[2], -1);
  }
  EXPECT_EQ(run(), (std::vector<std::int64_t>{0, -1, 0}));
}

}  // namespace
}  // namespace stripe
