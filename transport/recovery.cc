#include "transport/recovery.h"

#include <algorithm>

namespace transport {

Recovery::Recovery(sim::Loop& loop, std::vector<Address> clients, sim::Duration window,
                   Actions actions)
    : loop_(loop), window_(window), actions_(std::move(actions)) {
  for (const Address client : clients) {
    clients_.try_emplace(client);
  }
  counts_.start = loop.now();
  counts_.clients = clients_.size();
  timer_.fire = &Recovery::window_over;
  timer_.recovery = this;
}

Recovery::~Recovery() {
  if (timer_.armed) {
    loop_.cancel(timer_.due, timer_);
  }
}

void Recovery::begin() {
  arm();
  advance();
}

void Recovery::arm() {
  timer_.armed = true;
  timer_.due = loop_.now() + window_;
  loop_.at(timer_.due, timer_);
}

void Recovery::connected(Address client) {
  clients_.at(client) = {Phase::requests, nullptr};
  std::erase_if(requests_, [client](const auto& entry) { return entry.second->from == client; });
}

void Recovery::gone(Address client) {
  if (clients_.erase(client) == 0) {
    return;
  }
  std::erase_if(requests_, [client](const auto& entry) { return entry.second->from == client; });
  replayed(client);
}

void Recovery::replay(MessagePtr request) {
  const std::uint64_t number = request->header.transno;
  requests_.insert_or_assign(number, std::move(request));
  advance();
}

void Recovery::replayed(Address client) {
  if (carrying_out_ && carried_for_ == client) {
    carrying_out_ = false;
  }
  advance();
}

void Recovery::step(MessagePtr ping) {
  const auto found = clients_.find(ping->from);
  if (found == clients_.end()) {
    actions_.tell_done(*ping);
    return;
  }
  const auto done = static_cast<const PingRequest&>(*ping->body).done;
  Client& client = found->second;
  if (done == RecoveryStep::requests && client.phase == Phase::locks) {
    actions_.tell_done(*ping);  // it was told before, and did not hear it
    return;
  }
  client.phase = done == RecoveryStep::requests ? Phase::locks_next : Phase::done;
  client.ping = std::move(ping);
  advance();
}

bool Recovery::any(Phase phase) const {
  return std::ranges::any_of(clients_,
                             [phase](const auto& entry) { return entry.second.phase == phase; });
}

// It may have more requests to replay, and its next one is not here.
bool Recovery::owes_request(Address address, const Client& client) const {
  return client.phase == Phase::requests && !(carrying_out_ && carried_for_ == address) &&
         std::ranges::none_of(requests_,
                              [address](const auto& r) { return r.second->from == address; });
}

std::vector<Address> Recovery::absent() const {
  std::vector<Address> absent;
  for (const auto& [address, client] : clients_) {
    if (client.phase == Phase::absent) {
      absent.push_back(address);
    }
  }
  return absent;
}

// Every client that has requests to replay has sent its next one.
bool Recovery::all_have_sent() const {
  return std::ranges::none_of(
      clients_, [this](const auto& entry) { return owes_request(entry.first, entry.second); });
}

// Whom the others wait for: who did not come; else who does not send its next request; else who
// does not come to the end of its locks. What is being carried out ends by itself.
std::vector<Address> Recovery::waited_for() const {
  const bool absent = any(Phase::absent);
  const bool requests = !all_have_sent();
  std::vector<Address> found;
  for (const auto& [address, client] : clients_) {
    const bool late = absent     ? client.phase == Phase::absent
                      : requests ? owes_request(address, client)
                                 : !carrying_out_ && client.phase == Phase::locks;
    if (late) {
      found.push_back(address);
    }
  }
  return found;
}

void Recovery::advance() {
  if (over_ || carrying_out_ || any(Phase::absent) || !all_have_sent()) {
    return;
  }
  if (!requests_.empty()) {
    MessagePtr next = std::move(requests_.begin()->second);
    requests_.erase(requests_.begin());
    carrying_out_ = true;
    carried_for_ = next->from;
    ++counts_.requests;
    counts_.bytes += next->bulk.size();
    actions_.carry_out(std::move(next));
    return;
  }
  for (auto& [address, client] : clients_) {
    if (client.phase == Phase::locks_next) {
      client.phase = Phase::locks;
      actions_.tell_done(*std::exchange(client.ping, nullptr));
    }
  }
  if (any(Phase::locks)) {
    return;
  }
  over_ = true;
  counts_.time = std::max(loop_.now() - counts_.start, sim::nanoseconds(1));
  for (auto& [address, client] : clients_) {
    actions_.tell_done(*client.ping);
  }
  actions_.over(std::move(held_));
}

// Only those whom the others wait for (Lustre: those that are not healthy at this stage).
void Recovery::window_over(sim::Callback& callback) {
  auto& timer = static_cast<Timer&>(callback);
  Recovery& self = *timer.recovery;
  timer.armed = false;
  if (self.over_) {
    return;
  }
  const std::vector<Address> late = self.waited_for();
  self.arm();
  self.counts_.evicted += late.size();
  for (const Address client : late) {
    self.actions_.evict(client);
  }
  for (const Address client : late) {
    self.gone(client);
  }
}

}  // namespace transport
