#include "stripe/server/grants.h"

#include <algorithm>
#include <utility>

namespace stripe {

sim::Bytes Grants::left() const {
  const StoreSpace space = store_.space();
  const sim::Bytes free = space.capacity - std::min(space.used, space.capacity);
  return free - std::min(free, held_ + in_use_);
}

sim::Bytes Grants::held(transport::Address client) const {
  const auto found = clients_.find(client);
  return found == clients_.end() ? 0 : found->second;
}

sim::Bytes Grants::give(transport::Address client, sim::Bytes want) {
  const sim::Bytes lacks = want - std::min(want, held(client));
  const sim::Bytes given = std::min({lacks, left() / 8, kChunk}) / kPage * kPage;
  if (given > 0) {
    clients_[client] += given;
    held_ += given;
  }
  return given;
}

sim::Bytes Grants::take_back(transport::Address client, sim::Bytes bytes) {
  const auto found = clients_.find(client);
  if (found == clients_.end()) {
    return 0;
  }
  const sim::Bytes taken = std::min(bytes, found->second);
  found->second -= taken;
  held_ -= taken;
  return taken;
}

sim::Bytes Grants::shrink(transport::Address client, sim::Bytes bytes) {
  return held_ > (left() + held_) / 4 ? take_back(client, bytes) : 0;
}

void Grants::drop(transport::Address client) {
  take_back(client, held(client));
  clients_.erase(client);
}

Grants::Use::Use(Grants& grants, transport::Address client, sim::Bytes bytes)
    : grants_(grants), client_(client), left_(grants.take_back(client, bytes)) {
  grants_.in_use_ += left_;
}
Grants::Use::~Use() { grants_.in_use_ -= left_; }

bool Grants::Use::take_space(sim::Bytes bytes) {
  const sim::Bytes promised = std::min(bytes, left_);
  if (bytes - promised > grants_.left()) {
    return false;
  }
  left_ -= promised;
  grants_.in_use_ -= promised;
  return true;
}

void Grants::Use::undo() {
  const sim::Bytes kept = std::exchange(left_, 0);
  grants_.in_use_ -= kept;
  if (const auto found = grants_.clients_.find(client_); found != grants_.clients_.end()) {
    found->second += kept;
    grants_.held_ += kept;
  }
}

}  // namespace stripe
