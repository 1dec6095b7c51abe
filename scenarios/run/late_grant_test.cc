// A lock whose grant reaches its client when the server has given that client up already.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

using sim::Errc;
using sim::kMiB;
using sim::seconds;

stripe::ClientDesign locking(sim::Duration rpc_timeout) {
  stripe::ClientDesign design;
  design.coherence = stripe::Coherence::ldlm;
  design.rpc_timeout = rpc_timeout;
  return design;
}

class LateGrant : public ::testing::Test {
 public:
  void run(sim::Task<void> task) { cluster_.run(std::move(task)); }
  void slow(stripe::Mount& client, const stripe::File& file, sim::Duration more) {
    const std::uint32_t ost = file.layout().components.front().objects.front().ost_index;
    cluster_.cluster().world().network().slow(client.context().endpoint.address().node,
                                              cluster_.cluster().map().osts[ost].node, more);
  }
  auto sleep_until(sim::TimePoint when) { return sim::sleep_until(cluster_.loop(), when); }
  static sim::Task<std::uint64_t> write(stripe::File& file) {
    const stripe::Outcome outcome = co_await file.write({0, kMiB});
    EXPECT_EQ(outcome.status, Errc::ok);
    EXPECT_EQ((co_await file.fsync()).status, Errc::ok);
    co_return file.last_stamp().value;
  }
  static sim::Task<void> expect_read(stripe::File& file, std::uint64_t writer) {
    const stripe::Outcome outcome = co_await file.read({0, kMiB});
    EXPECT_EQ(outcome.status, Errc::ok);
    const std::vector<Written> all{{0, kMiB, writer}};
    EXPECT_EQ(writers_of(file, 0, outcome.data), all);
  }
  SmallCluster cluster_;
};

// Messages take 120 s each way. The lock is granted 120 s after it was asked for and called back at
// once; the eviction comes 100 s later, and its answer and the callback later still. At 200 s the
// client has connected anew, which tells it of the eviction after the grant.
TEST_F(LateGrant, IsNotKeptIfTheClientWasEvictedSince) {
  run([](LateGrant& test) -> sim::Task<void> {
    stripe::Mount& late = test.cluster_.mount(locking(seconds(200)));
    auto one = co_await open_file(late, "/f", "-c 1", false);
    auto two = co_await open_file(test.cluster_.mount(locking(seconds(100))), "/f", "", false);
    co_await expect_read(*one, co_await write(*two));  // which connects
    co_await write(*two);                              // which takes its lock
    const sim::TimePoint start = test.cluster_.loop().now();
    test.slow(late, *one, seconds(120));
    sim::TaskGroup others(test.cluster_.loop());
    sim::Event done(test.cluster_.loop());
    others.spawn(
        [](stripe::File& file, sim::Event& over) -> sim::Task<void> {
          EXPECT_EQ((co_await file.read({0, kMiB})).status, Errc::ok);
          over.set();
        }(*one, done),
        "the late one");
    co_await test.sleep_until(start + seconds(130));
    co_await write(*two);
    EXPECT_EQ(test.cluster_.cluster().liveness().evictions, 1u);
    test.slow(late, *one, sim::Duration() - seconds(120));
    co_await done.wait();
    co_await expect_read(*one, two->last_stamp().value);
    const std::uint64_t newer = co_await write(*two);
    co_await expect_read(*one, newer);
  }(*this));
}

}  // namespace
}  // namespace scenarios
