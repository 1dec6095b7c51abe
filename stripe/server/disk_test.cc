#include "stripe/server/disk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <vector>

#include "sim/rng.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Duration;
using sim::kMiB;
using sim::TimePoint;

// Submits pieces at given times and notes the order in which they end.
class DiskTest : public testing::Test {
 protected:
  struct Client : DiskClient, sim::Callback {
    DiskTest* test;
    DiskPiece piece;
    TimePoint arrived;
    TimePoint end;
    Duration service;
    std::size_t index;
  };

  void SetUp() override { params_.inner_rate = params_.outer_rate; }
  void make() { disk_.emplace(loop_, params_, queue_); }

  void add(Bytes begin, Bytes length, Duration at = {}, bool rewrite = false) {
    Client& c = clients_.emplace_back();
    c.test = this;
    c.piece = {{begin, begin + length}, rewrite};
    c.index = clients_.size() - 1;
    c.fire = [](sim::Callback& callback) {
      auto& client = static_cast<Client&>(callback);
      client.arrived = client.test->loop_.now();
      client.test->disk_->submit(client.piece, client);
    };
    c.done = [](DiskClient& done, Duration service) {
      auto& client = static_cast<Client&>(done);
      client.end = client.test->loop_.now();
      client.service = service;
      client.test->order_.push_back(client.index);
    };
    loop_.at(TimePoint() + at, c);
  }
  void run() {
    while (loop_.step()) {
    }
  }
  Duration positioning(Bytes from, Bytes to) { return positioning_time(params_, from, to); }
  Duration transfer(Bytes n) { return params_.outer_rate.time_for(n); }

  sim::Loop loop_{1};
  DiskParams params_;
  DiskQueueParams queue_;
  std::deque<Client> clients_;
  std::vector<std::size_t> order_;
  std::optional<Disk> disk_;
};

TEST_F(DiskTest, RandomReadTakesSeekHalfTurnAndTransfer) {
  make();
  add(300 * kMiB, 4096);
  run();
  EXPECT_EQ(clients_[0].end - TimePoint(), positioning(0, 300 * kMiB) + transfer(4096));
}

TEST_F(DiskTest, RewriteTakesOneTurnMore) {
  make();
  add(300 * kMiB, 4096, {}, true);
  run();
  EXPECT_EQ(clients_[0].service, positioning(0, 300 * kMiB) + transfer(4096) + rotation(params_));
}

TEST_F(DiskTest, RewriteOfMoreThanATrackTakesMoreTurns) {
  make();
  add(0, 2 * kMiB, {}, true);  // 12.9 ms under the head, a turn is 8.3 ms
  run();
  EXPECT_EQ(clients_[0].service, transfer(2 * kMiB) + 2 * rotation(params_));
}

TEST_F(DiskTest, WaitingPiecesAreServedUpwardsThenAgainFromTheLowest) {
  make();
  for (const Bytes place : {500u, 800u, 300u, 600u, 100u}) {
    add(place * kMiB, 4096);
  }
  run();
  EXPECT_EQ(order_, (std::vector<std::size_t>{0, 3, 1, 4, 2}));
}

TEST_F(DiskTest, DepthOneIsFirstComeFirstServed) {
  queue_.depth = 1;
  make();
  for (const Bytes place : {500u, 800u, 300u, 600u, 100u}) {
    add(place * kMiB, 4096);
  }
  run();
  EXPECT_EQ(order_, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

TEST_F(DiskTest, PieceBeyondTheDepthIsNotChosenYet) {
  queue_.depth = 2;
  make();
  for (const Bytes place : {500u, 800u, 700u, 600u}) {
    add(place * kMiB, 4096);
  }
  run();
  // 600 would be nearest behind 500, but stands third in the queue.
  EXPECT_EQ(order_, (std::vector<std::size_t>{0, 2, 1, 3}));
}

TEST_F(DiskTest, StreamAheadOfTheHeadStarvesNobodyBeyondPatience) {
  queue_.patience = sim::milliseconds(50);
  make();
  add(500 * kMiB, kMiB);
  add(0, 4096);
  for (Bytes i = 1; i <= 20; ++i) {
    add((500 + i) * kMiB, kMiB);
  }
  run();
  const Duration longest = transfer(kMiB) + positioning(0, 500 * kMiB);
  EXPECT_GT(clients_[1].end - TimePoint(), queue_.patience);
  EXPECT_LE(clients_[1].end - TimePoint(), queue_.patience + 3 * longest);
}

TEST_F(DiskTest, RebuildSlowsByItsShare) {
  queue_.rebuild_percent = 20;
  make();
  add(0, 8 * kMiB);
  run();
  EXPECT_EQ(clients_[0].service.ns(), (transfer(8 * kMiB).ns() * 100 + 79) / 80);
}

TEST_F(DiskTest, WorkIsConservedAndQueueFollowsLittle) {
  make();
  sim::Rng rng = sim::Rng(3).split("pieces");
  for (int i = 0; i < 200; ++i) {
    const Bytes place = rng.below(900) * kMiB;
    const Bytes size = 4096 * (1 + rng.below(16));
    const auto at = sim::microseconds(static_cast<std::int64_t>(rng.below(1000000)));
    add(place, size, at, rng.chance(1, 3));
  }
  run();
  Duration service;
  Duration residence;
  for (const Client& c : clients_) {
    service += c.service;
    residence += c.end - c.arrived;
  }
  EXPECT_EQ(disk_->busy(), service);
  EXPECT_EQ(disk_->waited(), residence - service);
  // Never idle while something waits: the last end is the last arrival's backlog worked off.
  TimePoint free;
  std::vector<const Client*> by_end;
  for (const std::size_t i : order_) {
    const Client& c = clients_[i];
    EXPECT_EQ(c.end, std::max(c.arrived, free) + c.service) << i;
    free = c.end;
  }
}

TEST_F(DiskTest, BusyCountsOnlyWhatIsWorked) {
  make();
  add(0, 163'000);  // 1 ms
  add(163'000, 163'000);
  EXPECT_TRUE(loop_.step());
  EXPECT_TRUE(loop_.step());
  EXPECT_EQ(disk_->busy(), Duration());
  EXPECT_TRUE(loop_.step());
  EXPECT_EQ(disk_->busy(), sim::milliseconds(1));
}

}  // namespace
}  // namespace stripe
