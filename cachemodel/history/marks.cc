#include "cachemodel/history/marks.h"

#include <algorithm>

namespace cachemodel {

Marks::Marks(std::span<const FileMark> marks) {
  for (const FileMark& mark : marks) {
    if (mark.kind == FileCall::fsync) {
      syncs_[{mark.client, 0}].push_back(mark.call);
    } else if (mark.handle != 0) {
      (mark.kind == FileCall::open ? opens_ : closes_)[{mark.client, mark.handle}].push_back(
          mark.call);
    }
  }
  look_ahead(closes_);
  look_ahead(syncs_);
}

void Marks::look_ahead(Calls& calls) {
  for (auto& [key, list] : calls) {
    for (std::size_t i = list.size() - 1; i-- > 0;) {
      list[i].returned = std::min(list[i].returned, list[i + 1].returned);
    }
  }
}

std::optional<sim::TimePoint> Marks::first_return(const Calls& calls, Key key,
                                                  sim::TimePoint from) {
  const auto found = calls.find(key);
  if (found == calls.end()) {
    return std::nullopt;
  }
  const auto call = std::ranges::lower_bound(found->second, from, {}, &Call::invoked);
  return call == found->second.end() ? std::nullopt : std::optional(call->returned);
}

std::optional<sim::TimePoint> Marks::synced(std::uint32_t client, sim::TimePoint done) const {
  return first_return(syncs_, {client, 0}, done);
}

std::optional<sim::TimePoint> Marks::published(std::uint32_t client, std::uint32_t handle,
                                               sim::TimePoint done) const {
  const auto by_sync = synced(client, done);
  const auto by_close = handle == 0 ? std::nullopt : first_return(closes_, {client, handle}, done);
  if (by_sync && by_close) {
    return std::min(*by_sync, *by_close);
  }
  return by_sync ? by_sync : by_close;
}

std::optional<sim::TimePoint> Marks::opened(std::uint32_t client, std::uint32_t handle,
                                            sim::TimePoint when) const {
  const auto found = opens_.find({client, handle});
  if (handle == 0 || found == opens_.end()) {
    return std::nullopt;
  }
  const auto after = std::ranges::upper_bound(found->second, when, {}, &Call::invoked);
  return after == found->second.begin() ? std::nullopt : std::optional(std::prev(after)->invoked);
}

}  // namespace cachemodel
