#include "stripe/layout/instantiate.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "stripe/layout/validate.h"

namespace stripe {
namespace {

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

std::uint16_t resolve_count(const ComponentTemplate& c, const StripeDefaults& defaults) {
  if (!c.osts.empty()) {
    return static_cast<std::uint16_t>(c.osts.size());
  }
  std::uint64_t count = defaults.stripe_count;
  if (c.stripe_count > 0) {
    count = static_cast<std::uint64_t>(c.stripe_count);
  } else if (c.stripe_count < 0) {
    count = static_cast<std::uint64_t>(-c.stripe_count) * defaults.ost_count;
  }
  if (!c.overstriped) {
    count = std::min<std::uint64_t>(count, defaults.ost_count);
  }
  return static_cast<std::uint16_t>(std::min<std::uint64_t>(count, kMaxStripeCount));
}

sim::Bytes resolve_size(const ComponentTemplate& c, const StripeDefaults& defaults) {
  if (c.on_mdt) {
    return c.end;
  }
  if (c.stripe_size != 0) {
    return c.stripe_size;
  }
  if (c.end == sim::kEof || c.end % defaults.stripe_size == 0) {
    return defaults.stripe_size;
  }
  const sim::Bytes divides_end = sim::Bytes{1} << std::countr_zero(c.end);
  return std::min(divides_end, std::bit_floor(defaults.stripe_size));
}

Component make_component(const ComponentTemplate& wanted, const StripeDefaults& defaults,
                         sim::Bytes begin) {
  Component c;
  c.extent = {begin, wanted.end};
  c.flags = wanted.flags;
  c.version = wanted.pool.empty() ? LovVersion::v1 : LovVersion::v3;
  c.pool = wanted.pool;
  c.stripe_size = static_cast<std::uint32_t>(resolve_size(wanted, defaults));
  if (wanted.on_mdt) {
    c.pattern = kPatternMdt;
    c.flags |= kComponentInit;
    return c;
  }
  c.pattern = kPatternRaid0 | (wanted.overstriped ? kPatternOverstriping : 0);
  c.stripe_count = resolve_count(wanted, defaults);
  return c;
}

void add_mirror(Layout& layout, const MirrorTemplate& mirror, const StripeDefaults& defaults,
                std::uint32_t mirror_id) {
  sim::Bytes begin = 0;
  for (const ComponentTemplate& wanted : mirror.components) {
    Component c = make_component(wanted, defaults, begin);
    c.id = (mirror_id << 16) + static_cast<std::uint32_t>(layout.components.size()) + 1;
    begin = c.extent.end;
    layout.components.push_back(std::move(c));
  }
}

sim::Status check_defaults(const StripeDefaults& defaults) {
  if (defaults.ost_count == 0) {
    return refuse("a layout needs at least one OST");
  }
  if (sim::Status s = check_stripe_count(defaults.stripe_count); !s) {
    return s;
  }
  return check_stripe_size(defaults.stripe_size);
}

}  // namespace

sim::Result<Layout> make_layout(const LayoutTemplate& wanted, const StripeDefaults& defaults) {
  for (const sim::Status& s : {check_template(wanted), check_defaults(defaults)}) {
    if (!s) {
      return s.error();
    }
  }
  Layout layout;
  if (!wanted.composite && !wanted.mirrored) {
    layout.components.push_back(
        make_component(wanted.mirrors.front().components.front(), defaults, 0));
    return layout;
  }
  layout.format = LayoutFormat::composite;
  layout.layout_gen = 1;
  std::uint32_t mirror_id = wanted.mirrored ? 1 : 0;
  for (const MirrorTemplate& mirror : wanted.mirrors) {
    for (std::uint16_t copy = 0; copy < mirror.copies; ++copy) {
      add_mirror(layout, mirror, defaults, mirror_id++);
    }
  }
  if (layout.mirror_count() > 1) {
    layout.flags = static_cast<std::uint16_t>(FlrState::read_only);
  }
  if (sim::Status s = validate(layout); !s) {
    return s.error();
  }
  return layout;
}

sim::Result<std::vector<std::uint32_t>> round_robin_osts(const LayoutTemplate& wanted,
                                                         const Layout& layout, std::size_t place,
                                                         std::uint32_t ost_count,
                                                         std::uint32_t next) {
  sim::check(ost_count > 0, "a file system with an OST");
  const ComponentTemplate& c = wanted.component(place);
  std::vector<std::uint32_t> osts = c.osts;
  if (osts.empty()) {
    const std::uint32_t first = c.first_ost.value_or(next % ost_count);
    for (std::uint32_t i = 0; i < layout.components[place].stripe_count; ++i) {
      osts.push_back(i == 0 ? first : (first + i) % ost_count);
    }
  } else if (c.first_ost) {
    std::rotate(osts.begin(), std::find(osts.begin(), osts.end(), *c.first_ost), osts.end());
  }
  for (const std::uint32_t ost : osts) {
    if (ost >= ost_count) {
      return sim::Error{sim::Errc::not_found,
                        fmt::format("component {}: OST {} is not among {}; the last one is {}",
                                    place + 1, ost, ost_count, ost_count - 1)};
    }
  }
  return osts;
}

sim::Status instantiate(Layout& layout, std::size_t place, std::vector<StripeObject> objects) {
  sim::check(place < layout.components.size(), "a component of this layout");
  const Component& before = layout.components[place];
  if (before.instantiated() || before.extension()) {
    return refuse(fmt::format("component {} is not waiting for objects", place + 1));
  }
  Component after = before;
  after.flags |= kComponentInit;
  after.objects = std::move(objects);
  Layout changed = layout;
  changed.components[place] = std::move(after);
  if (layout.format == LayoutFormat::plain) {
    ++changed.components[place].stripe_gen;
  } else {
    changed.components[place].layout_gen = ++changed.layout_gen;
  }
  if (sim::Status s = validate(changed); !s) {
    return s;
  }
  layout = std::move(changed);
  return {};
}

}  // namespace stripe
