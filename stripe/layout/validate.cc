#include "stripe/layout/validate.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "stripe/layout/limits.h"

namespace stripe {
namespace {

constexpr std::uint32_t kKnownPatternBits =
    kPatternRaid0 | kPatternMdt | kPatternOverstriping | kPatternHole | kPatternReleased;
constexpr std::uint32_t kMaxComponentId = 0x7FFFFFFF;
// LCME_FL_NEG: a query's "not this flag".
constexpr std::uint32_t kNeverStoredFlag = 0x80000000;

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

sim::Status check_pattern(const Component& c) {
  if ((c.pattern & ~kKnownPatternBits) != 0) {
    return refuse(fmt::format("pattern {:#x} holds bits {:#x} that are not supported", c.pattern,
                              c.pattern & ~kKnownPatternBits));
  }
  if (((c.pattern & kPatternRaid0) != 0) == c.on_mdt()) {
    return refuse(
        fmt::format("pattern {:#x} must be either RAID-0 (0x1) or MDT (0x100)", c.pattern));
  }
  if (c.on_mdt() && c.overstriped()) {
    return refuse("data on the MDT cannot be overstriped");
  }
  return {};
}

sim::Status check_extension(const Component& c) {
  if (c.on_mdt() || c.instantiated() || !c.objects.empty()) {
    return refuse("an extension component is never instantiated and never on the MDT");
  }
  if (c.extension_size() == 0 || c.extension_size() % kStripeUnit != 0) {
    return refuse(
        fmt::format("extension size {} KiB is not a multiple of 64 KiB above 0", c.stripe_size));
  }
  return {};
}

sim::Status check_dom(const Component& c) {
  if (c.stripe_count != 0 || !c.objects.empty()) {
    return refuse("data on the MDT has no OST objects: its stripe count is 0");
  }
  if (c.extent.begin != 0 || c.extent.end == sim::kEof) {
    return refuse("only the first component, with an end below EOF, can be on the MDT");
  }
  if (c.stripe_size != c.extent.end) {
    return refuse(fmt::format("stripe size {} B of data on the MDT must be its end, {}",
                              c.stripe_size, c.extent.end));
  }
  return check_stripe_size(c.stripe_size);
}

// Every OST at most once, unless the pattern says otherwise.
sim::Status check_osts(const Component& c) {
  if (c.overstriped()) {
    return {};
  }
  std::vector<std::uint32_t> osts;
  osts.reserve(c.objects.size());
  for (const StripeObject& object : c.objects) {
    osts.push_back(object.ost_index);
  }
  std::sort(osts.begin(), osts.end());
  const auto twice = std::adjacent_find(osts.begin(), osts.end());
  if (twice != osts.end()) {
    return refuse(fmt::format(
        "OST {} holds two stripes, which needs the overstriping pattern 0x201", *twice));
  }
  return {};
}

sim::Status check_raid0(const Component& c) {
  const bool may_default = !c.instantiated();
  if (c.stripe_size != 0 || !may_default) {
    if (sim::Status s = check_stripe_size(c.stripe_size); !s) {
      return s;
    }
  }
  if (may_default) {
    if (!c.objects.empty()) {
      return refuse("objects in a component that is not instantiated");
    }
    const bool named = c.stripe_count == 0 || c.stripe_count >= kAllOstsFirst;
    return named ? sim::Status() : check_stripe_count(c.stripe_count);
  }
  if (c.released() && c.objects.empty() && c.stripe_count == 0) {
    return {};
  }
  if (sim::Status s = check_stripe_count(c.stripe_count); !s) {
    return s;
  }
  const bool none_left = c.released() && c.objects.empty();
  if (c.objects.size() != c.stripe_count && !none_left) {
    return refuse(fmt::format("stripe count {} with {} objects", c.stripe_count, c.objects.size()));
  }
  return check_osts(c);
}

sim::Status check_pool(const Component& c) {
  if (c.pool.empty()) {
    return {};
  }
  if (c.version == LovVersion::v1) {
    return refuse(
        fmt::format("pool \"{}\" in a v1 layout, which has no room for it; v3 has", c.pool));
  }
  return check_pool_name(c.pool);
}

sim::Status check_component(const Component& c) {
  if ((c.flags & kNeverStoredFlag) != 0) {
    return refuse(fmt::format("flags {:#x} hold 0x80000000, which is never stored", c.flags));
  }
  if (sim::Status s = check_pattern(c); !s) {
    return s;
  }
  if (sim::Status s = check_pool(c); !s) {
    return s;
  }
  if (c.extension()) {
    return check_extension(c);
  }
  return c.on_mdt() ? check_dom(c) : check_raid0(c);
}

// Contiguous extents from 0, on 64 KiB boundaries. An extension component may follow an empty one,
// which is waiting to be extended.
sim::Status check_extents(std::span<const Component> mirror, std::size_t at) {
  const Component& c = mirror[at];
  const sim::Bytes begin = at == 0 ? 0 : mirror[at - 1].extent.end;
  if (c.extent.begin != begin) {
    return refuse(
        fmt::format("starts at {}, but the components before it end at {}", c.extent.begin, begin));
  }
  if (c.extension() && (at == 0 || mirror[at - 1].extension())) {
    return refuse("an extension component needs a plain one before it");
  }
  const bool awaits_extension = at + 1 < mirror.size() && mirror[at + 1].extension();
  if (c.extent.end == c.extent.begin && awaits_extension && at > 0) {
    return {};
  }
  if (c.extent.empty()) {
    return refuse(fmt::format("range [{}, {}) is empty", c.extent.begin, c.extent.end));
  }
  return check_component_end(c.extent.end);
}

sim::Error at_component(const Layout& layout, const Component& c, const sim::Error& error) {
  return {error.code, fmt::format("component {}: {}", layout.index_of(c) + 1, error.message)};
}

sim::Status check_ids(const Layout& layout) {
  std::vector<std::uint32_t> ids;
  for (const Component& c : layout.components) {
    if (c.id == 0 || c.id > kMaxComponentId) {
      return at_component(layout, c,
                          refuse(fmt::format("id {:#x} is not between 1 and 0x7fffffff", c.id)));
    }
    ids.push_back(c.id);
  }
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  if (twice != ids.end()) {
    return refuse(fmt::format("component id {:#x} is used twice", *twice));
  }
  return {};
}

// Each mirror id in one run of components.
sim::Status check_mirrors(const Layout& layout) {
  const std::size_t count = layout.mirror_count();
  if (count > kMaxMirrors) {
    return refuse(fmt::format("{} mirrors; at most {} would be right", count, kMaxMirrors));
  }
  std::vector<std::uint16_t> ids;
  for (std::size_t i = 0; i < count; ++i) {
    ids.push_back(layout.mirror(i).front().mirror_id());
  }
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  if (twice != ids.end()) {
    return refuse(fmt::format("the components of mirror {} do not stand together", *twice));
  }
  return {};
}

sim::Status check_state(const Layout& layout) {
  switch (layout.flr_state()) {
    case FlrState::none:
    case FlrState::read_only:
    case FlrState::write_pending:
    case FlrState::sync_pending:
    case FlrState::pcc_read_only:
      return {};
  }
  return refuse(
      fmt::format("mirror state {} is not 0, 1, 2, 3 or 8", layout.flags & kFlrStateMask));
}

sim::Status check_plain(const Layout& layout) {
  if (layout.components.size() != 1) {
    return refuse(
        fmt::format("a plain layout has one component, not {}", layout.components.size()));
  }
  const Component& c = layout.components.front();
  if (c.id != 0 || c.extent != sim::Extent{0, sim::kEof} || (c.flags & ~kComponentInit) != 0 ||
      c.layout_gen != 0 || c.timestamp_link != 0 || c.coding != 0 || layout.flags != 0 ||
      layout.layout_gen != 0 || layout.ec_count != 0) {
    return refuse("a plain layout covers [0, EOF) and has no id, flags or composite fields");
  }
  if (c.released() && !c.instantiated()) {
    return refuse("a released plain layout was instantiated once");
  }
  return check_component(c);
}

}  // namespace

sim::Status validate(const Layout& layout) {
  if (layout.format == LayoutFormat::plain) {
    return check_plain(layout);
  }
  if (layout.components.empty() || layout.components.size() > 0xFFFF) {
    return refuse(fmt::format("a composite layout of {} components; 1 to 65535 would be right",
                              layout.components.size()));
  }
  for (sim::Status s : {check_ids(layout), check_mirrors(layout), check_state(layout)}) {
    if (!s) {
      return s;
    }
  }
  for (std::size_t m = 0; m < layout.mirror_count(); ++m) {
    const std::span<const Component> mirror = layout.mirror(m);
    for (std::size_t i = 0; i < mirror.size(); ++i) {
      for (sim::Status s : {check_extents(mirror, i), check_component(mirror[i])}) {
        if (!s) {
          return at_component(layout, mirror[i], s.error());
        }
      }
    }
  }
  return {};
}

}  // namespace stripe
