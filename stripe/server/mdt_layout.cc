#include <algorithm>

#include "stripe/layout/instantiate.h"
#include "stripe/layout/lov_ea.h"
#include "stripe/layout/setstripe.h"
#include "stripe/server/mdt.h"

namespace stripe {
namespace {
// How old the MDT's idea of the OSTs' space may be (Lustre: lov.*.qos_maxage 5 s).
constexpr sim::Duration kSpaceAge = sim::seconds(5);
}  // namespace

// Templates are parsed once and live as long as the MDT.
sim::Result<const LayoutTemplate*> Mdt::parse_layout(const std::string& options) {
  const std::string& wanted = options.empty() ? options_.default_layout : options;
  const auto known = templates_.find(wanted);
  if (known != templates_.end()) {
    return &known->second;
  }
  auto parsed = parse_setstripe(wanted);
  if (!parsed.ok()) {
    return parsed.error();
  }
  return &templates_.emplace(wanted, std::move(*parsed)).first->second;
}

// A layout whose components that begin at 0 have their objects; later ones wait for the first
// write.
sim::Task<Mdt::NewLayout> Mdt::new_layout(const std::string& options) {
  NewLayout result;
  const auto wanted = parse_layout(options);
  if (!wanted.ok()) {
    result.status = wanted.code();
    co_return result;
  }
  refresh_space();
  result.wanted = *wanted;
  StripeDefaults defaults;
  defaults.ost_count = chooser_.ost_count();
  for (const MirrorTemplate& mirror : result.wanted->mirrors) {
    for (const ComponentTemplate& component : mirror.components) {
      defaults.ost_count = std::min(defaults.ost_count, chooser_.available(component));
    }
  }
  auto layout = defaults.ost_count == 0
                    ? sim::Result<Layout>(sim::Error{sim::Errc::invalid_argument, "no such pool"})
                    : make_layout(*result.wanted, defaults);
  if (!layout.ok()) {
    result.status = layout.code();
    co_return result;
  }
  result.layout = std::move(*layout);
  for (std::size_t i = 0; i < result.layout.components.size(); ++i) {
    const Component& component = result.layout.components[i];
    if (component.on_mdt() && data_ == nullptr) {
      result.status = sim::Errc::not_supported;
    } else if (component.extent.begin == 0 && !component.instantiated()) {
      result.status = co_await fill(result.layout, *result.wanted, i);
    }
    if (result.status != sim::Errc::ok) {
      destroy_objects(result.layout);
      co_return result;
    }
  }
  co_return result;
}

// Chooses OSTs for one component and takes an object of each.
sim::Task<sim::Errc> Mdt::fill(Layout& layout, const LayoutTemplate& wanted, std::size_t place) {
  auto osts = chooser_.choose(wanted, layout, place);
  if (!osts.ok()) {
    co_return osts.code();
  }
  std::vector<StripeObject> objects;
  for (const std::uint32_t ost : *osts) {
    auto object = co_await stocks_[ost]->take();
    if (!object.ok()) {
      for (const StripeObject& taken : objects) {
        stocks_[taken.ost_index]->destroy(taken.id);
      }
      co_return object.code();
    }
    objects.push_back(*object);
  }
  layout.components[place].stripe_count = static_cast<std::uint16_t>(objects.size());
  co_return instantiate(layout, place, std::move(objects)).code();
}

// Gives objects to every component that a write to `extent` needs.
sim::Task<sim::Errc> Mdt::instantiate_range(Fid fid, sim::Extent extent) {
  const auto wanted = unfinished_.find(fid);
  if (wanted == unfinished_.end()) {
    co_return sim::Errc::ok;
  }
  const LayoutTemplate& pattern = *wanted->second;
  const std::size_t count = meta_.layout(fid)->components.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Layout* current = meta_.layout(fid);
    if (current == nullptr) {
      co_return sim::Errc::not_found;
    }
    const Component& component = current->components[i];
    if (component.instantiated() || component.stale() || !component.extent.overlaps(extent)) {
      continue;
    }
    const std::uint32_t generation = current->layout_gen;
    Layout grown = *current;
    const sim::Errc filled = co_await fill(grown, pattern, i);
    if (filled != sim::Errc::ok) {
      co_return filled;
    }
    // Another client may have done the same while we waited: theirs stands, ours goes back.
    const Layout* now = meta_.layout(fid);
    if (now == nullptr || now->layout_gen != generation) {
      for (const StripeObject& object : grown.components[i].objects) {
        stocks_[object.ost_index]->destroy(object.id);
      }
      if (now == nullptr) {
        co_return sim::Errc::not_found;
      }
      i = now->components[i].instantiated() ? i : i - 1;
      continue;
    }
    const sim::Status kept = meta_.set_layout(fid, std::move(grown));
    sim::check(kept.ok(), "a file lost its inode while it has a layout");
  }
  co_return sim::Errc::ok;
}

// The first write to mirrors in sync: one of them is written, the others are stale from now on.
sim::Status Mdt::begin_mirror_write(Fid fid) {
  const Layout& layout = *meta_.layout(fid);
  if (layout.mirror_count() <= 1 || layout.flr_state() == FlrState::write_pending) {
    return {};
  }
  Layout changed = layout;
  const std::size_t primary = pick_mirror(layout, kComponentPreferWrite);
  const std::uint16_t primary_id = layout.mirror(primary).front().mirror_id();
  for (Component& component : changed.components) {
    if (component.mirror_id() != primary_id) {
      component.flags |= kComponentStale;
    }
  }
  changed.flags = static_cast<std::uint16_t>((changed.flags & ~kFlrStateMask) |
                                             static_cast<std::uint16_t>(FlrState::write_pending));
  ++changed.layout_gen;
  return meta_.set_layout(fid, std::move(changed));
}

void Mdt::destroy_objects(const Layout& layout) {
  for (const Component& component : layout.components) {
    for (const StripeObject& object : component.objects) {
      stocks_[object.ost_index]->destroy(object.id);
    }
    if (component.on_mdt() && data_ != nullptr) {
      // Not there if the file never came into being.
      static_cast<void>(data_->destroy(component.owner));
    }
  }
}

std::vector<std::byte> Mdt::layout_bytes(Fid fid) const {
  const Layout* layout = meta_.layout(fid);
  if (layout == nullptr) {
    return {};
  }
  auto bytes = encode_lov_ea(*layout);
  sim::check(bytes.ok(), "a layout of this MDT cannot be encoded");
  return std::move(*bytes);
}

void Mdt::refresh_space() {
  if (!space_known_ || loop_.now() - space_asked_ >= kSpaceAge) {
    space_known_ = true;
    space_asked_ = loop_.now();
    tasks_.spawn(query_space(), "statfs", sim::TaskKind::daemon);
  }
}

sim::Task<void> Mdt::query_space() {
  for (std::uint32_t ost = 0; ost < stocks_.size(); ++ost) {
    const auto space = co_await stocks_[ost]->statfs();
    if (space.ok()) {
      chooser_.set_space(ost, {space->capacity, space->used});
    }
  }
}

}  // namespace stripe
