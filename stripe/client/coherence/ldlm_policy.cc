#include "stripe/client/coherence/ldlm_policy.h"

#include <algorithm>

#include "stripe/client/object_parts.h"

namespace stripe {

using cachemodel::LockMode;

namespace {

constexpr sim::Bytes kPage = 4 * sim::kKiB;

// Clients lock whole pages.
sim::Extent whole_pages(ObjectRange range) {
  const sim::Bytes last =
      range.last >= sim::kEof - kPage ? sim::kEof : range.last / kPage * kPage + kPage;
  return {range.first / kPage * kPage, last};
}

LockMode mode_for(IoKind kind) { return kind == IoKind::read ? LockMode::pr : LockMode::pw; }

}  // namespace

LdlmPolicy::LdlmPolicy(ClientContext& context, Lov& lov, WriteBack& write_back, PageReader& pages)
    : context_(context), lov_(lov), write_back_(write_back), pages_(pages) {
  lov_.set_target_hook([this](std::uint32_t index) {
    if (index == kMdtTarget) {
      lov_.target(index).set_locks(&mdt().client());
    } else {
      locks(index);
    }
  });
  write_back_.set_rests_on_locks();
  mdt().set_data_owner(this);
  by_address_.emplace(lov_.mdc().import().target(), &mdt().client());
}
LdlmPolicy::~LdlmPolicy() {
  mdt().set_data_owner(nullptr);
  lov_.set_target_hook({});
}

LockClient& LdlmPolicy::locks(std::uint32_t target) {
  if (target == kMdtTarget) {
    return mdt().client();
  }
  if (clients_.size() <= target) {
    clients_.resize(lov_.ost_count());
  }
  std::unique_ptr<LockClient>& client = clients_[target];
  if (!client) {
    Osc& osc = lov_.target(target);  // which comes back here if it is new
    if (client) {
      return *client;
    }
    client = std::make_unique<LockClient>(context_, osc.import(), target, *this);
    osc.set_locks(client.get());
    by_address_.emplace(osc.import().target(), client.get());
  }
  return *client;
}

// Whoever gives up a lock has to know what was cached under it: every object of the file is known
// before any of its data is.
void LdlmPolicy::place_objects(Inode& inode) {
  const std::uint64_t version = std::uint64_t{inode.layout.generation()} + 1;
  if (inode.objects_placed == version) {
    return;
  }
  inode.objects_placed = version;
  const auto put = [&](ObjectKey key, const Component& component, std::uint32_t stripe) {
    Place& place = places_[key];
    place.inode = &inode;
    place.component = inode.layout.index_of(component);
    place.stripe = stripe;
  };
  for (const Component& component : inode.layout.components) {
    if (component.on_mdt()) {
      put({kMdtTarget, component.owner}, component, 0);
    }
    for (std::uint32_t stripe = 0; stripe < component.objects.size(); ++stripe) {
      const StripeObject& object = component.objects[stripe];
      put({object.ost_index, object.id}, component, stripe);
    }
  }
}

bool LdlmPolicy::cache_fits_layout(const Inode& inode) const {
  return inode.cached_version == std::uint64_t{inode.layout.generation()} + 1;
}

// What was cached under another layout may stand in other objects now, under locks that this client
// does not have: in another mirror, or where there were no objects.
void LdlmPolicy::fit_cache_to_layout(Inode& inode) {
  if (cache_fits_layout(inode)) {
    return;
  }
  const Layout& layout = inode.layout;
  const sim::Bytes from = layout.mirror_count() > 1 ? 0 : inode.cached_to;
  if (inode.cached_version != 0) {
    pages_.drop(inode, {from, sim::kEof});
  }
  inode.cached_version = std::uint64_t{layout.generation()} + 1;
  inode.cached_to = sim::kEof;
  for (const Component& component : layout.components) {
    if (!component.instantiated()) {
      inode.cached_to = std::min(inode.cached_to, component.extent.begin);
    }
  }
}

LdlmPolicy::ObjectKey LdlmPolicy::key_of(std::uint32_t target,
                                         const cachemodel::ResourceName& resource) const {
  return {target, target == kMdtTarget ? data_of(fid_of(resource)) : object_of(resource)};
}

// In the order of components and stripes, which is that in which they are locked: two clients that
// lock several objects never wait for each other.
void LdlmPolicy::objects_of(Inode& inode, sim::Extent range, IoKind kind,
                            std::vector<Needed>& out) {
  out.clear();
  place_objects(inode);
  const Layout& layout = inode.layout;
  const std::size_t mirror =
      pick_mirror(layout, kind == IoKind::read ? kComponentPreferRead : kComponentPreferWrite);
  for (const Component& component : layout.mirror(mirror)) {
    const sim::Extent part = range.intersect(component.extent);
    if (part.empty() || (!component.holds_data() && !component.on_mdt())) {
      continue;
    }
    if (component.on_mdt()) {
      out.push_back({kMdtTarget, component.owner, {0, sim::kEof}, &component, 0});
      continue;
    }
    for (std::uint32_t stripe = 0; stripe < component.stripes(); ++stripe) {
      const auto touched = component.geometry().intersects(stripe, part);
      if (touched) {
        const StripeObject& object = component.objects[stripe];
        out.push_back({object.ost_index, object.id, whole_pages(*touched), &component, stripe});
      }
    }
  }
}

bool LdlmPolicy::admit_at_once(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                               Access& access) {
  if (direct) {
    access.use_cache = access.write_behind = false;
    access.server_lock = true;
    return true;
  }
  if (!inode.layout_valid || !cache_fits_layout(inode)) {
    return false;
  }
  objects_of(inode, range, kind, needed_);
  for (const Needed& part : needed_) {
    auto hold = locks(part.target).match(part.object, mode_for(kind), part.extent);
    if (!hold) {
      access.locks.clear();
      return false;
    }
    access.locks.push_back(std::move(*hold));
  }
  if (kind == IoKind::read) {
    access.ahead = locked_around(range, needed_);
  }
  return true;
}

sim::Task<sim::Errc> LdlmPolicy::admit(Inode& inode, sim::Extent range, IoKind kind, bool,
                                       Access& access, sim::Timeline& timeline) {
  if (!inode.layout_valid) {
    const sim::Errc told = co_await lov_.refresh_layout(inode, timeline);
    if (told != sim::Errc::ok) {
      co_return told;
    }
  }
  fit_cache_to_layout(inode);
  timeline.enter(sim::Stage::lock, context_.loop.now());
  std::vector<Needed> needed;
  objects_of(inode, range, kind, needed);
  for (const Needed& part : needed) {
    LockClient& client = locks(part.target);
    auto hold = client.match(part.object, mode_for(kind), part.extent);
    if (!hold) {
      auto granted = co_await client.enqueue(part.object, mode_for(kind), part.extent);
      if (!granted.ok()) {
        co_return granted.code();
      }
      hold = std::move(*granted);
    }
    access.locks.push_back(std::move(*hold));
  }
  if (kind == IoKind::read) {
    objects_of(inode, range, kind, needed);
    access.ahead = locked_around(range, needed);
  }
  co_return sim::Errc::ok;
}

// Read-ahead asks for no locks: it ends where those held do (Lustre: cio_lock_end). Of a stripe
// that is not touched by this read, a lock on the stripe's next byte counts.
sim::Extent LdlmPolicy::locked_around(sim::Extent range, const std::vector<Needed>& needed) {
  if (needed.empty()) {
    return range;
  }
  const Component& component = *needed.back().component;
  if (component.on_mdt()) {
    return component.extent;
  }
  const Raid0 geometry = component.geometry();
  sim::Extent locked = component.extent;
  for (std::uint32_t stripe = 0; stripe < component.stripes(); ++stripe) {
    const StripeObject& object = component.objects[stripe];
    const sim::Bytes first = geometry.file_size_to_object_size(stripe, component.extent.begin);
    const sim::Bytes next = geometry.file_size_to_object_size(stripe, range.end);
    const sim::Extent held = locks(object.ost_index)
                                 .touch(object.id, LockMode::pr, {next, next + 1})
                                 .value_or(sim::Extent{next, next});
    if (held.begin > first) {
      locked.begin = std::max(locked.begin, range.begin);
    }
    if (held.end != sim::kEof) {
      const auto end = geometry.unmap(stripe, held.end);
      locked.end = std::min(locked.end, end.ok() ? *end : sim::kEof);
    }
  }
  return {std::min(locked.begin, range.begin), std::max(locked.end, range.end)};
}

bool LdlmPolicy::callback(const transport::Message& request) {
  const auto client = by_address_.find(request.from);
  if (client == by_address_.end()) {
    return false;
  }
  client->second->callback(request);
  return true;
}

void LdlmPolicy::forget(Inode& inode) {
  for (auto it = places_.begin(); it != places_.end();) {
    if (it->second.inode != &inode) {
      ++it;
      continue;
    }
    locks(it->first.first).drop_unused(it->first.second);
    it = places_.erase(it);
  }
  inode.objects_placed = 0;
}

sim::Task<std::size_t> LdlmPolicy::release_all() {
  for (const auto& client : clients_) {
    if (client) {
      co_await client->drop_all();
    }
  }
  co_await mdt().client().drop_all();
  co_return held();
}

std::size_t LdlmPolicy::held() const {
  std::size_t sum = lov_.mdc().locks()->client().size();
  for (const auto& client : clients_) {
    sum += client ? client->size() : 0;
  }
  return sum;
}

}  // namespace stripe
