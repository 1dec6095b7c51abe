#include "stripe/server/nvme_device.h"

#include <gtest/gtest.h>

#include <array>

#include "stripe/server/device_testing.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Duration;
using sim::kKiB;
using sim::kMiB;
using sim::microseconds;
using sim::TimePoint;

NvmeParams plain() {
  NvmeParams p;
  p.channels = 2;
  p.read_latency = microseconds(100);
  p.write_latency = microseconds(20);
  p.read_rate = sim::Rate(1'000'000'000);  // 1 byte per ns
  p.write_rate = sim::Rate(500'000'000);
  return p;
}

class Nvme : public testing::Test {
 protected:
  void make(const NvmeParams& params) {
    device_ = std::make_unique<NvmeDevice>(loop_, "ssd", params);
    visits_ = std::make_unique<Visits>(loop_, *device_);
  }
  sim::Loop loop_{1};
  std::unique_ptr<NvmeDevice> device_;
  std::unique_ptr<Visits> visits_;
};

TEST_F(Nvme, UnloadedRequestTakesLatencyAndTransferOfItsKind) {
  make(plain());
  visits_->read(0, 50'000);
  visits_->write(0, 50'000, sim::seconds(1));
  visits_->run();
  EXPECT_EQ((*visits_)[0].elapsed(), microseconds(100 + 50));
  EXPECT_EQ((*visits_)[1].elapsed(), microseconds(20 + 100));
  EXPECT_EQ((*visits_)[0].visit.queue, Duration());
}

TEST_F(Nvme, SmallRequestsAreBoundByChannelsOverLatency) {
  make(plain());
  for (int i = 0; i < 10; ++i) {
    visits_->read(0, 1);
  }
  visits_->run();
  // Two at a time, five rounds; the pipe lets the first two in 1 and 2 ns after the start.
  EXPECT_EQ(visits_->last_end() - TimePoint(), microseconds(500) + Duration(2));
}

TEST_F(Nvme, LargeRequestsAreBoundByTheSharedPipe) {
  make(plain());
  for (int i = 0; i < 10; ++i) {
    visits_->read(0, 1'000'000);
  }
  visits_->run();
  EXPECT_EQ(visits_->last_end() - TimePoint(), microseconds(10 * 1000 + 100));
}

TEST_F(Nvme, ReadsAndWritesShareThePipe) {
  make(plain());
  visits_->write(0, 500'000);
  visits_->read(0, 1000);
  visits_->run();
  EXPECT_EQ((*visits_)[1].visit.queue, microseconds(1000));
}

TEST_F(Nvme, RequestOfSeveralPartsIsDoneWithItsLast) {
  NvmeParams params = plain();
  params.channels = 1;
  make(params);
  visits_->add(DeviceOp::read, {{0, 1000}, {5000, 6000}, {9000, 10000}});
  visits_->run();
  EXPECT_EQ((*visits_)[0].elapsed(), microseconds(1 + 3 * 100));
}

TEST_F(Nvme, FlushOfAProtectedBufferTakesNoTime) {
  make(plain());
  visits_->write(0, 1000);
  visits_->add(DeviceOp::flush, {});
  visits_->run();
  EXPECT_EQ((*visits_)[1].elapsed(), Duration());
}

TEST_F(Nvme, FlushOfAVolatileBufferTakesItsLatencyOnceThereIsSomethingToFlush) {
  NvmeParams params = plain();
  params.flush_latency = microseconds(700);
  make(params);
  visits_->add(DeviceOp::flush, {});
  visits_->read(0, 1000, sim::seconds(1));
  visits_->add(DeviceOp::flush, {}, sim::seconds(2));
  visits_->write(0, 1000, sim::seconds(3));
  visits_->add(DeviceOp::flush, {}, sim::seconds(4));
  visits_->add(DeviceOp::flush, {}, sim::seconds(5));
  visits_->run();
  EXPECT_EQ((*visits_)[0].elapsed(), Duration());
  EXPECT_EQ((*visits_)[2].elapsed(), Duration());
  EXPECT_EQ((*visits_)[4].elapsed(), microseconds(700));
  EXPECT_EQ((*visits_)[5].elapsed(), Duration()) << "nothing was written since";
}

TEST_F(Nvme, FlushWaitsForTheWritesBeforeIt) {
  NvmeParams params = plain();
  params.flush_latency = microseconds(700);
  make(params);
  visits_->write(0, 50'000);  // takes 100 + 20 us
  visits_->add(DeviceOp::flush, {}, microseconds(10));
  visits_->run();
  EXPECT_EQ((*visits_)[1].elapsed(), microseconds(120 - 10 + 700));
  EXPECT_EQ((*visits_)[1].visit.service, microseconds(700));
}

TEST_F(Nvme, EveryParameterChangesTheResultByItsShare) {
  const auto time_of = [](NvmeParams params) {
    sim::Loop loop(1);
    NvmeDevice device(loop, "ssd", params);
    Visits visits(loop, device);
    // Three reads of 1 us each, then, when they are long gone, three writes of 2 us, and a flush.
    for (Bytes i = 0; i < 3; ++i) {
      visits.read(i * kMiB, 1000);
      visits.write(i * kMiB, 1000, sim::seconds(1));
    }
    visits.add(DeviceOp::flush, {}, sim::seconds(2));
    visits.run();
    return std::array{visits[4].elapsed(), visits[5].elapsed(), visits[6].elapsed()};
  };
  using Times = std::array<Duration, 3>;
  // Read and write 3 wait for channel 1 of 2: two latencies behind the first's transfer.
  const Times base{microseconds(1 + 2 * 100), microseconds(2 + 2 * 20), Duration()};
  EXPECT_EQ(time_of(plain()), base);
  struct Change {
    void (*make)(NvmeParams&);
    Times expected;
  };
  for (const Change& change :
       std::initializer_list<Change>{{[](NvmeParams& p) { p.channels = 3; },
                                      {microseconds(3 + 100), microseconds(6 + 20), Duration()}},
                                     {[](NvmeParams& p) { p.read_latency = microseconds(101); },
                                      {microseconds(1 + 2 * 101), base[1], Duration()}},
                                     {[](NvmeParams& p) { p.write_latency = microseconds(21); },
                                      {base[0], microseconds(2 + 2 * 21), Duration()}},
                                     {[](NvmeParams& p) { p.read_rate = sim::Rate(500'000'000); },
                                      {microseconds(2 + 2 * 100), base[1], Duration()}},
                                     {[](NvmeParams& p) { p.write_rate = sim::Rate(250'000'000); },
                                      {base[0], microseconds(4 + 2 * 20), Duration()}},
                                     {[](NvmeParams& p) { p.flush_latency = microseconds(700); },
                                      {base[0], base[1], microseconds(700)}}}) {
    NvmeParams params = plain();
    change.make(params);
    EXPECT_EQ(time_of(params), change.expected);
  }
}

TEST_F(Nvme, UseTellsTheWorkOfPipeAndChannels) {
  make(plain());
  visits_->read(0, 1000);
  visits_->read(0, 1000);
  visits_->read(0, 1000);
  visits_->run();
  const auto use = device_->use();
  ASSERT_EQ(use.size(), 2u);
  EXPECT_EQ(use[0].name, "ssd.pipe");
  EXPECT_EQ(use[0].busy, microseconds(3));
  EXPECT_EQ(use[0].waited, microseconds(1 + 2));
  EXPECT_EQ(use[1].servers, 2u);
  EXPECT_EQ(use[1].busy, microseconds(300));
  EXPECT_EQ(use[1].waited, microseconds(98));
}

TEST_F(Nvme, CancellingTheWaitLeavesTheWork) {
  make(plain());
  visits_->read(0, 1'000'000);
  ASSERT_TRUE(loop_.step());
  visits_->cancel();
  Visits after(loop_, *device_);
  after.read(0, 1);
  after.run();
  EXPECT_EQ(after[0].visit.queue, microseconds(1000));
}

sim::Task<void> tick(sim::Loop& loop) {
  for (;;) {
    co_await sim::sleep_for(loop, sim::seconds(1));
  }
}

TEST_F(Nvme, LongVisitIsNoDeadlockHoweverDaemonsTick) {
  NvmeParams params = plain();
  params.read_latency = sim::seconds(5000);
  make(params);
  sim::TaskGroup daemons(loop_);
  daemons.spawn(tick(loop_), "ticker", sim::TaskKind::daemon);
  visits_->read(0, 1);
  visits_->run();
  EXPECT_EQ((*visits_)[0].elapsed(), sim::seconds(5000) + Duration(1));
}

}  // namespace
}  // namespace stripe
