#include "transport/client_calls.h"

namespace transport {

// Stands in the calling coroutine.
struct ClientCalls::Call : sim::ListNode {
  Call(ClientCalls& owner, Address to, Opcode code) : calls(owner), client(to), opcode(code) {
    xid = ++calls.sent_;
    calls.calls_.emplace(xid, this);
    calls.in_order_.push_back(*this);
  }
  ~Call() { calls.calls_.erase(xid); }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  ClientCalls& calls;
  Address client;
  Opcode opcode;
  std::uint64_t xid = 0;
  sim::QueuedWaiter* waiter = nullptr;
  bool over = false;
  MessagePtr answer;

  void end(MessagePtr message) {
    over = true;
    answer = std::move(message);
    if (waiter != nullptr && !waiter->woken()) {
      waiter->wake();
    }
  }
};

class ClientCalls::Answer : public sim::QueuedWaiter {
 public:
  explicit Answer(Call& call) : QueuedWaiter(call.calls.loop_), call_(call) {}
  ~Answer() { call_.waiter = nullptr; }
  bool await_ready() const { return call_.over; }
  void await_suspend(std::coroutine_handle<> h) {
    suspend(h);
    call_.waiter = this;
  }
  void await_resume() { resumed(); }

 private:
  Call& call_;
};

ClientCalls::ClientCalls(sim::Loop& loop, Network& network, Address address)
    : WaitPlace(loop), loop_(loop), network_(network), address_(address) {}

void ClientCalls::tell(std::vector<Wait>& waits) const {
  in_order_.for_each([&](const Call& call) {
    if (call.waiter != nullptr) {
      waits.push_back({call.waiter->root(), "a client's answer to a callback"});
    }
  });
}

sim::Task<MessagePtr> ClientCalls::wait(Call& call) {
  co_await Answer(call);
  co_return std::move(call.answer);
}

sim::Task<MessagePtr> ClientCalls::call(Address client, Opcode opcode, std::unique_ptr<Body> body,
                                        sim::Duration patience) {
  Call call(*this, client, opcode);
  auto message = std::make_unique<Message>();
  message->from = address_;
  message->to = client;
  message->header.opcode = opcode;
  message->header.xid = call.xid;
  message->body = std::move(body);
  network_.send(std::move(message));
  auto answer = co_await sim::with_timeout(loop_, wait(call), patience);
  co_return answer ? std::move(*answer) : nullptr;
}

bool ClientCalls::answered(MessagePtr reply) {
  const auto found = calls_.find(reply->header.xid);
  if (found == calls_.end() || found->second->over || found->second->client != reply->from ||
      found->second->opcode != reply->header.opcode) {
    return false;
  }
  found->second->end(std::move(reply));
  return true;
}

void ClientCalls::lost(NodeId peer) {
  in_order_.for_each([&](Call& call) {
    if (call.client.node == peer && !call.over) {
      call.end(nullptr);
    }
  });
}

}  // namespace transport
