// An MDT with OSTs and clients over a loopback network, for tests.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "stripe/layout/lov_ea.h"
#include "stripe/server/mdt.h"
#include "stripe/server/memory_content.h"
#include "stripe/server/memory_meta_store.h"
#include "stripe/server/modelled_store.h"
#include "stripe/server/null_device.h"
#include "stripe/server/oss.h"
#include "transport/testing/loopback_network.h"

namespace stripe {

// Node 0 is the MDT's, node 1 + i that of OST i, node 100 + i that of client i.
class MdtWorld {
 public:
  explicit MdtWorld(std::uint32_t ost_count = 4, MdtOptions options = MdtOptions(),
                    sim::Bytes ost_capacity = sim::kTiB,
                    const OssOptions& oss_options = OssOptions())
      : data_store(make_store(sim::kTiB, true)) {
    std::vector<transport::Address> addresses;
    for (std::uint32_t i = 0; i < ost_count; ++i) {
      addresses.push_back({1 + i, 1});
      stores.push_back(make_store(ost_capacity));
      osts.push_back(make_ost(addresses.back(), i, oss_options));
    }
    make_mdt = [this, addresses, options] {
      return std::make_unique<Mdt>(loop, network, transport::Address{0, 1},
                                   transport::Address{0, 2}, host, meta, data_store.get(),
                                   addresses, options);
    };
    mdt = make_mdt();
    for (transport::NodeId i = 0; i < 2; ++i) {
      clients.push_back(std::make_unique<Client>(*this, i));
    }
  }

  // A server with one target on the store `index`.
  std::unique_ptr<Oss> make_ost(transport::Address address, std::uint32_t index,
                                const OssOptions& oss_options = OssOptions()) {
    auto oss = std::make_unique<Oss>(loop, network, "OSS", host, oss_options);
    oss->add_ost(address, "OST", *stores[index]);
    return oss;
  }

  // The MDT, which keeps a journal, starts anew without what was not stable. Whom it knew may bring
  // that back.
  void restart_mdt() {
    std::vector<transport::Address> known = mdt->server().clients();
    MdtRecord left = mdt->leave();
    mdt.reset();
    meta.crash();
    data_store->crash();
    mdt = make_mdt();
    mdt->keep_journal(JournalOptions(), std::move(left));
    mdt->server().recover(std::move(known), JournalOptions().recovery_window);
  }

  // Sends `request` as client `from` and runs until it is answered.
  template <typename Request>
  transport::RpcReply call(Request request, std::size_t from = 0) {
    transport::RpcReply reply;
    sim::TaskGroup callers(loop);
    callers.spawn(call_to(std::move(request), from, reply), "a caller");
    const sim::Status ran = sim::run_virtual(loop);
    sim::check(ran.ok(), ran.error().message);
    return reply;
  }
  template <typename Request>
  sim::Task<void> call_to(Request request, std::size_t from, transport::RpcReply& reply) {
    transport::CallOptions options;
    options.opcode = Request::kOpcode;
    options.idempotent = false;
    reply = co_await clients[from]->import.call(std::move(request), std::move(options));
  }
  // Lets daemons do what they have to do by `span` from now.
  void run_for(sim::Duration span) {
    const sim::TimePoint end = loop.now() + span;
    while (loop.step(end)) {
    }
    loop.advance_to(end);
  }

  static MdsIntentRequest open_request(std::string name, bool create, std::string layout = {}) {
    MdsIntentRequest request;
    request.intent = Intent::open;
    request.parent = kRootFid;
    request.name = std::move(name);
    request.create = create;
    request.write = create;
    request.layout = std::move(layout);
    return request;
  }
  transport::RpcReply create(std::string name, std::string layout = {}) {
    return call(open_request(std::move(name), true, std::move(layout)));
  }
  transport::RpcReply close(OpenHandle handle, std::size_t from = 0) {
    MdsCloseRequest request;
    request.handle = handle;
    return call(request, from);
  }
  transport::RpcReply reint(Reint op, std::string name, std::string new_name = {}) {
    MdsReintRequest request;
    request.op = op;
    request.parent = request.new_parent = kRootFid;
    request.name = std::move(name);
    request.new_name = std::move(new_name);
    return call(request);
  }
  transport::RpcReply getattr(std::string name) {
    MdsIntentRequest request;
    request.intent = Intent::getattr;
    request.parent = kRootFid;
    request.name = std::move(name);
    return call(request);
  }
  // LAYOUT intent with write for `extent` of `fid`.
  transport::RpcReply write_intent(Fid fid, sim::Extent extent) {
    MdsIntentRequest request;
    request.intent = Intent::layout;
    request.parent = fid;
    request.write = true;
    request.extent = extent;
    return call(request);
  }

  static const MdsIntentReply& body(const transport::RpcReply& reply) {
    sim::check(reply.status == sim::Errc::ok, sim::errc_name(reply.status));
    return static_cast<const MdsIntentReply&>(*reply.body);
  }
  static Layout layout(const transport::RpcReply& reply) {
    return decode_lov_ea(body(reply).layout).value();
  }
  // Objects in the stores of all OSTs.
  std::uint64_t objects() const {
    std::uint64_t count = 0;
    for (const auto& store : stores) {
      count += store->space().objects;
    }
    return count;
  }
  bool object_exists(const StripeObject& object) const {
    return stores[object.ost_index]->attr(object.id).ok();
  }
  std::uint64_t sent(transport::Opcode opcode) const {
    return network.sent(transport::MessageKind::request, opcode);
  }

  struct Client {
    Client(MdtWorld& world, transport::NodeId index)
        : endpoint(world.loop, world.network, {100 + index, 1}),
          import(endpoint, {0, 1}, "MDT0000", transport::ImportOptions()) {}
    transport::Endpoint endpoint;
    transport::Import import;
  };

  sim::Loop loop{1};
  transport::testing::LoopbackNetwork network{loop, sim::microseconds(10)};
  sim::ModelledHost host{loop, "host", sim::HostProfile()};
  MemoryMetaStore meta{true};
  std::unique_ptr<ModelledStore> data_store;
  std::vector<std::unique_ptr<ModelledStore>> stores;
  std::vector<std::unique_ptr<Oss>> osts;  // each a server of its own
  std::function<std::unique_ptr<Mdt>()> make_mdt;
  std::unique_ptr<Mdt> mdt;
  std::vector<std::unique_ptr<Client>> clients;

 private:
  std::unique_ptr<ModelledStore> make_store(sim::Bytes capacity, bool crashes = false) {
    ModelledStoreParams params;
    params.crashes = crashes;
    return std::make_unique<ModelledStore>(
        params, std::make_unique<MemoryContent>(),
        std::make_unique<NullDevice>(loop, "d", NullDeviceParams{capacity}));
  }
};

}  // namespace stripe
