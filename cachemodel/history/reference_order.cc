#include "cachemodel/history/reference_order.h"

#include <algorithm>

namespace cachemodel {

bool ReferenceOrder::lost(const Write& write, Cell cell) const {
  return std::ranges::any_of(file_.drops, [&](const Drop& drop) {
    return drop.cause == DropCause::lost && drop.stamp == write.stamp && covers(drop.range, cell);
  });
}
bool ReferenceOrder::durable(const Write& write, Cell cell) const {
  return covers(write.range, cell) && write.ending == Ending::ok && !lost(write, cell);
}

std::optional<ReferenceOrder::Rank> ReferenceOrder::rank(const Write& write, Cell cell) const {
  for (std::size_t i = 0; i < file_.applies.size(); ++i) {
    if (file_.applies[i].stamp == write.stamp && covers(file_.applies[i].range, cell) &&
        !lost(write, cell)) {
      return Rank{static_cast<std::int64_t>(i), 0};
    }
  }
  if (!durable(write, cell) || file_.applies.empty()) {
    return std::nullopt;
  }
  const Write* absorber = nullptr;
  for (const Write& next : file_.writes) {
    if (client_of(next.stamp) == client_of(write.stamp) && next.stamp > write.stamp &&
        covers(next.range, cell) && (absorber == nullptr || next.stamp < absorber->stamp) &&
        rank(next, cell)) {
      absorber = &next;
    }
  }
  if (absorber == nullptr) {
    return std::nullopt;
  }
  const Rank before = *rank(*absorber, cell);
  return Rank{before.first, before.second - 1};
}

Order ReferenceOrder::by_time(const Write& x, const Write& s) const {
  if (s.ending != Ending::unknown &&
      x.call.invoked.ns() - epsilon(x.clock) > s.call.returned.ns() + epsilon(s.clock)) {
    return Order::newer;
  }
  return x.ending != Ending::unknown &&
                 s.call.invoked.ns() - epsilon(s.clock) > x.call.returned.ns() + epsilon(x.clock)
             ? Order::older
             : Order::unknown;
}

Order ReferenceOrder::order(const Write& x, const Write* s, Cell cell) const {
  if (s == nullptr) {
    return Order::newer;
  }
  const bool logged = !file_.applies.empty();
  const auto rx = logged ? rank(x, cell) : std::nullopt;
  const auto rs = logged ? rank(*s, cell) : std::nullopt;
  const bool cached_x = logged && !rx && durable(x, cell);
  const bool cached_s = logged && !rs && durable(*s, cell);
  if (rx && rs) {
    return *rx > *rs ? Order::newer : *rx < *rs ? Order::older : Order::unknown;
  }
  if (rx && cached_s) {
    return Order::older;
  }
  if (cached_x && rs) {
    return Order::newer;
  }
  return by_time(x, *s);
}

}  // namespace cachemodel
