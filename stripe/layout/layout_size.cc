#include "stripe/layout/layout_size.h"

#include <fmt/core.h>

#include <algorithm>

namespace stripe {

sim::Bytes object_size(const Component& component, std::uint32_t stripe, sim::Bytes file_size) {
  if (file_size <= component.extent.begin) {
    return 0;
  }
  return component.geometry().file_size_to_object_size(stripe,
                                                       std::min(file_size, component.extent.end));
}

void object_sizes(const Layout& layout, std::size_t mirror, sim::Bytes file_size,
                  std::vector<ObjectSize>& out) {
  out.clear();
  for (const Component& component : layout.mirror(mirror)) {
    if (!component.holds_data()) {
      continue;
    }
    const std::uint32_t place = layout.index_of(component);
    for (std::uint32_t i = 0; i < component.stripes(); ++i) {
      out.push_back({place, i, object_size(component, i, file_size)});
    }
  }
}

sim::Result<sim::Bytes> file_size(const Layout& layout, std::span<const ObjectSize> sizes) {
  sim::Bytes largest = 0;
  for (const ObjectSize& entry : sizes) {
    if (entry.component >= layout.components.size()) {
      return sim::Error{sim::Errc::invalid_argument,
                        fmt::format("object size for component {} of {}", entry.component + 1,
                                    layout.components.size())};
    }
    const Component& component = layout.components[entry.component];
    if (!component.holds_data() || entry.stripe >= component.stripes()) {
      return sim::Error{sim::Errc::invalid_argument,
                        fmt::format("object size for stripe {} of component {}, which has no such "
                                    "object",
                                    entry.stripe, entry.component + 1)};
    }
    const auto size = component.geometry().object_size_to_file_size(entry.stripe, entry.size);
    if (!size) {
      return size.error();
    }
    largest = std::max(largest, *size);
  }
  return largest;
}

}  // namespace stripe
