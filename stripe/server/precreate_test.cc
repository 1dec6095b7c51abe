#include "stripe/server/precreate.h"

#include <gtest/gtest.h>

#include <set>

#include "stripe/server/mdt_testing.h"

namespace stripe {
namespace {

using sim::Errc;

class Stock : public ::testing::Test {
 protected:
  // Takes `count` objects at once, as many creations would; their ids in order.
  std::vector<ObjectId> take(std::size_t count) {
    std::vector<ObjectId> ids;
    sim::TaskGroup group(world_.loop);
    const auto one = [&]() -> sim::Task<void> {
      const auto object = co_await stock_.take(times_);
      if (object.ok()) {
        ids.push_back(object->id);
      } else {
        error_ = object.code();
      }
    };
    for (std::size_t i = 0; i < count; ++i) {
      group.spawn(one(), "a taker");
    }
    sim::check(sim::run_virtual(world_.loop).ok(), "everybody gets an object or an error");
    return ids;
  }

  MdtWorld world_{1};
  transport::Endpoint endpoint_{world_.loop, world_.network, {50, 1}};
  Precreate stock_{endpoint_, {1, 1}, 0, {8, 64}};
  sim::ServerTimes times_;
  Errc error_ = Errc::ok;
};

TEST_F(Stock, IsFilledAheadOfNeed) {
  stock_.start();
  world_.run_for(sim::seconds(1));
  EXPECT_EQ(stock_.stock(), 8u);
  const sim::TimePoint before = world_.loop.now();
  EXPECT_EQ(take(4).size(), 4u);
  EXPECT_EQ(world_.loop.now(), before);
  EXPECT_EQ(world_.sent(kOstCreate), 1u);
}

TEST_F(Stock, BelowHalfItIsRefilledInTheBackground) {
  stock_.start();
  world_.run_for(sim::seconds(1));
  take(5);
  world_.run_for(sim::seconds(1));
  EXPECT_EQ(world_.sent(kOstCreate), 2u);
  EXPECT_EQ(stock_.stock(), 3u + 8u);
  EXPECT_EQ(stock_.batch(), 8u);  // nobody had to wait
}

TEST_F(Stock, WhoFindsItEmptyWaitsAndTheBatchDoublesToItsLimit) {
  const std::vector<ObjectId> ids = take(500);
  EXPECT_EQ(std::set<ObjectId>(ids.begin(), ids.end()).size(), 500u);
  EXPECT_EQ(stock_.batch(), 64u);
  for (const ObjectId id : ids) {
    EXPECT_TRUE(world_.stores[0]->attr(id).ok());
  }
}

// A batch of 8 at 1 ms each crosses the network of 10 us, and was asked for 3 ms before.
TEST_F(Stock, WaitingForItIsTheServersTimeFromWhenTheWaitBegan) {
  OssOptions slow;
  slow.costs.object = sim::milliseconds(1);
  world_.osts[0].reset();
  world_.osts[0] = world_.make_ost({1, 1}, 0, slow);
  const sim::TimePoint begin = world_.loop.now();
  stock_.start();
  world_.run_for(sim::milliseconds(3));
  EXPECT_EQ(take(1).size(), 1u);
  EXPECT_EQ(times_.cpu + times_.queue, world_.loop.now() - begin - sim::milliseconds(3));
  EXPECT_GE(times_.cpu, sim::milliseconds(5));
  EXPECT_LT(times_.queue, sim::milliseconds(1)) << "the way there and back";
  times_ = {};
  EXPECT_EQ(take(1).size(), 1u);
  EXPECT_EQ(times_, sim::ServerTimes()) << "nobody waits for what is there";
}

TEST_F(Stock, WhatIsGivenBackIsTakenFirst) {
  const ObjectId first = take(1)[0];
  stock_.give_back(first);
  EXPECT_EQ(take(1)[0], first);
}

TEST_F(Stock, AnOstThatIsGoneGivesAnError) {
  world_.osts[0].reset();
  EXPECT_TRUE(take(3).empty());
  EXPECT_EQ(error_, Errc::unreachable);
}

TEST_F(Stock, AnOstThatReturnsFillsItAgain) {
  const std::vector<ObjectId> before = take(20);
  world_.osts[0].reset();
  world_.osts[0] = world_.make_ost({1, 1}, 0);
  const std::vector<ObjectId> after = take(100);
  std::set<ObjectId> all(before.begin(), before.end());
  all.insert(after.begin(), after.end());
  EXPECT_EQ(all.size(), 120u);
}

TEST_F(Stock, ObjectsAreDestroyedAtMostEightAtATime) {
  const std::vector<ObjectId> ids = take(100);
  world_.network.set_delay(sim::milliseconds(1));
  for (const ObjectId id : ids) {
    stock_.destroy(id);
  }
  EXPECT_EQ(stock_.doomed(), 100u + 8u);
  world_.run_for(sim::microseconds(1500));
  EXPECT_EQ(world_.sent(kOstDestroy), 8u);
  world_.run_for(sim::seconds(1));
  EXPECT_EQ(stock_.doomed(), 0u);
  EXPECT_EQ(world_.stores[0]->attr(ids[0]).code(), Errc::not_found);
}

TEST_F(Stock, DestructionOutlastsAnOutage) {
  const ObjectId id = take(1)[0];
  bool cut = true;
  world_.network.set_filter([&](const transport::Message& m) { return !cut || m.to.node != 1; });
  stock_.destroy(id);
  world_.run_for(sim::seconds(1000));
  EXPECT_TRUE(world_.stores[0]->attr(id).ok());
  cut = false;
  world_.run_for(sim::seconds(400));
  EXPECT_EQ(world_.stores[0]->attr(id).code(), Errc::not_found);
  world_.network.set_filter({});
}

// Of an OST that may lose what it has not made stable.
class Unlinks : public Stock {
 protected:
  Unlinks() { start_ost(); }
  void start_ost() {
    world_.osts[0].reset();
    world_.osts[0] =
        std::make_unique<Oss>(world_.loop, world_.network, "OSS", world_.host, OssOptions());
    ost_ = &world_.osts[0]->add_ost({1, 1}, "OST", *world_.stores[0]);
    ost_->server().number_changes(0, 0, [] {});
  }
  void talk() {
    sim::TaskGroup group(world_.loop);
    group.spawn(ask(), "a caller");
    ASSERT_TRUE(sim::run_virtual(world_.loop).ok());
  }
  sim::Task<void> ask() { static_cast<void>(co_await stock_.statfs()); }
  Ost* ost_ = nullptr;
};

TEST_F(Unlinks, AreInTheRecordUntilTheyAreStable) {
  const ObjectId id = take(1)[0];
  stock_.destroy(id);
  EXPECT_EQ(stock_.record().doomed, std::vector{id});
  world_.run_for(sim::seconds(1));
  EXPECT_EQ(stock_.doomed(), 0u);
  const std::uint64_t last = ost_->server().last_change();
  ost_->server().committed(last - 1);
  talk();
  EXPECT_EQ(stock_.record().doomed, std::vector{id});
  ost_->server().committed(last);
  talk();
  EXPECT_TRUE(stock_.record().doomed.empty());
}

TEST_F(Unlinks, AreSentAgainByWhoWasNotThereToBringThemBack) {
  stock_.destroy(take(1)[0]);
  world_.run_for(sim::seconds(1));
  EXPECT_EQ(world_.sent(kOstDestroy), 1u);
  start_ost();
  talk();
  world_.run_for(sim::seconds(1));
  EXPECT_EQ(world_.sent(kOstDestroy), 2u);
}

TEST_F(Unlinks, WhatWasNeverTakenWasNotGiven) {
  const ObjectId id = take(1)[0];
  EXPECT_TRUE(stock_.has_given(id));
  EXPECT_FALSE(stock_.has_given({id.seq, id.oid + 1}));
  EXPECT_FALSE(stock_.has_given({id.seq, 0}));
  EXPECT_FALSE(stock_.has_given({id.seq + 1, id.oid}));
}

}  // namespace
}  // namespace stripe
