// What an OST has promised a client: space for what it keeps dirty.
#pragma once

#include <algorithm>

#include "sim/sync.h"
#include "sim/units.h"
#include "transport/import.h"

namespace stripe {

// One client's account with one OST, in whole pages. What it holds is in part reserved for dirty
// data, and goes with the writes that bring that to the OST; their answers bring more.
class ClientGrant {
 public:
  static constexpr sim::Bytes kPage = 4 * sim::kKiB;

  // `want`: how much it would like to hold; 0: grants are not used. The import must outlive it.
  ClientGrant(sim::Loop& loop, transport::Import& import, sim::Bytes want)
      : import_(import), want_(want), changed_(loop, "a grant") {
    if (used()) {
      import_.set_gift_hook([this](std::uint64_t held) { connected(held); });
    }
  }
  ~ClientGrant() {
    if (used()) {
      import_.set_gift_hook({});
    }
    if (reserved_ > 0) {
      import_.unhold();
    }
  }
  ClientGrant(const ClientGrant&) = delete;
  ClientGrant& operator=(const ClientGrant&) = delete;

  // The bytes of the pages that `range` touches.
  static sim::Bytes pages(sim::Extent range) {
    return range.empty() ? 0
                         : (range.end + kPage - 1) / kPage * kPage - range.begin / kPage * kPage;
  }
  bool used() const { return want_ > 0; }
  sim::Bytes want() const { return want_; }
  sim::Bytes held() const { return held_; }
  sim::Bytes reserved() const { return reserved_; }
  sim::Bytes in_flight() const { return in_flight_; }

  bool try_reserve(sim::Bytes bytes) {
    if (held_ < reserved_ || held_ - reserved_ < bytes) {
      return false;
    }
    if (reserved_ == 0 && bytes > 0) {
      import_.hold();  // the OST would forget what it promised
    }
    reserved_ += bytes;
    return true;
  }
  // What was reserved is not needed after all.
  void free(sim::Bytes bytes) {
    if (bytes > 0) {
      reserved_ -= bytes;
      if (reserved_ == 0) {
        import_.unhold();
      }
      changed_.set();
    }
  }
  // Something is under way that may bring more, or could be.
  bool may_grow() const { return reserved_ > 0 || in_flight_ > 0; }

  // More than it should keep while nothing is written: what fills `slots` RPCs of `rpc`, or one.
  sim::Bytes excess(sim::Bytes rpc, sim::Bytes slots) const {
    const sim::Bytes unused = held_ - std::min(reserved_, held_);
    const sim::Bytes keep = unused > rpc * slots ? rpc * slots : rpc;
    return unused - std::min(keep, unused);
  }
  // So much of what is not reserved is about to be given back; what is not taken, comes back.
  void offered(sim::Bytes bytes) {
    held_ -= bytes;
    in_flight_ += bytes;
  }
  // A write that takes `bytes` of what is reserved is about to be sent.
  void sent(sim::Bytes bytes) {
    free(bytes);
    held_ -= std::min(bytes, held_);
    in_flight_ += bytes;
  }
  // It was answered: carried out, and `more` was given; or not, and nothing was used.
  void written(sim::Bytes bytes, sim::Bytes more) { ended(bytes, more); }
  void refused(sim::Bytes bytes) { ended(bytes, bytes); }
  // Nobody knows: what it took is not counted upon any more.
  void lost(sim::Bytes bytes) { ended(bytes, 0); }

  // Set whenever there may be more than before.
  sim::Event& changed() { return changed_; }
  std::uint32_t waiting = 0;  // for it

 private:
  // After an eviction that is a new account. What is under way counts as held there still.
  void connected(sim::Bytes held) {
    held_ = held - std::min(held, in_flight_);
    changed_.set();
  }
  void ended(sim::Bytes bytes, sim::Bytes more) {
    in_flight_ -= bytes;
    held_ += more;
    changed_.set();
  }

  transport::Import& import_;
  const sim::Bytes want_;
  sim::Bytes held_ = 0;
  sim::Bytes reserved_ = 0;
  sim::Bytes in_flight_ = 0;
  sim::Event changed_;
};

}  // namespace stripe
