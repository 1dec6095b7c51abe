// The same restart in virtual time and over TCP: what a server loses and is brought back does not
// depend on the world.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <utility>

#include "scenarios/run/small_cluster.h"
#include "stripe/server/object_store.h"

namespace scenarios {
namespace {

using sim::Errc;
using sim::kMiB;

// What of a restart takes no time.
struct Brought {
  sim::Bytes stable = 0;  // of the first OST's data, when its server has stopped
  std::uint64_t clients = 0;
  std::uint64_t evicted = 0;
  std::uint64_t undone = 0;
  std::uint64_t requests = 0;
  sim::Bytes bytes = 0;
  std::uint64_t locks = 0;
  bool operator==(const Brought&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Brought& b) {
  return out << fmt::format(
             "{} bytes left; {} clients, {} evicted; {} undone; {} requests, {} "
             "bytes, {} locks",
             b.stable, b.clients, b.evicted, b.undone, b.requests, b.bytes, b.locks);
}

// Two clients of a server that stops and is there again before they have turned around.
class RestartTwin {
 public:
  explicit RestartTwin(std::unique_ptr<WorldModel> world)
      : cluster_(HardwareSpec(), NullDeviceSpec{16 * sim::kGiB}, true, true, std::move(world)),
        one_(cluster_.mount(design())),
        two_(cluster_.mount(design())) {}

  Brought restart_oss() {
    cluster_.run(oss_script());
    return brought("oss0");
  }
  Brought restart_mds() {
    cluster_.run(mds_script());
    return brought("mds0");
  }

 private:
  static stripe::ClientDesign design() {
    stripe::ClientDesign design;
    design.coherence = stripe::Coherence::ldlm;
    design.ping_interval = sim::seconds(1);  // so soon an idle client comes back
    design.rpc_timeout = sim::seconds(10);
    return design;
  }

  static sim::Task<void> write(stripe::File& file) {
    EXPECT_EQ((co_await file.write({0, kMiB})).status, Errc::ok);
  }
  static sim::Task<void> expect_written(stripe::File& file, transport::Stamp stamp) {
    stripe::Outcome outcome = co_await file.read({0, kMiB});
    EXPECT_EQ(outcome.status, Errc::ok);
    transport::Payload written(transport::ContentRun{file.fid().content_id(), 0, kMiB, stamp});
    written.materialize();
    outcome.data.materialize();
    EXPECT_TRUE(std::ranges::equal(outcome.data.bytes(), written.bytes())) << "others' words";
  }

  // One file is stable, one was written, and one is in a client's cache only.
  sim::Task<void> oss_script() {
    auto synced = co_await open_file(two_, "/synced", "-c 1 -o 0", false);
    co_await write(*synced);
    EXPECT_EQ((co_await synced->fsync()).status, Errc::ok);
    auto written = co_await open_file(one_, "/written", "-c 1 -o 0", true);
    co_await write(*written);
    auto cached = co_await open_file(one_, "/cached", "-c 1 -o 0", false);
    co_await write(*cached);
    cluster_.cluster().stop_oss(0);
    stable_ = cluster_.cluster().space(0).used;
    cluster_.cluster().start_oss(0);
    auto again = co_await open_file(two_, "/written", "", true);
    co_await expect_written(*again, written->last_stamp());
    again = co_await open_file(one_, "/synced", "", true);
    co_await expect_written(*again, synced->last_stamp());
    again = co_await open_file(two_, "/cached", "", true);
    co_await expect_written(*again, cached->last_stamp());
  }

  // A directory and two files, of which one has its data on the MDT. What made the file that was
  // synced is stable.
  sim::Task<void> mds_script() {
    auto synced = co_await open_file(two_, "/synced", "-c 1 -o 1", false);
    co_await write(*synced);
    EXPECT_EQ((co_await synced->fsync()).status, Errc::ok);
    EXPECT_EQ((co_await one_.mkdir("/d")).status, Errc::ok);
    auto made = co_await open_file(one_, "/d/made", "-c 2", true);
    co_await write(*made);
    auto on_mdt = co_await open_file(one_, "/on_mdt", "-E 1M -L mdt -E eof -c 1", true);
    co_await write(*on_mdt);
    cluster_.cluster().stop_mds();
    stable_ = cluster_.cluster().space(0).used;
    cluster_.cluster().start_mds();
    auto again = co_await open_file(two_, "/d/made", "", true);
    EXPECT_EQ(again->fid(), made->fid());
    EXPECT_EQ(again->layout(), made->layout());
    co_await expect_written(*again, made->last_stamp());
    again = co_await open_file(two_, "/on_mdt", "", true);
    EXPECT_EQ(again->fid(), on_mdt->fid());
    co_await expect_written(*again, on_mdt->last_stamp());
    again = co_await open_file(one_, "/synced", "", true);
    EXPECT_EQ(again->fid(), synced->fid());
    co_await expect_written(*again, synced->last_stamp());
    EXPECT_EQ((co_await made->close()).status, Errc::ok) << "it was open all the time";
  }

  Brought brought(const char* server) {
    for (stripe::Mount* mount : {&one_, &two_}) {
      EXPECT_EQ(mount->context().stats.bytes_lost, 0u);
      EXPECT_EQ(mount->mdc().changes_lost(), 0u);
    }
    const reports::Liveness liveness = cluster_.cluster().liveness();
    EXPECT_EQ(liveness.evictions, 0u);
    if (liveness.recoveries.size() != 1) {
      ADD_FAILURE() << liveness.recoveries.size() << " recoveries";
      return {};
    }
    const reports::Recovery& recovery = liveness.recoveries.front();
    EXPECT_EQ(recovery.server, server);
    EXPECT_GT(recovery.time, sim::Duration()) << "it is over";
    return {stable_,
            recovery.clients,
            recovery.evicted,
            recovery.undone_requests,
            recovery.replayed_requests,
            recovery.replayed_bytes,
            recovery.replayed_locks};
  }

  SmallCluster cluster_;
  stripe::Mount& one_;
  stripe::Mount& two_;
  sim::Bytes stable_ = 0;
};

std::unique_ptr<WorldModel> sim_world() { return make_sim_world(WorldParams()); }
std::unique_ptr<WorldModel> socket_world() { return make_socket_world(WorldParams()); }

TEST(RestartTwin, AnObjectServerIsBroughtBackTheSameInBothWorlds) {
  const Brought modelled = RestartTwin(sim_world()).restart_oss();
  EXPECT_EQ(modelled.clients, 3u) << "the MDT is one";
  EXPECT_EQ(modelled.evicted, 0u);
  EXPECT_EQ(modelled.stable, kMiB) << "what was synced";
  EXPECT_EQ(modelled.undone, 1u) << "the write that was not";
  EXPECT_EQ(modelled.requests, 1u);
  EXPECT_EQ(modelled.bytes, kMiB);
  EXPECT_GT(modelled.locks, 0u);
  EXPECT_EQ(RestartTwin(socket_world()).restart_oss(), modelled);
}

TEST(RestartTwin, TheMetadataServerIsBroughtBackTheSameInBothWorlds) {
  const Brought modelled = RestartTwin(sim_world()).restart_mds();
  EXPECT_EQ(modelled.clients, 2u);
  EXPECT_EQ(modelled.evicted, 0u);
  EXPECT_GE(modelled.undone, 4u) << "what made three names, and a write";
  EXPECT_GE(modelled.requests, modelled.undone) << "what is open is opened again besides";
  EXPECT_EQ(modelled.bytes, kMiB);
  EXPECT_GT(modelled.locks, 0u);
  EXPECT_EQ(RestartTwin(socket_world()).restart_mds(), modelled);
}

// It has nothing to ask, and no ping is due.
TEST(RestartSocketWorld, AnIdleClientHearsThatItsServerHasStopped) {
  SmallCluster cluster(HardwareSpec(), NullDeviceSpec{16 * sim::kGiB}, true, true, socket_world());
  stripe::ClientDesign design;
  design.ping_interval = sim::seconds(1000);
  stripe::Mount& client = cluster.mount(design);
  cluster.run([](SmallCluster& all, stripe::Mount& mount) -> sim::Task<void> {
    auto file = co_await open_file(mount, "/f", "-c 1 -o 0", true);
    EXPECT_EQ((co_await file->write({0, kMiB})).status, Errc::ok);
    const transport::Import& ost = mount.lov().target(0).import();
    const transport::Import& mdt = mount.mdc().import();
    EXPECT_TRUE(ost.connected() && mdt.connected());
    all.cluster().stop_oss(0);
    for (int i = 0; i < 10'000 && ost.connected(); ++i) {
      co_await sim::sleep_for(all.loop(), sim::milliseconds(1));
    }
    EXPECT_FALSE(ost.connected());
    EXPECT_TRUE(mdt.connected()) << "the others are not concerned";
    all.cluster().stop_mds();
    for (int i = 0; i < 10'000 && mdt.connected(); ++i) {
      co_await sim::sleep_for(all.loop(), sim::milliseconds(1));
    }
    EXPECT_FALSE(mdt.connected());
  }(cluster, client));
}

}  // namespace
}  // namespace scenarios
