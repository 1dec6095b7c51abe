// A call over the modelled network: a delay in each part of its way shows in that part's stage, to
// the nanosecond, and in no other.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "sim/host.h"
#include "transport/fabric/make_fabric.h"
#include "transport/import.h"
#include "transport/server.h"
#include "transport/sim_network.h"
#include "transport/testing/ping_protocol.h"

namespace transport::testing {
namespace {

using sim::Duration;
using sim::Stage;

constexpr Address kServer{0, 1};
constexpr Address kClient{1, 1};
constexpr Address kOther{2, 1};      // another client
constexpr Address kNeighbour{1, 2};  // on the client's node
constexpr Duration kDelay = sim::microseconds(10);

// What the parts of the way take. Nobody else is about unless a test says so.
struct Delays {
  Duration slot = sim::microseconds(3);
  Duration client_message = sim::microseconds(2);
  Duration client_busy;             // the processor, from when the call begins
  sim::Bytes neighbours_bytes = 0;  // sent when the call begins, at a byte per nanosecond
  Duration latency = sim::microseconds(4);
  Duration server_busy;  // the processor, from when the call begins
  Duration thread_held;  // the server's only one, from well before the call
  Duration server_message = sim::microseconds(3);
  Duration server_work = sim::microseconds(7);
  Duration device_queue = sim::microseconds(11);
  Duration device = sim::microseconds(13);
};

// Serves pings on one thread: processor, the client's bulk, device, bulk to the client. Pings of
// the other client hold the thread for as long as they say.
class Target final : Handler, Router {
 public:
  Target(sim::Loop& loop, Network& network, sim::Station& cpu, const Delays& delays)
      : loop_(loop),
        cpu_(cpu),
        delays_(delays),
        server_(loop, network, kServer, *this),
        service_(loop, "pings", 1, make_nrs("fifo"), *this) {}

 private:
  Service* route(const Message&, NrsKey&) override { return &service_; }
  sim::Task<Reply> handle(Request& request) override {
    if (request.message->from == kOther) {
      co_await sim::sleep_for(loop_, request.body<PingRequest>().work);
      co_return Reply{sim::Errc::ok, std::make_unique<PingReply>(), false, {}};
    }
    request.charge(co_await cpu_.use(delays_.server_work));
    const auto pulled = co_await request.pull_bulk();
    EXPECT_TRUE(pulled.ok());
    co_await sim::sleep_for(loop_, delays_.device_queue + delays_.device);
    request.times.device_queue += delays_.device_queue;
    request.times.device += delays_.device;
    EXPECT_EQ(co_await request.push_bulk(Payload::unknown(5000)), sim::Errc::ok);
    co_return Reply{sim::Errc::ok, std::make_unique<PingReply>(), false, {}};
  }
  sim::Loop& loop_;
  sim::Station& cpu_;
  const Delays& delays_;
  Server server_;
  Service service_;
};

struct Nobody final : Receiver {
  void receive(MessagePtr) override {}
  void disconnected(NodeId) override {}
};

class World {
 public:
  explicit World(const Delays& delays) : delays_(delays) {
    network_.set_cost(0, {&server_cpu_, delays.server_message});
    network_.set_cost(1, {&client_cpu_, delays.client_message});
    network_.attach(kNeighbour, nobody_);
  }

  // Nanoseconds by stage of one call, connections made before.
  std::map<std::string, std::int64_t> stages() {
    run(ping(other_, Duration()));
    run(ping(import_, Duration()));
    tasks_.spawn(ping(other_, delays_.thread_held), "who holds the thread");
    run(call());
    sim::StageTimes times{};
    timeline_.add_to(times);
    EXPECT_EQ(sim::total(times), took_);
    std::map<std::string, std::int64_t> by_name;
    for (std::size_t i = 0; i < sim::kStages; ++i) {
      by_name[std::string(sim::stage_name(static_cast<Stage>(i)))] = times[i].ns();
    }
    return by_name;
  }

 private:
  void run(sim::Task<void> task) {
    tasks_.spawn(std::move(task), "the test");
    const sim::Status ran = sim::run_virtual(loop_);
    EXPECT_TRUE(ran.ok());
  }
  static CallOptions with_bulk() {
    CallOptions options;
    options.opcode = kPing;
    options.bulk = Payload::unknown(3000);
    return options;
  }
  static sim::Task<void> ping(Import& import, Duration work) {
    PingRequest request;
    request.work = work;
    EXPECT_EQ((co_await import.call(request, with_bulk())).status, sim::Errc::ok);
  }
  void send_of_neighbour() {
    auto message = std::make_unique<Message>();
    message->from = kNeighbour;
    message->to = kOther;
    message->header.kind = MessageKind::bulk_ack;  // as such of no call
    message->bulk = Payload::unknown(delays_.neighbours_bytes);
    network_.send(std::move(message));
  }
  // Begins when the other's request already holds the thread.
  sim::Task<void> call() {
    co_await sim::sleep_for(loop_, sim::microseconds(100));
    const sim::TimePoint begin = loop_.now();
    timeline_ = sim::Timeline(begin, Stage::slot);
    co_await sim::sleep_for(loop_, delays_.slot);
    timeline_.enter(Stage::fabric, loop_.now());
    if (delays_.neighbours_bytes > 0) {
      send_of_neighbour();
    }
    client_cpu_.reserve(delays_.client_busy);
    server_cpu_.reserve(delays_.server_busy);
    RpcReply reply = co_await import_.call(PingRequest(), with_bulk());
    timeline_.leave_call(reply.server, reply.transit, Stage::gather, loop_.now());
    took_ = loop_.now() - begin;
  }

  const Delays& delays_;
  sim::Loop loop_{1};
  sim::Station client_cpu_{loop_, "client"};
  sim::Station server_cpu_{loop_, "server"};
  Topology topology_{{.nic_rate = sim::Rate{1'000'000'000}, .latency = delays_.latency}};
  std::unique_ptr<Fabric> fabric_ = make_fabric(FabricModel::fast, loop_, topology_);
  SimNetwork network_{loop_, *fabric_};
  Nobody nobody_;
  Target target_{loop_, network_, server_cpu_, delays_};
  Endpoint endpoint_{loop_, network_, kClient};
  Import import_{endpoint_, kServer, "PING0000", ImportOptions()};
  Endpoint other_endpoint_{loop_, network_, kOther};
  Import other_{other_endpoint_, kServer, "PING0000", ImportOptions()};
  sim::Timeline timeline_;
  Duration took_;
  sim::TaskGroup tasks_{loop_};
};

using Growth = std::map<std::string, std::int64_t>;

// How much longer each stage takes with `after` than with `before`, in units of kDelay; stages that
// do not are left out.
Growth growth(const Delays& before, const Delays& after) {
  Growth growth = World(after).stages();
  for (const auto& [stage, time] : World(before).stages()) {
    growth[stage] -= time;
  }
  std::erase_if(growth, [](const auto& entry) { return entry.second == 0; });
  for (auto& [stage, time] : growth) {
    EXPECT_EQ(time % kDelay.ns(), 0) << stage;
    time /= kDelay.ns();
  }
  return growth;
}

// The same for one part, which takes `usual` and then kDelay more.
Growth growth_of(Duration Delays::*part, Duration usual) {
  Delays before;
  before.*part = usual;
  Delays after = before;
  after.*part += kDelay;
  return growth(before, after);
}

TEST(CallStages, WaitingForASlotIsSlot) {
  EXPECT_EQ(growth_of(&Delays::slot, Duration()), (Growth{{"slot", 1}}));
}

// Of a call with bulk both ways the client sends the request, the bulk, and the word that the
// server's bulk has come; it receives the call for its bulk, the server's bulk and the reply.
TEST(CallStages, MessagesThroughTheClientsProcessorAreClientCpu) {
  EXPECT_EQ(growth_of(&Delays::client_message, sim::microseconds(2)), (Growth{{"client_cpu", 6}}));
}

TEST(CallStages, WaitingForTheClientsProcessorIsClientCpu) {
  EXPECT_EQ(growth_of(&Delays::client_busy, sim::microseconds(50)), (Growth{{"client_cpu", 1}}));
}

TEST(CallStages, WaitingForTheClientsInterfaceIsClientNic) {
  Delays before;
  before.neighbours_bytes = 20'000;
  Delays after = before;
  after.neighbours_bytes += 10'000;
  EXPECT_EQ(growth(before, after), (Growth{{"client_nic", 1}}));
}

// The request, the call for the bulk and the bulk; then the server's bulk, the word that it has
// come, and the reply.
TEST(CallStages, TheFabricsLatencyIsFabricOnTheWayThereAndReplyOnTheWayBack) {
  EXPECT_EQ(growth_of(&Delays::latency, sim::microseconds(4)),
            (Growth{{"fabric", 3}, {"reply", 3}}));
}

TEST(CallStages, MessagesThroughTheServersProcessorAreServerCpu) {
  EXPECT_EQ(growth_of(&Delays::server_message, sim::microseconds(3)), (Growth{{"server_cpu", 6}}));
}

TEST(CallStages, WaitingForTheServersProcessorIsServerCpu) {
  EXPECT_EQ(growth_of(&Delays::server_busy, sim::microseconds(50)), (Growth{{"server_cpu", 1}}));
  EXPECT_EQ(growth_of(&Delays::server_work, sim::microseconds(7)), (Growth{{"server_cpu", 1}}));
}

TEST(CallStages, WaitingForAThreadIsServerQueue) {
  EXPECT_EQ(growth_of(&Delays::thread_held, sim::microseconds(900)), (Growth{{"server_queue", 1}}));
}

TEST(CallStages, TheDeviceIsDeviceQueueAndDevice) {
  EXPECT_EQ(growth_of(&Delays::device_queue, Duration()), (Growth{{"device_queue", 1}}));
  EXPECT_EQ(growth_of(&Delays::device, Duration()), (Growth{{"device", 1}}));
}

}  // namespace
}  // namespace transport::testing
