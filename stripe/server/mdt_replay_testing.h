// An MDT that starts anew, and clients of it that bring back whatever a test says.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "stripe/server/mdt_testing.h"
#include "transport/connect.h"

namespace stripe {

// Speaks to the MDT by messages of its own, so that it can say what no import would.
class RawClient final : public transport::Receiver {
 public:
  RawClient(MdtWorld& world, transport::NodeId node) : world_(world), address_{node, 1} {
    world_.network.attach(address_, *this);
  }
  ~RawClient() override { world_.network.detach(address_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // As the client it was, if it was connected before.
  void connect() {
    transport::ConnectRequest request;
    request.generation = generation_;
    const std::uint64_t xid = send(std::move(request));
    world_.run_for(sim::milliseconds(1));
    generation_ = body<transport::ConnectReply>(xid).generation;
  }
  // Returns the number under which the answer will be found. `change`: what it replays, if
  // anything.
  template <typename Request>
  std::uint64_t send(Request request, std::uint64_t change = 0) {
    auto message = std::make_unique<transport::Message>();
    message->from = address_;
    message->to = {0, 1};
    message->header.opcode = Request::kOpcode;
    message->header.xid = ++xid_;
    message->header.generation = generation_;
    message->header.replay = change != 0;
    message->header.transno = change;
    message->body = std::make_unique<Request>(std::move(request));
    world_.network.send(std::move(message));
    return xid_;
  }
  template <typename Request>
  std::uint64_t call(Request request, std::uint64_t change = 0) {
    const std::uint64_t xid = send(std::move(request), change);
    world_.run_for(sim::seconds(1));
    return xid;
  }
  // It has no more of that to bring back.
  void done(transport::RecoveryStep step) {
    transport::PingRequest ping;
    ping.done = step;
    send(ping);
  }
  bool answered(std::uint64_t xid) const { return answers_.contains(xid); }
  sim::Errc status(std::uint64_t xid) const { return answers_.at(xid)->header.status; }
  std::uint64_t change(std::uint64_t xid) const { return answers_.at(xid)->header.transno; }
  template <typename Reply>
  const Reply& body(std::uint64_t xid) const {
    return static_cast<const Reply&>(*answers_.at(xid)->body);
  }

 private:
  void receive(transport::MessagePtr message) override {
    answers_[message->header.xid] = std::move(message);
  }
  void disconnected(transport::NodeId) override {}

  MdtWorld& world_;
  transport::Address address_;
  std::uint32_t generation_ = 0;
  std::uint64_t xid_ = 0;
  std::map<std::uint64_t, transport::MessagePtr> answers_;
};

class MdtReplay : public ::testing::Test {
 protected:
  // A request that was carried out, as its client keeps it.
  struct Kept {
    MdsIntentRequest request;
    std::uint64_t change = 0;
    Layout layout() const { return decode_lov_ea(request.replay->layout).value(); }
    void claim(const Layout& layout) { request.replay->layout = encode_lov_ea(layout).value(); }
  };

  MdtReplay() {
    world_.mdt->keep_journal(JournalOptions(), {});
    honest_.connect();
    liar_.connect();
  }
  static Kept intent(RawClient& client, MdsIntentRequest request) {
    const std::uint64_t xid = client.call(request);
    const auto& reply = client.body<MdsIntentReply>(xid);
    request.replay = {reply.attr.fid, reply.attr.ctime_ns, reply.handle, reply.created,
                      reply.layout};
    return {std::move(request), client.change(xid)};
  }
  static Kept create(RawClient& client, std::string name, std::string layout = "-c 1 -o 0") {
    return intent(client, MdtWorld::open_request(std::move(name), true, std::move(layout)));
  }
  static Kept grow(RawClient& client, const Fid& fid) {
    MdsIntentRequest request;
    request.intent = Intent::layout;
    request.parent = fid;
    request.write = true;
    request.extent = {0, sim::kMiB};
    return intent(client, std::move(request));
  }
  void commit() { world_.run_for(sim::seconds(11)); }
  void restart() {
    world_.restart_mdt();
    honest_.connect();
    liar_.connect();
    honest_is_done_ = false;
  }
  // What the liar brings back, when nothing is left to come from the other.
  sim::Errc replay(const Kept& kept) {
    honest_done();
    return liar_.status(liar_.call(kept.request, kept.change));
  }
  void end_recovery() {
    honest_done();
    liar_.done(transport::RecoveryStep::requests);
    world_.run_for(sim::seconds(1));
    honest_.done(transport::RecoveryStep::locks);
    liar_.done(transport::RecoveryStep::locks);
    world_.run_for(sim::seconds(1));
    ASSERT_FALSE(world_.mdt->server().recovering());
  }

  void honest_done() {
    if (!std::exchange(honest_is_done_, true)) {
      honest_.done(transport::RecoveryStep::requests);
    }
  }

  MdtWorld world_;
  RawClient honest_{world_, 200};
  RawClient liar_{world_, 201};
  bool honest_is_done_ = false;
};

}  // namespace stripe
