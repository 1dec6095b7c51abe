#include "transport/mailbox.h"

#include <utility>

namespace transport {

Mailbox::Mailbox(sim::Loop& loop) : loop_(loop) { fire = &Mailbox::run; }

Mailbox::~Mailbox() {
  if (!waiting_.empty()) {
    loop_.cancel(posted_at_, *this);
  }
}

void Mailbox::attach(Address address, Receiver& receiver) {
  const bool fresh = receivers_.emplace(address, &receiver).second;
  sim::check(fresh, "an address has two receivers");
}

void Mailbox::detach(Address address) { receivers_.erase(address); }

void Mailbox::deliver(MessagePtr message) { put(std::move(message)); }

void Mailbox::report_lost(NodeId local, NodeId peer) {
  const Lost lost{local, peer};
  const bool said = !waiting_.empty() && waiting_.back() == Item(lost);
  if (!said) {
    put(lost);
  }
}

void Mailbox::put(Item item) {
  if (waiting_.empty()) {
    posted_at_ = loop_.now();
    loop_.post(*this);
  }
  waiting_.push_back(std::move(item));
}

// What receivers put in meanwhile waits for an event of its own.
void Mailbox::run(sim::Callback& callback) {
  auto& self = static_cast<Mailbox&>(callback);
  for (Item& item : std::exchange(self.waiting_, {})) {
    if (auto* message = std::get_if<MessagePtr>(&item)) {
      self.hand_over(std::move(*message));
    } else {
      self.tell_all(std::get<Lost>(item));
    }
  }
}

void Mailbox::hand_over(MessagePtr message) {
  const auto found = receivers_.find(message->to);
  if (found == receivers_.end()) {
    ++dropped_;
    return;
  }
  traffic_.count(*message);
  found->second->receive(std::move(message));
}

// Whoever hears it may attach and detach, so the list is taken before anyone is told.
void Mailbox::tell_all(Lost lost) {
  std::vector<Address> listeners;
  for (auto it = receivers_.lower_bound({lost.local, 0});
       it != receivers_.end() && it->first.node == lost.local; ++it) {
    listeners.push_back(it->first);
  }
  for (const Address address : listeners) {
    if (const auto found = receivers_.find(address); found != receivers_.end()) {
      found->second->disconnected(lost.peer);
    }
  }
}

}  // namespace transport
