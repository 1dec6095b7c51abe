// What the tests of a metadata server that restarts share.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "scenarios/run/small_cluster.h"
#include "stripe/server/mdt.h"

namespace scenarios {

class MdsRestart : public ::testing::Test {
 public:
  void run(sim::Task<void> task) { cluster_.run(std::move(task)); }
  Cluster& cluster() { return cluster_.cluster(); }
  auto sleep(sim::Duration span) { return sim::sleep_for(cluster_.loop(), span); }
  stripe::Mount& mount(sim::Duration rpc_timeout = sim::seconds(1)) {
    stripe::ClientDesign design;
    design.coherence = stripe::Coherence::ldlm;
    design.ping_interval = sim::seconds(5);
    design.rpc_timeout = rpc_timeout;
    return cluster_.mount(design);
  }
  void cut(stripe::Mount& client, bool lost) {
    cluster().world().network().cut(client.context().endpoint.address().node, 0, lost);
  }
  void slow(stripe::Mount& client, sim::Duration more) {
    cluster().world().network().slow(client.context().endpoint.address().node, 0, more);
  }
  // Away for a second; then the clients come back, and the recovery ends.
  sim::Task<void> restart() {
    cluster().stop_mds();
    co_await sleep(sim::seconds(1));
    cluster().start_mds();
    co_await sleep(sim::seconds(20));
  }
  reports::Recovery recovery() { return cluster().liveness().recoveries.back(); }
  // All that was changed so far is stable.
  sim::Task<void> commit() { co_await sleep(sim::seconds(11)); }
  static sim::Task<void> write(stripe::File& file) {
    EXPECT_EQ((co_await file.write({0, sim::kMiB})).status, sim::Errc::ok);
  }
  static sim::Task<void> expect_written(stripe::File& file, transport::Stamp stamp) {
    const stripe::Outcome outcome = co_await file.read({0, sim::kMiB});
    EXPECT_EQ(outcome.status, sim::Errc::ok);
    const std::vector<Written> all{{0, sim::kMiB, stamp.value}};
    EXPECT_EQ(writers_of(file, 0, outcome.data), all);
  }
  static sim::Task<void> make(stripe::Mount& mount, std::string path) {
    auto file = co_await open_file(mount, std::move(path), "-c 1", true);
    EXPECT_EQ((co_await file->close()).status, sim::Errc::ok);
  }
  static sim::Task<sim::Errc> status_of(stripe::Mount& mount, std::string path) {
    const stripe::Found found = co_await mount.stat(std::move(path));
    co_return found.outcome.status;
  }
  SmallCluster cluster_{HardwareSpec(), NullDeviceSpec{16 * sim::kGiB}, true, true};
};

}  // namespace scenarios
