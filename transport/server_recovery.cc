// A server that numbers what is changed, and takes it back from its clients after a restart.
#include <algorithm>
#include <utility>

#include "transport/server.h"

namespace transport {

void Server::number_changes(std::uint64_t last, std::uint64_t committed,
                            std::function<void()> changed) {
  last_change_ = last;
  committed_ = committed;
  changed_ = std::move(changed);
}

std::vector<Address> Server::clients() const {
  std::vector<Address> known = recovery_ ? recovery_->absent() : std::vector<Address>();
  for (const auto& [address, client] : exports_) {
    if (client->generation != 0) {
      known.push_back(address);
    }
  }
  std::ranges::sort(known);
  return known;
}

Server::KeptReplies Server::take_stable_replies() {
  KeptReplies stable;
  for (auto& [address, client] : exports_) {
    std::vector<Export::Kept> kept = std::exchange(client->kept, {});
    for (Export::Kept& reply : kept) {
      const bool lost = reply.transno == 0 || reply.transno > committed_;
      reply = lost ? Export::Kept() : std::move(reply);
    }
    stable.emplace(address, std::move(kept));
  }
  return stable;
}

void Server::keep_replies(KeptReplies replies) {
  for (auto& [address, kept] : replies) {
    std::unique_ptr<Export>& client = exports_[address];
    client = std::make_unique<Export>();
    client->client = address;
    client->kept = std::move(kept);
    for (Export::Kept& reply : client->kept) {
      reply.recovered = true;
    }
  }
}

// Ends from an event of its own: whoever made the last step may still be at work in the recovery.
void Server::recover(std::vector<Address> clients, sim::Duration window) {
  Recovery::Actions actions;
  actions.carry_out = [this](MessagePtr message) {
    Export& client = *exports_.at(message->from);
    carry_out(std::move(message), client);
  };
  actions.tell_done = [this](const Message& ping) {
    answer(ping, sim::Errc::ok, std::make_unique<PingReply>());
  };
  actions.evict = [this](Address client) {
    Eviction eviction{client, loop_.now(), 0, 0};
    if (const auto found = exports_.find(client); found != exports_.end()) {
      if (found->second->generation != 0) {
        eviction.first = found->second->known_from;
        eviction.last = found->second->generation;
      }
      end_export(*found->second);
    }
    evicted_.push_back(eviction);
  };
  actions.over = [this](std::vector<MessagePtr> waiting) {
    recovery_end_.waiting = std::move(waiting);
    recovery_end_.posted = true;
    recovery_end_.posted_at = loop_.now();
    loop_.post(recovery_end_);
  };
  recovery_ = std::make_unique<Recovery>(loop_, std::move(clients), window, std::move(actions));
  recovery_->begin();
}

void Server::recovery_over(sim::Callback& callback) {
  auto& end = static_cast<RecoveryEnd&>(callback);
  Server& self = *end.server;
  end.posted = false;
  self.recovered_ = self.recovery_->counts();
  self.recovery_.reset();
  if (self.committed_ < self.last_change_) {
    self.changed_();  // nothing is left to be brought back: all there is can become stable
  }
  self.router_.recovered();
  for (MessagePtr& message : std::exchange(end.waiting, {})) {
    self.receive(std::move(message));
  }
}

void Server::on_ping(MessagePtr message) {
  const bool step = message->body != nullptr &&
                    static_cast<const PingRequest&>(*message->body).done != RecoveryStep::none;
  if (recovery_ && step) {
    recovery_->step(std::move(message));
  } else {
    answer(*message, sim::Errc::ok, std::make_unique<PingReply>());
  }
}

// True if the message is kept for later, or answered. Locks that are brought back go through. What
// the server has already must not be carried out again, over what came behind it.
bool Server::wait_for_recovery(MessagePtr& message) {
  if (!recovery_ || (message->header.replay && message->header.transno == 0)) {
    if (recovery_) {
      recovery_->lock_replayed();
    }
    return false;
  }
  if (message->header.replay && message->header.transno <= std::max(committed_, replayed_) &&
      !router_.is_lasting(*message)) {
    answer(*message, sim::Errc::ok, nullptr);
  } else if (message->header.replay) {
    recovery_->replay(std::move(message));
  } else {
    recovery_->hold(std::move(message));
  }
  return true;
}

}  // namespace transport
