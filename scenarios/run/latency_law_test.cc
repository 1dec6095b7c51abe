// One client with nobody else about: where its time goes, to the nanosecond.
#include <gtest/gtest.h>

#include "scenarios/run/run_testing.h"
#include "stripe/protocol/ost_messages.h"
#include "transport/fabric/quanta.h"

namespace scenarios {
namespace {

// One OST on flash; each phase opens the file, moves 1 MiB past every cache and closes it.
constexpr std::string_view kOneTransfer = R"({
  "name": "t",
  "cluster": {"osts": 1, "hardware": "nvme_2023"},
  "clients": [{"design": {"direct_io": true}, "workload": {"ior": "-w -r -t 1m -b 1m"}}],
  "layout": "-c 1 -S 1M"
})";

HardwareSpec nvme_2023() {
  const auto scenario = read(kOneTransfer);
  return scenario ? scenario->cluster.hardware : HardwareSpec();
}

std::int64_t latency_of(const reports::PhaseResult& phase, std::string_view op) {
  for (const reports::LatencySummary& latency : phase.latency) {
    if (latency.op == op) {
      EXPECT_EQ(latency.count, 1u);
      EXPECT_EQ(latency.min, latency.max);
      return latency.max.ns();
    }
  }
  ADD_FAILURE() << "no operation is called " << op;
  return 0;
}

// How long an interface needs for a message: each quantum takes whole nanoseconds.
sim::Duration wire_time(sim::Rate rate, sim::Bytes bytes) {
  const transport::Quanta quanta = transport::quanta_of(bytes);
  return rate.time_for(transport::kQuantum) * (quanta.count - 1) + rate.time_for(quanta.last);
}

// A message between two idle nodes: the processors at both ends, the latency, and the interfaces,
// of which the second takes each quantum in while the first sends it.
sim::Duration message_time(const HardwareSpec& h, std::unique_ptr<transport::Body> body,
                           transport::MessageKind kind, sim::Bytes bulk) {
  transport::Message message;
  message.header.kind = kind;
  message.body = std::move(body);
  message.bulk = transport::Payload::unknown(bulk);
  return h.client.cpu_per_message + h.fabric.latency +
         wire_time(h.client.nic_rate, message.wire_size()) + h.oss.node.cpu_per_message;
}

TEST(Latency, UnloadedReadTakesExactlyTheSumOfItsParts) {
  const HardwareSpec h = nvme_2023();
  const auto& device = std::get<NvmeSpec>(h.ost_device);
  auto request = std::make_unique<stripe::OstReadRequest>();
  request->ranges.push_back({0, sim::kMiB});
  const sim::Duration expected =
      message_time(h, std::move(request), transport::MessageKind::request, 0) + h.oss.cpu_per_io +
      device.read_rate.time_for(sim::kMiB) + device.read_latency +
      h.oss.node.copy_rate.time_for(sim::kMiB) + h.oss.node.checksum_rate.time_for(sim::kMiB) +
      message_time(h, nullptr, transport::MessageKind::bulk_put, sim::kMiB) +
      message_time(h, nullptr, transport::MessageKind::bulk_ack, 0) +
      message_time(h, std::make_unique<stripe::OstReadReply>(), transport::MessageKind::reply, 0) +
      h.client.checksum_rate.time_for(sim::kMiB);
  const reports::PhaseResult phase = phase_of(run_text(kOneTransfer, {}), "read");
  EXPECT_EQ(latency_of(phase, "read"), expected.ns());
}

TEST(Latency, StagesAddUpToTheTimeOfTheOperations) {
  for (const auto& phase : run_text(kOneTransfer, {}).phases) {
    std::int64_t stages = 0;
    for (const auto& [stage, time] : stages_of(phase)) {
      stages += time;
    }
    std::int64_t operations = 0;
    for (const reports::LatencySummary& latency : phase.latency) {
      operations += latency.mean.ns() * static_cast<std::int64_t>(latency.count);
    }
    EXPECT_EQ(stages, operations) << phase.name;
  }
}

// How much longer each stage of `phase` takes with `sets` than without.
std::map<std::string, std::int64_t> growth(std::string_view phase, std::vector<std::string> sets) {
  const auto before = stages_of(phase_of(run_text(kOneTransfer, {}), phase));
  auto after = stages_of(phase_of(run_text(kOneTransfer, sets), phase));
  for (const auto& [stage, time] : before) {
    after[stage] -= time;
  }
  std::erase_if(after, [](const auto& entry) { return entry.second == 0; });
  return after;
}

using Growth = std::map<std::string, std::int64_t>;

// The client opens, reads and closes: of each it sends the request and receives the reply. Of the
// read it also receives the data and sends word that they have come.
TEST(InjectedDelay, OfTheClientsMessagesShowsInClientCpu) {
  EXPECT_EQ(growth("read", {"cluster.overrides.client.cpu_per_message=12us"}),
            (Growth{{"client_cpu", 8 * 10'000}}));
}

// The object server receives the request, sends the data, hears that they have come, and replies.
TEST(InjectedDelay, OfTheObjectServersMessagesShowsInServerCpu) {
  EXPECT_EQ(growth("read", {"cluster.overrides.oss.node.cpu_per_message=12us"}),
            (Growth{{"server_cpu", 4 * 10'000}}));
}

// 1 MiB with LNet's header on it: 1024 KiB and 96 bytes.
TEST(InjectedDelay, OfTheBytesOfMessagesIsTheirWireSizesShare) {
  const auto client = growth("read", {"cluster.overrides.client.cpu_per_kib=1024ns"});
  const auto server = growth("read", {"cluster.overrides.oss.node.cpu_per_kib=1024ns"});
  ASSERT_EQ(client.size(), 1u);
  ASSERT_EQ(server.size(), 1u);
  // A nanosecond for every byte of the data and of the few short messages beside them.
  EXPECT_GE(client.at("client_cpu"), (1 << 20) + 96);
  EXPECT_LE(client.at("client_cpu"), (1 << 20) + 5000);
  EXPECT_GE(server.at("server_cpu"), (1 << 20) + 96);
  EXPECT_LE(server.at("server_cpu"), (1 << 20) + 2000);
}

// Open and close are a request and a reply each. The read's request crosses once; its data, the
// word that the data has come, and the reply follow each other back.
TEST(InjectedDelay, OfTheFabricShowsInFabricAndReply) {
  EXPECT_EQ(growth("read", {"cluster.overrides.fabric.latency=11us"}),
            (Growth{{"fabric", 3 * 10'000}, {"reply", 5 * 10'000}}));
}

TEST(InjectedDelay, OfTheObjectServersProcessorShowsInServerCpu) {
  EXPECT_EQ(growth("read", {"cluster.overrides.oss.cpu_per_io=28us"}),
            (Growth{{"server_cpu", 10'000}}));
}

TEST(InjectedDelay, OfTheDeviceShowsInDeviceOfItsOwnDirectionAlone) {
  const std::vector<std::string> slow_read = {
      "cluster.overrides.ost_device.nvme.read_latency=95us"};
  EXPECT_EQ(growth("read", slow_read), (Growth{{"device", 10'000}}));
  EXPECT_EQ(growth("write", slow_read), Growth());
  EXPECT_EQ(growth("write", {"cluster.overrides.ost_device.nvme.write_latency=30us"}),
            (Growth{{"device", 10'000}}));
}

// Of creating the file.
TEST(InjectedDelay, OfModifyingNamesShowsInTheWritePhaseAlone) {
  const std::vector<std::string> slow = {"cluster.overrides.mds.cpu_per_modify=170us"};
  EXPECT_EQ(growth("write", slow), (Growth{{"metadata", 10'000}}));
  EXPECT_EQ(growth("read", slow), Growth());
}

TEST(InjectedDelay, OfTheClientsCopyShowsInClientCpuOfBufferedWritesAlone) {
  const std::string slow = "cluster.overrides.client.copy_rate=1048576000B/s";
  const std::string fast = "cluster.overrides.client.copy_rate=unlimited";
  EXPECT_EQ(growth("write", {slow}), Growth()) << "direct I/O copies nothing";
  const std::string buffered = "clients[0].design.direct_io=false";
  const std::vector<std::string> without = {buffered, fast};
  const std::vector<std::string> with = {buffered, slow};
  auto before = stages_of(phase_of(run_text(kOneTransfer, without), "write"));
  const auto after = stages_of(phase_of(run_text(kOneTransfer, with), "write"));
  before["client_cpu"] += 1'000'000;
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace scenarios
