#include "stripe/layout/layout.h"

#include <algorithm>

namespace stripe {

std::size_t Layout::mirror_count() const {
  std::size_t count = components.empty() ? 0 : 1;
  for (std::size_t i = 1; i < components.size(); ++i) {
    count += components[i].mirror_id() != components[i - 1].mirror_id() ? 1 : 0;
  }
  return count;
}

std::span<const Component> Layout::mirror(std::size_t index) const {
  std::size_t begin = 0;
  for (;;) {
    std::size_t end = begin;
    while (end < components.size() &&
           components[end].mirror_id() == components[begin].mirror_id()) {
      ++end;
    }
    if (index == 0 || end == begin) {
      return std::span(components).subspan(begin, end - begin);
    }
    --index;
    begin = end;
  }
}

const Component* Layout::find_component(sim::Bytes offset, std::size_t index) const {
  for (const Component& component : mirror(index)) {
    if (component.extent.contains(offset)) {
      return &component;
    }
  }
  return nullptr;
}

std::size_t pick_mirror(const Layout& layout, std::uint32_t preference) {
  const std::size_t count = layout.mirror_count();
  std::size_t in_sync = count;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t flags = 0;
    for (const Component& component : layout.mirror(i)) {
      flags |= component.flags;
    }
    if ((flags & (kComponentStale | kComponentOffline)) != 0) {
      continue;
    }
    if ((flags & preference) != 0) {
      return i;
    }
    in_sync = std::min(in_sync, i);
  }
  return in_sync == count ? 0 : in_sync;
}

}  // namespace stripe
