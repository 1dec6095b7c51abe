#include "stripe/server/allocator.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

namespace stripe {

using sim::Bytes;
using sim::Extent;

Allocator::Allocator(Bytes capacity, const AllocatorParams& params)
    : params_(params), capacity_(capacity / params.block * params.block), free_(capacity_) {
  sim::check(params.block > 0 && params.window % params.block == 0,
             "an allocation window must be whole blocks");
}

Extent Allocator::blocks(Extent range) const {
  if (range.empty()) {
    return {};
  }
  const Bytes block = params_.block;
  return {range.begin / block * block, (range.end + block - 1) / block * block};
}

const Allocator::Object* Allocator::find(ObjectId id) const {
  const auto it = objects_.find(id);
  return it == objects_.end() ? nullptr : it->second.get();
}

Allocator::Object& Allocator::object_of(ObjectId id) {
  std::unique_ptr<Object>& object = objects_[id];
  if (object == nullptr) {
    object = std::make_unique<Object>();
  }
  return *object;
}

template <typename Visit>
void Allocator::for_each_gap(const Object& object, Extent range, Visit visit) {
  Bytes at = range.begin;
  auto it = object.pieces.upper_bound(at);
  if (it != object.pieces.begin()) {
    at = std::max(at, std::prev(it)->second.end);
  }
  for (; at < range.end; ++it) {
    const Bytes next = it == object.pieces.end() ? range.end : std::min(it->first, range.end);
    if (at < next) {
      visit(Extent{at, next});
    }
    if (it == object.pieces.end()) {
      return;
    }
    at = std::max(at, it->second.end);
  }
}

Extent Allocator::gap_around(const Object& object, Bytes at, Extent within) {
  const auto after = object.pieces.upper_bound(at);
  if (after != object.pieces.end()) {
    within.end = std::min(within.end, after->first);
  }
  if (after != object.pieces.begin()) {
    within.begin = std::max(within.begin, std::prev(after)->second.end);
  }
  return within;
}

sim::Status Allocator::allocate(ObjectId object, Extent range) {
  range = blocks(range);
  Bytes needed = 0;
  boost::container::small_vector<Extent, 4> gaps;
  Object& o = object_of(object);
  for_each_gap(o, range, [&](Extent gap) {
    gaps.push_back(gap);
    needed += gap.size();
  });
  if (needed > capacity_ - used_) {
    return sim::Error{sim::Errc::no_space,
                      fmt::format("object {:#x}:{:#x} needs {} more bytes; {} of {} are free",
                                  object.seq, object.oid, needed, capacity_ - used_, capacity_)};
  }
  for (const Extent& gap : gaps) {
    place(object, o, gap);
  }
  return {};
}

void Allocator::place(ObjectId id, Object& object, Extent gap) {
  used_ += gap.size();
  object.used += gap.size();
  while (!gap.empty()) {
    Extent device = place_in_window(id, object, gap);
    if (device.empty()) {
      // Not into a window, which keeps a place for that.
      const auto next = object.windows.upper_bound(gap.begin);
      const Bytes end = next == object.windows.end() ? gap.end : std::min(gap.end, next->first);
      device = take(end - gap.begin);
    }
    add_piece(object, {gap.begin, gap.begin + device.size()}, device.begin);
    gap.begin += device.size();
  }
}

// The place of the first part of `gap` in the window it falls into, opening that if need be. Empty
// if there is no window to be had.
Extent Allocator::place_in_window(ObjectId id, Object& object, Extent gap) {
  if (params_.window <= params_.block) {
    return {};
  }
  auto window = window_at(object, gap.begin);
  if (window == object.windows.end()) {
    window = open_window(id, object, gap.begin);
    if (window == object.windows.end()) {
      return {};
    }
  }
  const Bytes length = std::min(gap.end, window->second.end) - gap.begin;
  const Bytes device = window->second.device + (gap.begin - window->first);
  window->second.left -= length;
  if (window->second.left == 0) {
    object.windows.erase(window);
    if (object.windows.empty()) {
      reserving_.erase(id);
    }
  }
  return {device, device + length};
}

Extent Allocator::take(Bytes length) {
  Extent device = free_.take_run(length);
  if (device.empty() && !reserving_.empty()) {
    close_all_windows();
    device = free_.take_run(length);
  }
  return device.empty() ? free_.take_some(length) : device;
}

Allocator::Windows::iterator Allocator::window_at(Object& object, Bytes at) {
  const auto after = object.windows.upper_bound(at);
  if (after == object.windows.begin()) {
    return object.windows.end();
  }
  const auto window = std::prev(after);
  return at < window->second.end ? window : object.windows.end();
}

Allocator::Windows::iterator Allocator::open_window(ObjectId id, Object& object, Bytes at) {
  const Bytes begin = at / params_.window * params_.window;
  const Extent room = gap_around(object, at, {begin, begin + params_.window});
  const Extent device = free_.take_run(room.size());
  if (device.empty()) {
    return object.windows.end();
  }
  if (object.windows.size() >= kMaxWindows) {
    close_window(id, object, object.windows.begin());
  }
  reserving_.insert(id);
  return object.windows.emplace(room.begin, Window{room.end, device.begin, room.size()}).first;
}

void Allocator::close_window(ObjectId id, Object& object, Windows::iterator window) {
  const Bytes begin = window->first;
  const Bytes device = window->second.device;
  for_each_gap(object, {begin, window->second.end}, [&](Extent gap) {
    free_.give({device + (gap.begin - begin), device + (gap.end - begin)});
  });
  object.windows.erase(window);
  if (object.windows.empty()) {
    reserving_.erase(id);
  }
}

Bytes Allocator::missing(ObjectId id, Extent range) const {
  const Extent whole = blocks(range);
  const Object* const object = find(id);
  if (object == nullptr || whole.empty()) {
    return whole.size();
  }
  Bytes sum = 0;
  for_each_gap(*object, whole, [&](Extent gap) { sum += gap.size(); });
  return sum;
}

void Allocator::close_all_windows() {
  while (!reserving_.empty()) {
    const ObjectId id = *reserving_.begin();
    Object& object = object_of(id);
    close_window(id, object, object.windows.begin());
  }
}

void Allocator::add_piece(Object& object, Extent range, Bytes device) {
  auto after = object.pieces.lower_bound(range.begin);
  if (after != object.pieces.end() && after->first == range.end &&
      after->second.device == device + range.size()) {
    range.end = after->second.end;
    after = object.pieces.erase(after);
  }
  if (after != object.pieces.begin()) {
    const auto before = std::prev(after);
    if (before->second.end == range.begin &&
        before->second.device + (range.begin - before->first) == device) {
      before->second.end = range.end;
      return;
    }
  }
  object.pieces.emplace_hint(after, range.begin, Piece{range.end, device});
}

void Allocator::map(ObjectId object, Extent range, ExtentList& places) const {
  const Object* o = find(object);
  if (o == nullptr || range.empty()) {
    return;
  }
  auto it = o->pieces.upper_bound(range.begin);
  it = it == o->pieces.begin() ? it : std::prev(it);
  for (; it != o->pieces.end() && it->first < range.end; ++it) {
    const Extent part = range.intersect({it->first, it->second.end});
    if (part.empty()) {
      continue;
    }
    const Bytes device = it->second.device + (part.begin - it->first);
    if (!places.empty() && places.back().end == device) {
      places.back().end += part.size();
    } else {
      places.push_back({device, device + part.size()});
    }
  }
}

void Allocator::drop_pieces(Object& object, Bytes from) {
  while (!object.pieces.empty()) {
    const auto last = std::prev(object.pieces.end());
    if (last->second.end <= from) {
      return;
    }
    const Bytes keep = std::max(last->first, from);
    const Bytes device = last->second.device + (keep - last->first);
    const Bytes length = last->second.end - keep;
    free_.give({device, device + length});
    used_ -= length;
    object.used -= length;
    last->second.end = keep;
    if (last->first == keep) {
      object.pieces.erase(last);
    }
  }
}

void Allocator::truncate(ObjectId object, Bytes size) {
  const auto it = objects_.find(object);
  if (it == objects_.end()) {
    return;
  }
  Object& o = *it->second;
  const Bytes from = (size / params_.block + (size % params_.block == 0 ? 0 : 1)) * params_.block;
  // Before the pieces, which tell what of a window is in use.
  while (!o.windows.empty() && std::prev(o.windows.end())->second.end > from) {
    close_window(object, o, std::prev(o.windows.end()));
  }
  drop_pieces(o, from);
}

void Allocator::destroy(ObjectId object) {
  truncate(object, 0);
  objects_.erase(object);
}

Bytes Allocator::allocated(ObjectId object) const {
  const Object* o = find(object);
  return o == nullptr ? 0 : o->used;
}

}  // namespace stripe
