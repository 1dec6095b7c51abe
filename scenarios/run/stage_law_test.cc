// Where time goes that an operation spends at the MDT, on its messages, and in an fsync: a delay
// put there shows in its own stage.
#include <gtest/gtest.h>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

using Growth = std::map<std::string, std::int64_t>;
using Sets = std::vector<std::string>;

// One client opens its file, moves 1 MiB past every cache and closes it.
constexpr std::string_view kOneTransfer = R"({
  "name": "t",
  "cluster": {"osts": 1, "hardware": "nvme_2023"},
  "clients": [{"design": {"direct_io": true}, "workload": {"ior": "-w -r -t 1m -b 1m"}}],
  "layout": "-c 1 -S 1M"
})";

// How much longer each stage of a phase takes with `delay` than without.
Growth growth(std::string_view phase, const Sets& setting, const std::string& delay) {
  const auto before = stages_of(phase_of(run_text(kOneTransfer, setting), phase));
  Sets with = setting;
  with.push_back(delay);
  auto after = stages_of(phase_of(run_text(kOneTransfer, with), phase));
  for (const auto& [stage, time] : before) {
    after[stage] -= time;
  }
  std::erase_if(after, [](const auto& entry) { return entry.second == 0; });
  return after;
}

TEST(StageLaw, OfModifyingNamesShowsInMetadata) {
  const std::string slow = "cluster.overrides.mds.cpu_per_modify=170us";
  EXPECT_EQ(growth("write", {}, slow), (Growth{{"metadata", 10'000}})) << "the create";
  EXPECT_EQ(growth("read", {}, slow), Growth());
}

TEST(StageLaw, OfLookupsAndClosesShowsInMetadata) {
  EXPECT_EQ(growth("read", {"cluster.overrides.mds.cpu_per_lookup=15us"},
                   "cluster.overrides.mds.cpu_per_lookup=25us"),
            (Growth{{"metadata", 10'000}}));
  EXPECT_EQ(growth("read", {"cluster.overrides.mds.cpu_per_close=15us"},
                   "cluster.overrides.mds.cpu_per_close=25us"),
            (Growth{{"metadata", 10'000}}));
}

// Both ranks open at the same time, and there is one thread: the second open waits for the first,
// and the first close for the second open, because transfers take less.
TEST(StageLaw, OfWaitingForTheMdtShowsInMetadata) {
  const Growth grown =
      growth("read",
             {"clients[0].tasks_per_node=2", "clients[0].workload.ior=-w -r -F -t 1m -b 1m",
              "cluster.overrides.mds.threads=1", "cluster.overrides.mds.cpu_per_lookup=1ms"},
             "cluster.overrides.mds.cpu_per_lookup=2ms");
  ASSERT_TRUE(grown.contains("metadata"));
  EXPECT_EQ(grown.at("metadata"), 4 * 1'000'000);
}

// The first file needs objects that the OST is slow to make.
TEST(StageLaw, OfMakingObjectsShowsInMetadataOfTheCreate) {
  const Growth grown = growth("write", {"cluster.overrides.oss.cpu_per_object=1ms"},
                              "cluster.overrides.oss.cpu_per_object=2ms");
  ASSERT_TRUE(grown.contains("metadata"));
  EXPECT_EQ(grown.size(), 1u);
}

// The first transfer waits in slot for the connection to the OST: one message each way.
Growth with_connecting(std::string_view phase, Growth grown) {
  if (phase == "write") {
    grown["slot"] += 2 * 10'000;
  }
  return grown;
}

TEST(StageLaw, OfTheClientsMessagesShowsInClientCpu) {
  for (const std::string_view phase : {"write", "read"}) {
    const Growth grown = growth(phase, {"cluster.overrides.client.cpu_per_message=2us"},
                                "cluster.overrides.client.cpu_per_message=12us");
    // Open, transfer and close are a request and a reply each; the data adds two.
    EXPECT_EQ(grown, with_connecting(phase, {{"client_cpu", 8 * 10'000}})) << phase;
  }
}

TEST(StageLaw, OfTheObjectServersMessagesShowsInServerCpu) {
  for (const std::string_view phase : {"write", "read"}) {
    const Growth grown = growth(phase, {"cluster.overrides.oss.node.cpu_per_message=2us"},
                                "cluster.overrides.oss.node.cpu_per_message=12us");
    EXPECT_EQ(grown, with_connecting(phase, {{"server_cpu", 4 * 10'000}})) << phase;
  }
}

// Everything written is sent by the fsync, because it fills no RPC before.
TEST(StageLaw, OfTheDeviceShowsInDeviceWhileAnFsyncWaits) {
  const Sets buffered = {"clients[0].design.direct_io=false",
                         "clients[0].workload.ior=-w -k -e -t 1m -b 1m"};
  EXPECT_EQ(growth("write", buffered, "cluster.overrides.ost_device.nvme.write_latency=30us"),
            (Growth{{"device", 10'000}}));
}

// Full chunks are on the way when the fsync begins: only what happens during the wait is its own.
TEST(StageLaw, OfABusyDeviceShowsInItsStagesWhileAnFsyncWaits) {
  const Sets buffered = {"clients[0].design.direct_io=false",
                         "cluster.overrides.ost_device.nvme.channels=1",
                         "clients[0].workload.ior=-w -k -e -t 4m -b 64m"};
  const Growth grown =
      growth("write", buffered, "cluster.overrides.ost_device.nvme.write_latency=10ms");
  ASSERT_TRUE(grown.contains("device"));
  // It sees more RPCs end than before, each with its way back.
  for (const auto& [stage, time] : grown) {
    EXPECT_TRUE(stage == "device" || stage == "device_queue" || stage == "slot" ||
                1000 * time < grown.at("device"))
        << stage << " grew by " << time;
  }
}

}  // namespace
}  // namespace scenarios
