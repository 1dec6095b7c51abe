// A delay put into one resource shows in that resource's stages, and in no others.
#include <gtest/gtest.h>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

using Growth = std::map<std::string, std::int64_t>;
using Sets = std::vector<std::string>;

// Two ranks of one client, each with its own file on the same OST, past every cache.
constexpr std::string_view kTwoRanks = R"({
  "name": "t",
  "cluster": {"osts": 1, "hardware": "nvme_2023"},
  "clients": [{"tasks_per_node": 2, "design": {"direct_io": true, "max_rpc_size": "1MiB"},
               "workload": {"ior": "-w -r -F -t 1m -b 1m"}}],
  "layout": "-c 1 -S 1M"
})";

// How much longer each stage of a phase takes with `delay` than without.
Growth growth(std::string_view phase, const Sets& setting, const std::string& delay) {
  const auto before = stages_of(phase_of(run_text(kTwoRanks, setting), phase));
  Sets with = setting;
  with.push_back(delay);
  auto after = stages_of(phase_of(run_text(kTwoRanks, with), phase));
  for (const auto& [stage, time] : before) {
    after[stage] -= time;
  }
  std::erase_if(after, [](const auto& entry) { return entry.second == 0; });
  return after;
}

// With one channel the second read waits until the first is done with it.
TEST(DelayLaw, OfABusyDeviceShowsInDeviceAndInTheWaitForIt) {
  EXPECT_EQ(growth("read", {"cluster.overrides.ost_device.nvme.channels=1"},
                   "cluster.overrides.ost_device.nvme.read_latency=95us"),
            (Growth{{"device", 2 * 10'000}, {"device_queue", 10'000}}));
}

// With one thread the second read waits until the first one's reply is on its way.
TEST(DelayLaw, OfABusyThreadShowsInTheWaitForIt) {
  EXPECT_EQ(growth("read", {"cluster.overrides.oss.io_threads=1"},
                   "cluster.overrides.ost_device.nvme.read_latency=95us"),
            (Growth{{"device", 2 * 10'000}, {"server_queue", 10'000}}));
}

// With one slot the second RPC of a read leaves when the first is answered.
TEST(DelayLaw, OfTheFirstRpcShowsInTheSlotOfTheSecond) {
  EXPECT_EQ(growth("read",
                   {"clients[0].tasks_per_node=1", "clients[0].design.max_rpcs_in_flight=1",
                    "clients[0].workload.ior=-w -r -F -t 2m -b 2m"},
                   "cluster.overrides.ost_device.nvme.read_latency=95us"),
            (Growth{{"device", 10'000}, {"slot", 10'000}}));
}

// Both ranks' small writes travel inside their requests, which leave through one interface: the
// second waits for the first. In the second repetition, when the connections are there.
TEST(DelayLaw, OfTheClientsInterfaceShowsInTheWaitForItAndOnTheWay) {
  const Growth grown = growth("write.2", {"clients[0].workload.ior=-w -k -i 2 -F -t 8k -b 8k"},
                              "cluster.overrides.client.nic_rate=1GB/s");
  EXPECT_GT(grown.at("client_nic"), 7'000) << "8 KiB of the other rank";
  for (const auto& [stage, time] : grown) {
    EXPECT_TRUE(time < 0 || stage == "client_nic" || stage == "fabric" || stage == "reply")
        << stage << " grew by " << time;
  }
}

TEST(DelayLaw, OfTheClientsChecksumsShowsInClientCpu) {
  const Growth grown = growth(
      "read", {"clients[0].tasks_per_node=1", "cluster.overrides.client.checksum_rate=unlimited"},
      "cluster.overrides.client.checksum_rate=1048576000B/s");
  EXPECT_EQ(grown, (Growth{{"client_cpu", 1'000'000}}));
}

TEST(DelayLaw, OfTheObjectServersCopyAndChecksumShowsInServerCpu) {
  for (const std::string work : {"copy_rate", "checksum_rate"}) {
    const std::string key = "cluster.overrides.oss.node." + work;
    EXPECT_EQ(growth("read", {key + "=unlimited"}, key + "=1048576000B/s"),
              (Growth{{"server_cpu", 2 * 1'000'000}}))
        << work;
  }
}

// With one core the second request waits for the first, and waiting for a processor is its stage.
TEST(DelayLaw, OfABusyProcessorShowsInServerCpu) {
  const Growth grown = growth("read", {"cluster.overrides.oss.node.cores=1"},
                              "cluster.overrides.oss.cpu_per_io=28us");
  ASSERT_TRUE(grown.contains("server_cpu"));
  EXPECT_GE(grown.at("server_cpu"), 3 * 10'000);
  for (const auto& [stage, time] : grown) {
    EXPECT_TRUE(stage == "server_cpu" || time < 0) << stage << " grew by " << time;
  }
}

}  // namespace
}  // namespace scenarios
