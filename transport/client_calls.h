// Requests that a server sends to its clients (callbacks), and their answers.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/sync.h"
#include "transport/network.h"

namespace transport {

// One per server. A client that does not answer in time counts as silent: what then is for the
// caller to say.
class ClientCalls final : sim::WaitPlace {
 public:
  // `address` is the server's, from which the requests come.
  ClientCalls(sim::Loop& loop, Network& network, Address address);

  // Sends `body` as a request `opcode` and waits for the answer: null if none comes within
  // `patience`, or if the connection to the client's node is lost first.
  sim::Task<MessagePtr> call(Address client, Opcode opcode, std::unique_ptr<Body> body,
                             sim::Duration patience);

  // The server received this reply. False if it belongs to no call: late, or forged.
  bool answered(MessagePtr reply);
  // The connection to `peer` is gone.
  void lost(NodeId peer);
  std::size_t under_way() const { return calls_.size(); }

 private:
  struct Call;
  class Answer;
  void tell(std::vector<Wait>& waits) const override;
  sim::Task<MessagePtr> wait(Call& call);

  sim::Loop& loop_;
  Network& network_;
  Address address_;
  std::uint64_t sent_ = 0;
  boost::unordered_flat_map<std::uint64_t, Call*> calls_;  // by xid
  sim::IntrusiveList<Call> in_order_;                      // the same calls
};

}  // namespace transport
