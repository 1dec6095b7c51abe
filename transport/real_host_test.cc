#include "transport/real_host.h"

#include <gtest/gtest.h>

#include <vector>

#include "sim/sync.h"

namespace transport {
namespace {

using sim::Work;

const RealRunLimits kBounded{.wall = sim::seconds(60), .patience = sim::seconds(60)};

class RealMachine : public ::testing::Test {
 protected:
  sim::Status run(sim::Task<> task) {
    sim::TaskGroup tasks(loop_);
    tasks.spawn(std::move(task), "work");
    return run_real(time_, io_, kBounded);
  }
  static sim::Task<> perform(sim::Host& host, Work work, std::span<const std::byte> data) {
    co_await host.perform(work, data.size(), data);
  }
  static sim::Task<> handle(sim::Host& host, sim::Duration modelled) {
    co_await host.perform_for(modelled);
  }

  sim::Loop loop_{1};
  boost::asio::io_context io_;
  RealTime time_{loop_};
  RealHost host_{time_, "node"};
};

TEST_F(RealMachine, NeverSleepsForWhatAModelWouldTake) {
  EXPECT_TRUE(run(handle(host_, sim::seconds(24 * 3600))).ok());
  EXPECT_EQ(host_.cpu().visits(), 1u);
}

TEST_F(RealMachine, CopiesTheBytesThatExist) {
  const std::vector<std::byte> data(3 * sim::kMiB + 5);
  EXPECT_TRUE(run(perform(host_, Work::copy, data)).ok());
  EXPECT_EQ(host_.copied(), data.size());
}

TEST_F(RealMachine, ChecksumsTheBytesThatExist) {
  const std::vector<std::byte> digits = {std::byte{'1'}, std::byte{'2'}, std::byte{'3'},
                                         std::byte{'4'}, std::byte{'5'}, std::byte{'6'},
                                         std::byte{'7'}, std::byte{'8'}, std::byte{'9'}};
  EXPECT_TRUE(run(perform(host_, Work::checksum, digits)).ok());
  EXPECT_EQ(host_.checksums(), 0xCBF43926u);  // the check value of CRC-32
}

// What a model charges for content that exists nowhere, a real machine does with other bytes.
TEST_F(RealMachine, WhatIsOnlyDescribedIsDoneOnAsManyOtherBytes) {
  const auto describe = [](sim::Host& host, Work work) -> sim::Task<> {
    const sim::Station::Visit visit = co_await host.perform(work, 64 * sim::kMiB + 5);
    EXPECT_GT(visit.service, sim::Duration());
  };
  EXPECT_TRUE(run(describe(host_, Work::copy)).ok());
  EXPECT_EQ(host_.copied(), 64 * sim::kMiB + 5);
  EXPECT_TRUE(run(describe(host_, Work::checksum)).ok());
  EXPECT_EQ(host_.copied(), 64 * sim::kMiB + 5);
}

TEST_F(RealMachine, ACallThatAPageCacheAnswersCopiesItsBytes) {
  const auto call = [](sim::Host& host) -> sim::Task<> {
    const sim::Station::Visit visit = co_await host.perform(Work::cached_call, 64 * sim::kMiB);
    EXPECT_GT(visit.service, sim::Duration());
  };
  EXPECT_TRUE(run(call(host_)).ok());
  EXPECT_EQ(host_.copied(), 64 * sim::kMiB);
}

TEST_F(RealMachine, PagesThatAReadFillsAreMadeReady) {
  const auto call = [](sim::Host& host) -> sim::Task<> {
    const sim::Station::Visit visit = co_await host.perform(Work::pages, 64 * sim::kMiB);
    EXPECT_GT(visit.service, sim::Duration());
  };
  EXPECT_TRUE(run(call(host_)).ok());
  EXPECT_EQ(host_.prepared(), 64 * sim::kMiB);
  EXPECT_EQ(host_.copied(), 0u);
}

TEST_F(RealMachine, WorkOnNothingCopiesNothing) {
  EXPECT_TRUE(run(perform(host_, Work::copy, {})).ok());
  EXPECT_EQ(host_.copied(), 0u);
}

TEST_F(RealMachine, WhatTwoHostsChargeIsNeverMoreThanTheTimeThatPassed) {
  RealHost other(time_, "other");
  const std::vector<std::byte> data(sim::kMiB);
  const auto work = [](sim::Host& a, sim::Host& b,
                       std::span<const std::byte> bytes) -> sim::Task<> {
    for (int i = 0; i < 20; ++i) {
      co_await a.perform(Work::copy, bytes.size(), bytes);
      co_await b.perform_for(sim::seconds(1));
      co_await b.perform(Work::checksum, bytes.size(), bytes);
      co_await a.perform_for(sim::seconds(1));
    }
  };
  EXPECT_TRUE(run(work(host_, other, data)).ok());
  const sim::Duration charged = host_.cpu().busy() + other.cpu().busy();
  EXPECT_GT(charged, sim::Duration());
  EXPECT_LE(charged, time_.now() - sim::TimePoint());  // the run began at 0
}

}  // namespace
}  // namespace transport
