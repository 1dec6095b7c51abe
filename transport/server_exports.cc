// Which clients a server knows: how they come, are heard, and go.
#include <algorithm>
#include <optional>
#include <utility>

#include "transport/server.h"

namespace transport {

// Those it did not know wait until the others are back.
void Server::on_connect(MessagePtr message) {
  if (recovery_ && !recovery_->knows(message->from)) {
    recovery_->hold(std::move(message));
    return;
  }
  connect(*message);
}

void Server::connect(const Message& request) {
  std::unique_ptr<Export>& client = exports_[request.from];
  if (!client) {
    client = std::make_unique<Export>();
    client->client = request.from;
  }
  auto body = std::make_unique<ConnectReply>();
  const std::uint32_t before =
      request.body ? static_cast<const ConnectRequest&>(*request.body).generation : 0;
  body->known = client->generation != 0 && before != 0 && before >= client->known_from &&
                before <= client->generation;
  if (!body->known && client->generation != 0) {
    end_export(*client);  // it has forgotten what it held here
  }
  client->generation = ++generations_;
  client->known_from = body->known ? before : client->generation;
  client->last_heard = loop_.now();
  body->generation = client->generation;
  body->instance = instance_;
  body->replayable = static_cast<bool>(changed_);
  body->recovering = recovery_ != nullptr;
  if (recovery_) {
    recovery_->connected(request.from);
    give_up_bulk(*client);  // it will not come: what is replayed is sent as another call each time
  }
  if (request.body && !recovery_) {
    const auto& asked = static_cast<const ConnectRequest&>(*request.body);
    body->given = router_.client_came(request.from, asked.wanted);
  }
  answer(request, sim::Errc::ok, std::move(body));
  watch_silence();
}

// The export itself stays: requests already here still refer to it.
void Server::end_export(Export& client) {
  if (std::exchange(client.generation, 0) == 0) {
    return;
  }
  client.requests.for_each([](Request& request) { request.orphaned = true; });
  client.kept.clear();
  give_up_bulk(client);
  router_.client_gone(client.client);
}

void Server::give_up_bulk(const Export& client) {
  std::vector<BulkWait*> waits;
  by_deadline_.for_each([&](BulkWait& wait) {
    if (wait.request_.client == &client) {
      waits.push_back(&wait);
    }
  });
  for (BulkWait* wait : waits) {
    give_up(*wait);
  }
}

void Server::evict(Address client) {
  const auto found = exports_.find(client);
  if (found != exports_.end() && found->second->generation != 0) {
    const Export& connection = *found->second;
    evicted_.push_back({client, loop_.now(), connection.known_from, connection.generation});
    end_export(*found->second);
    if (recovery_) {
      recovery_->gone(client);
    }
  }
}

const Export* Server::connected(Address client) const {
  const auto found = exports_.find(client);
  return found == exports_.end() || found->second->generation == 0 ? nullptr : found->second.get();
}

void Server::evict_silent(sim::Duration silence) {
  longest_silence_ = silence;
  watch_silence();
}

// One timer for all clients, due when the one that was heard longest ago has been silent too long.
void Server::watch_silence() {
  if (longest_silence_ <= sim::Duration() || silence_timer_.armed) {
    return;
  }
  std::optional<sim::TimePoint> first;
  for (const auto& [address, client] : exports_) {
    if (client->generation != 0 && (!first || client->last_heard < *first)) {
      first = client->last_heard;
    }
  }
  if (first) {
    silence_timer_.armed = true;
    silence_timer_.due = std::max(loop_.now(), *first + longest_silence_);
    loop_.at(silence_timer_.due, silence_timer_);
  }
}

void Server::silence_over(sim::Callback& callback) {
  auto& timer = static_cast<Timer&>(callback);
  Server& self = *timer.server;
  timer.armed = false;
  std::vector<Address> silent;
  for (const auto& [address, client] : self.exports_) {
    if (client->generation != 0 && client->requests.empty() &&
        client->last_heard + self.longest_silence_ <= self.loop_.now()) {
      silent.push_back(address);
    }
    // While a request of its is here, it waits for us.
    if (!client->requests.empty()) {
      client->last_heard = self.loop_.now();
    }
  }
  for (const Address& address : silent) {
    self.evict(address);
  }
  self.watch_silence();
}

}  // namespace transport
