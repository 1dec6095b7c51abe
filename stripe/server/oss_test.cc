#include "stripe/server/oss.h"

#include <gtest/gtest.h>

#include <array>

#include "stripe/server/nvme_device.h"
#include "stripe/server/ost_testing.h"

namespace stripe {
namespace {

constexpr transport::Address kSecond{0, 2};

// A server with two targets, each with an object kA of its own, and a client of both.
class TwoTargets : public ::testing::Test {
 protected:
  explicit TwoTargets(std::uint32_t io_threads = 1) {
    OssOptions options;
    options.io_threads = io_threads;
    oss_ = std::make_unique<Oss>(loop_, network_, "OSS0", host_, options);
    oss_->add_ost(kOst, "OST0000", first_);
    oss_->add_ost(kSecond, "OST0001", second_);
    for (ModelledStore* store : {&first_, &second_}) {
      sim::check(store->create(kA).ok(), "a new store takes an object");
    }
  }
  static std::unique_ptr<Device> slow(sim::Loop& loop) {
    NvmeParams params;
    params.write_latency = sim::milliseconds(100);
    return std::make_unique<NvmeDevice>(loop, "slow", params);
  }
  // When a write of 4 KiB to each target is answered, both sent now.
  std::array<transport::RpcReply, 2> write_to_both() {
    std::array<transport::RpcReply, 2> replies;
    sim::TaskGroup callers(loop_);
    callers.spawn(write(to_first_, replies[0]), "a caller");
    callers.spawn(write(to_second_, replies[1]), "a caller");
    EXPECT_TRUE(sim::run_virtual(loop_).ok());
    return replies;
  }
  static sim::Task<void> write(transport::Import& import, transport::RpcReply& reply) {
    OstWriteRequest request;
    request.object = kA;
    request.ranges = {{0, 4096}};
    transport::CallOptions options;
    options.opcode = kOstWrite;
    options.bulk =
        transport::Payload(transport::ContentRun{9, 0, 4096, transport::Stamp::make(1, 1)});
    reply = co_await import.call(std::move(request), std::move(options));
  }

  sim::Loop loop_{1};
  transport::testing::LoopbackNetwork network_{loop_};
  sim::ModelledHost host_{loop_, "oss", sim::HostProfile()};
  ModelledStore first_{{}, std::make_unique<MemoryContent>(), slow(loop_)};
  ModelledStore second_{{}, std::make_unique<MemoryContent>(), slow(loop_)};
  std::unique_ptr<Oss> oss_;
  transport::Endpoint endpoint_{loop_, network_, kClient};
  transport::Import to_first_{endpoint_, kOst, "OST0000", many_calls()};
  transport::Import to_second_{endpoint_, kSecond, "OST0001", many_calls()};
};

class TwoTargetsTwoThreads : public TwoTargets {
 protected:
  TwoTargetsTwoThreads() : TwoTargets(2) {}
};

TEST_F(TwoTargets, ShareTheThreadsOfTheirServer) {
  const auto replies = write_to_both();
  EXPECT_EQ(replies[0].server.queue, sim::Duration());
  EXPECT_GE(replies[1].server.queue, sim::milliseconds(100)) << "one thread serves both";
  EXPECT_EQ(oss_->io_service().threads(), 1u);
}

TEST_F(TwoTargetsTwoThreads, WorkAtTheSameTimeOnTwoThreads) {
  for (const transport::RpcReply& reply : write_to_both()) {
    EXPECT_EQ(reply.status, sim::Errc::ok);
    EXPECT_EQ(reply.server.queue, sim::Duration());
  }
}

TEST_F(TwoTargets, KeepTheirObjectsApart) {
  write_to_both();
  EXPECT_EQ(first_.attr(kA)->size, 4096u);
  EXPECT_EQ(second_.attr(kA)->size, 4096u);
  ASSERT_TRUE(second_.destroy(kA).ok());
  const auto replies = write_to_both();
  EXPECT_EQ(replies[0].status, sim::Errc::ok);
  EXPECT_EQ(replies[1].status, sim::Errc::not_found);
}

TEST_F(TwoTargets, AServerMayGoWhileItsThreadsWork) {
  transport::RpcReply reply;
  sim::TaskGroup callers(loop_);
  callers.spawn(write(to_first_, reply), "a caller");
  callers.spawn(write(to_second_, reply), "a caller");
  for (int i = 0; i < 40 && oss_->io_service().waiting() == 0; ++i) {
    ASSERT_TRUE(loop_.step());
  }
  ASSERT_EQ(oss_->io_service().busy_threads(), 1u);
  callers.cancel_all();
  oss_.reset();
}

}  // namespace
}  // namespace stripe
