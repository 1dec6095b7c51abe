#include <algorithm>

#include "stripe/layout/instantiate.h"
#include "stripe/layout/lov_ea.h"
#include "stripe/layout/setstripe.h"
#include "stripe/server/mdt.h"

namespace stripe {
namespace {
// How old the MDT's idea of the OSTs' space may be (Lustre: lov.*.qos_maxage 5 s).
constexpr sim::Duration kSpaceAge = sim::seconds(5);
// Layout options remembered in parsed form; a client may send any number of different ones.
constexpr std::size_t kMaxTemplates = 1000;
}  // namespace

sim::Result<Mdt::TemplatePtr> Mdt::parse_layout(const std::string& wanted) {
  const auto known = templates_.find(wanted);
  if (known != templates_.end()) {
    return known->second;
  }
  auto parsed = parse_setstripe(wanted);
  if (!parsed.ok()) {
    return parsed.error();
  }
  for (const MirrorTemplate& mirror : parsed->mirrors) {
    for (const ComponentTemplate& component : mirror.components) {
      if (chooser_.available(component) == 0) {
        return sim::Error{sim::Errc::invalid_argument, "there is no pool " + component.pool};
      }
      if (component.on_mdt && data_ == nullptr) {
        return sim::Error{sim::Errc::not_supported, "this MDT keeps no data"};
      }
      if (component.on_mdt && component.end > options_.dom_max) {
        return sim::Error{sim::Errc::invalid_argument, "too much data on the MDT"};
      }
    }
  }
  if (templates_.size() >= kMaxTemplates) {
    templates_.clear();
  }
  auto made = std::make_shared<const LayoutTemplate>(std::move(*parsed));
  templates_.emplace(wanted, made);
  return made;
}

// A layout whose components that begin at 0 have their objects; later ones wait for the first
// write.
sim::Task<Mdt::NewLayout> Mdt::new_layout(const std::string& options, sim::ServerTimes& times) {
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
  auto layout = make_layout(*result.wanted, defaults);
  if (!layout.ok()) {
    result.status = layout.code();
    co_return result;
  }
  result.layout = std::move(*layout);
  for (std::size_t i = 0; i < result.layout.components.size(); ++i) {
    const Component& component = result.layout.components[i];
    if (component.extent.begin == 0 && !component.instantiated()) {
      result.status = co_await fill(result.layout, *result.wanted, i, times);
    }
    if (result.status != sim::Errc::ok) {
      give_back_all(result.layout);
      co_return result;
    }
  }
  co_return result;
}

// Chooses OSTs for one component and takes an object of each. OSTs that have none to give are
// passed over, unless they were asked for by number.
sim::Task<sim::Errc> Mdt::fill(Layout& layout, const LayoutTemplate& wanted, std::size_t place,
                               sim::ServerTimes& times) {
  const ComponentTemplate& component = wanted.component(place);
  Component& filled = layout.components[place];
  if (component.overstriped && component.stripe_count < 0) {
    const auto most =
        chooser_.available(component) * static_cast<std::uint32_t>(-component.stripe_count);
    filled.stripe_count =
        static_cast<std::uint16_t>(std::min<std::uint32_t>(filled.stripe_count, most));
  }
  const bool by_number = !component.osts.empty() || component.first_ost.has_value();
  sim::Errc status = sim::Errc::ok;
  for (std::uint32_t tries = 0; tries <= chooser_.ost_count(); ++tries) {
    const auto osts = chooser_.choose(wanted, layout, place);
    if (!osts.ok()) {
      co_return osts.code();
    }
    std::vector<StripeObject> objects;
    status = co_await take_objects(*osts, objects, times);
    if (status == sim::Errc::ok) {
      filled.stripe_count = static_cast<std::uint16_t>(objects.size());
      co_return instantiate(layout, place, std::move(objects)).code();
    }
    if (by_number) {
      break;
    }
  }
  co_return status;
}

// One object of each; all or nothing. An OST that has none counts as failed.
sim::Task<sim::Errc> Mdt::take_objects(const std::vector<std::uint32_t>& osts,
                                       std::vector<StripeObject>& objects,
                                       sim::ServerTimes& times) {
  for (const std::uint32_t ost : osts) {
    const auto object = co_await stocks_[ost]->take(times);
    if (!object.ok()) {
      chooser_.set_failed(ost);
      give_back(objects);
      co_return object.code();
    }
    objects.push_back(*object);
  }
  co_return sim::Errc::ok;
}

void Mdt::give_back(const std::vector<StripeObject>& objects) {
  for (const StripeObject& object : objects) {
    stocks_[object.ost_index]->give_back(object.id);
  }
}

void Mdt::give_back_all(const Layout& layout) {
  for (const Component& component : layout.components) {
    give_back(component.objects);
  }
}

// Gives objects to every component that a write to `extent` needs.
sim::Task<sim::Errc> Mdt::instantiate_range(Fid fid, sim::Extent extent, sim::ServerTimes& times) {
  const auto wanted = unfinished_.find(fid);
  if (wanted == unfinished_.end()) {
    co_return sim::Errc::ok;
  }
  const TemplatePtr pattern = wanted->second;  // the file may go while we wait
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
    const sim::Errc filled = co_await fill(grown, *pattern, i, times);
    if (filled != sim::Errc::ok) {
      co_return filled;
    }
    // Another client may have done the same while we waited: theirs stands, ours goes back.
    const Layout* now = meta_.layout(fid);
    if (now == nullptr || now->layout_gen != generation) {
      give_back(grown.components[i].objects);
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

// Whether a write to `extent` needs another layout than the file has.
bool Mdt::layout_must_change(Fid fid, sim::Extent extent) const {
  const Layout& layout = *meta_.layout(fid);
  if (layout.mirror_count() > 1 && layout.flr_state() != FlrState::write_pending) {
    return true;
  }
  return unfinished_.contains(fid) &&
         std::ranges::any_of(layout.components, [&](const Component& c) {
           return !c.instantiated() && !c.stale() && c.extent.overlaps(extent);
         });
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

void Mdt::destroy_data(const Layout& layout) {
  for (const Component& component : layout.components) {
    if (component.on_mdt() && data_ != nullptr) {
      // Not there if the file never came into being.
      static_cast<void>(data_->destroy(component.owner));
    }
  }
}

void Mdt::destroy_objects(const Layout& layout) {
  for (const Component& component : layout.components) {
    for (const StripeObject& object : component.objects) {
      stocks_[object.ost_index]->destroy(object.id);
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
  if (space_was_asked_ && loop_.now() - space_asked_ < kSpaceAge) {
    return;
  }
  space_was_asked_ = true;
  space_asked_ = loop_.now();
  for (std::uint32_t ost = 0; ost < stocks_.size(); ++ost) {
    tasks_.spawn(query_space(ost), "statfs", sim::TaskKind::daemon);
  }
}

sim::Task<void> Mdt::query_space(std::uint32_t ost) {
  const auto space = co_await stocks_[ost]->statfs();
  if (space.ok()) {
    chooser_.set_space(ost, {space->capacity, space->used});
  } else {
    chooser_.set_failed(ost);
  }
}

}  // namespace stripe
