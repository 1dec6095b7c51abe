// A server's time after a restart, in which the clients it knew bring back what it lost.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "transport/connect.h"
#include "transport/request.h"

namespace transport {

// What came of it.
struct RecoveryCounts {
  sim::TimePoint start;
  sim::Duration time;          // until new requests were carried out; zero: it is not over
  std::uint64_t clients = 0;   // known from before
  std::uint64_t evicted = 0;   // of these, not back in time
  std::uint64_t requests = 0;  // replayed
  std::uint64_t locks = 0;
  sim::Bytes bytes = 0;  // of bulk that replayed requests brought
};

// Replayed requests are carried out in the order of their numbers, whoever sends them: the lowest
// of all is known when every client has sent its next one or said that it has no more. Then locks
// come back, and when all have, the recovery is over. Those whom the others wait for when a
// window ends do not count any more (Lustre: the soft limit of 300 s).
class Recovery {
 public:
  // What it has its server do.
  struct Actions {
    std::function<void(MessagePtr)> carry_out;      // a replayed request
    std::function<void(const Message&)> tell_done;  // answers a client's ping
    std::function<void(Address)> evict;
    std::function<void(std::vector<MessagePtr>)> over;  // with the messages that had to wait
  };
  // begin() is to follow.
  Recovery(sim::Loop& loop, std::vector<Address> clients, sim::Duration window, Actions actions);
  ~Recovery();
  Recovery(const Recovery&) = delete;
  Recovery& operator=(const Recovery&) = delete;

  // Over at once if nobody was known.
  void begin();
  bool knows(Address client) const { return clients_.contains(client); }
  // Those who have not come yet, in order of their addresses.
  std::vector<Address> absent() const;
  // It has connected, maybe anew.
  void connected(Address client);
  void gone(Address client);
  void replay(MessagePtr request);
  // What replay() had carried out for `client` has been answered.
  void replayed(Address client);
  void lock_replayed() { ++counts_.locks; }
  void pulled(sim::Bytes bytes) { counts_.bytes += bytes; }
  // A ping that says how far a client has come.
  void step(MessagePtr ping);
  // Something else: it waits until the recovery is over.
  void hold(MessagePtr message) { held_.push_back(std::move(message)); }

  const RecoveryCounts& counts() const { return counts_; }

 private:
  enum class Phase { absent, requests, locks_next, locks, done };
  struct Client {
    Phase phase = Phase::absent;
    MessagePtr ping;  // to be answered
  };
  struct Timer : sim::Callback {
    Recovery* recovery = nullptr;
    sim::TimePoint due;
    bool armed = false;
  };
  bool any(Phase phase) const;
  bool owes_request(Address address, const Client& client) const;
  bool all_have_sent() const;
  std::vector<Address> waited_for() const;
  void advance();
  void arm();
  static void window_over(sim::Callback& callback);

  sim::Loop& loop_;
  sim::Duration window_;
  Actions actions_;
  std::map<Address, Client> clients_;
  std::map<std::uint64_t, MessagePtr> requests_;  // by number
  bool carrying_out_ = false;
  Address carried_for_;
  std::vector<MessagePtr> held_;
  RecoveryCounts counts_;
  bool over_ = false;
  Timer timer_;
};

}  // namespace transport
