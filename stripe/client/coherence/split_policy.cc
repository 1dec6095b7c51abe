#include "stripe/client/coherence/split_policy.h"

#include <algorithm>
#include <utility>

namespace stripe {

using cachemodel::LeaseLevel;

namespace {

constexpr sim::Extent kWhole{0, sim::kEof};
constexpr std::uint32_t kMetadataShare = 0;

bool touches_mdt(const Inode& inode, sim::Extent range) {
  return std::ranges::any_of(inode.layout.components, [range](const Component& component) {
    return component.on_mdt() && component.extent.overlaps(range);
  });
}

// Nobody would tell of what others put where this client knows of no objects.
bool touches_unknown(const Inode& inode, sim::Extent range) {
  return std::ranges::any_of(inode.layout.components, [range](const Component& component) {
    return !component.holds_data() && component.extent.overlaps(range);
  });
}

}  // namespace

// An access to the metadata share's cache, which cannot be purged meanwhile.
struct SplitPolicy::Use {
  Use(std::shared_ptr<Open> file, sim::Extent range, std::shared_ptr<void> right)
      : open(std::move(file)),
        place(open->used.insert(open->used.end(), range)),
        kept(std::move(right)) {}
  ~Use() { open->used.erase(place); }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  std::shared_ptr<Open> open;
  std::list<sim::Extent>::iterator place;
  std::shared_ptr<void> kept;
};

struct SplitPolicy::Joined {
  Joined(const SplitPolicy& policy, const Inode& inode, sim::Extent range, bool direct)
      : touched(policy.shares_of(inode, range)),
        cached(!direct && !touches_unknown(inode, range)),
        ahead(!touches_unknown(inode, kWhole)) {}
  void add(std::uint32_t share, Access part, LeaseLevel level) {
    ahead &= level >= LeaseLevel::read;
    if (touched.contains(share)) {
      cached &= part.use_cache;
      behind &= part.write_behind;
    }
    kept->push_back(std::move(part.kept));
  }
  void give(Access& access, sim::Extent range, bool beside) {
    access.use_cache = cached;
    access.write_behind = cached && behind;
    access.beside = beside;
    access.ahead = ahead ? kWhole : range;
    access.kept = std::move(kept);
  }
  Shares touched;
  bool cached;
  bool ahead;
  bool behind = true;
  std::shared_ptr<std::vector<std::shared_ptr<void>>> kept =
      std::make_shared<std::vector<std::shared_ptr<void>>>();
};

SplitPolicy::SplitPolicy(ClientContext& context, const ClusterMap& map, WriteBack& write_back,
                         PageReader& pages)
    : context_(context), map_(map), write_back_(write_back), pages_(pages), tasks_(context.loop) {
  const std::uint32_t share = context.design.share_server;
  sim::check(share < map.share_servers.size(), "a client's share server does not exist");
  if (context.design.split.redirect != Redirect::all) {
    primary_ = std::make_unique<OplockPolicy>(context, map.share_servers[share],
                                              CachedPart(write_back, pages));
  }
  if (context.design.split.redirect == Redirect::paging) {
    sim::check(share == kMetadataShare, "redirected I/O is cached at another share's node");
    write_back_.set_announce(
        [this](Inode& inode, std::uint32_t target) { return announce(inode, target); });
  }
}
SplitPolicy::~SplitPolicy() { write_back_.set_announce({}); }

bool SplitPolicy::redirected(const Inode& inode, sim::Extent range, bool direct) const {
  const Redirect redirect = context_.design.split.redirect;
  return redirect == Redirect::all ||
         (redirect == Redirect::paging && direct && !touches_mdt(inode, range));
}

SplitPolicy::Shares SplitPolicy::shares_of(const Inode& inode, sim::Extent range) const {
  Shares shares;
  for (const Component& component : inode.layout.components) {
    const sim::Extent touched = component.extent.intersect(range);
    if (touched.empty()) {
      continue;
    }
    if (component.on_mdt()) {
      shares.insert(kMetadataShare);
    }
    for (std::uint32_t stripe = 0; stripe < component.objects.size(); ++stripe) {
      if (component.geometry().intersects(stripe, touched)) {
        shares.insert(map_.data_shares[component.objects[stripe].ost_index]);
      }
    }
  }
  return shares;
}

// Reading ahead goes on to other nodes' stripes.
SplitPolicy::Shares SplitPolicy::shares_for(const Inode& inode, sim::Extent range,
                                            IoKind kind) const {
  const bool ahead = kind == IoKind::read && context_.design.split.redirect == Redirect::all;
  return shares_of(inode, ahead ? kWhole : range);
}

OplockPolicy& SplitPolicy::data(std::uint32_t share) {
  std::unique_ptr<OplockPolicy>& policy = data_[share];
  if (!policy) {
    sim::check(share < map_.share_servers.size(), "a node with data has no share server");
    std::set<std::uint32_t> cached;  // with `paging`, nothing is cached there
    if (context_.design.split.redirect == Redirect::all) {
      for (std::uint32_t ost = 0; ost < map_.data_shares.size(); ++ost) {
        if (map_.data_shares[ost] == share) {
          cached.insert(ost);
        }
      }
      if (share == kMetadataShare) {
        cached.insert(kMdtTarget);
      }
    }
    policy = std::make_unique<OplockPolicy>(context_, map_.share_servers[share],
                                            CachedPart(write_back_, pages_, std::move(cached)));
  }
  return *policy;
}

std::shared_ptr<SplitPolicy::Open> SplitPolicy::open_file(const Inode& inode) const {
  const auto found = files_.find(inode.fid);
  return found == files_.end() ? nullptr : found->second;
}

void SplitPolicy::use_primary(const Inode& inode, sim::Extent range, Access& access) {
  const auto file = open_file(inode);
  if (file && (access.use_cache || access.write_behind)) {
    access.kept = std::make_shared<Use>(file, range, std::move(access.kept));
  }
}

bool SplitPolicy::admit_at_once(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                                Access& access) {
  if (!redirected(inode, range, direct)) {
    if (!primary_->admit_at_once(inode, range, kind, direct, access)) {
      return false;
    }
    use_primary(inode, range, access);
    return true;
  }
  const auto file = open_file(inode);
  if (!file) {
    return false;
  }
  Joined joined(*this, inode, range, direct);
  for (const std::uint32_t share : shares_for(inode, range, kind)) {
    const auto handle = file->handles.find(share);
    if (handle == file->handles.end() || !handle->second->opened.is_set()) {
      return false;
    }
    Access part;
    if (!data(share).admit_at_once(inode, range, kind, direct, part)) {
      return false;
    }
    joined.add(share, std::move(part), data(share).level(inode.fid));
  }
  joined.give(access, range, context_.design.split.redirect == Redirect::paging);
  return true;
}

// Shares are asked in one order by everybody, so that no two clients wait for each other.
sim::Task<sim::Errc> SplitPolicy::admit(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                                        Access& access, sim::Timeline& timeline) {
  if (!redirected(inode, range, direct)) {
    co_return co_await primary_->admit(inode, range, kind, direct, access, timeline);
  }
  const auto file = open_file(inode);
  if (!file) {
    co_return sim::Errc::bad_handle;
  }
  const Shares shares = shares_for(inode, range, kind);
  for (const std::uint32_t share : shares) {
    const sim::Errc opened = co_await open_share(file, inode, share, timeline);
    if (opened != sim::Errc::ok) {
      co_return opened;
    }
  }
  Joined joined(*this, inode, range, direct);
  for (const std::uint32_t share : shares) {
    Access part;
    if (!data(share).admit_at_once(inode, range, kind, direct, part)) {
      const sim::Errc told = co_await data(share).admit(inode, range, kind, direct, part, timeline);
      if (told != sim::Errc::ok) {
        co_return told;
      }
    }
    joined.add(share, std::move(part), data(share).level(inode.fid));
  }
  joined.give(access, range, context_.design.split.redirect == Redirect::paging);
  co_return sim::Errc::ok;
}

// The handle is asked for whether or not who needed it first still waits.
sim::Task<sim::Errc> SplitPolicy::open_share(std::shared_ptr<Open> file, Inode& inode,
                                             std::uint32_t share, sim::Timeline& timeline) {
  std::shared_ptr<Handle>& place = file->handles[share];
  if (!place || place->status != sim::Errc::ok) {
    place = std::make_shared<Handle>(context_.loop);
    tasks_.spawn(ask_share(place, inode, share), "a file on a data share");
  }
  const std::shared_ptr<Handle> handle = place;
  timeline.enter(sim::Stage::lock, context_.loop.now());
  co_await handle->opened.wait();
  co_return handle->status;
}

sim::Task<void> SplitPolicy::ask_share(std::shared_ptr<Handle> handle, Inode& inode,
                                       std::uint32_t share) {
  sim::Timeline timeline(context_.loop.now(), sim::Stage::lock);
  handle->status = co_await data(share).opened(inode, {}, timeline);
  handle->opened.set();
}

// Dirty data leaves the metadata share's cache as paging I/O, which the data share's server sees.
sim::Task<std::shared_ptr<void>> SplitPolicy::announce(Inode& inode, std::uint32_t target) {
  const auto file = open_file(inode);
  Access access;
  if (file && target != kMdtTarget) {
    const std::uint32_t share = map_.data_shares[target];
    sim::Timeline timeline(context_.loop.now(), sim::Stage::lock);
    sim::Errc told = co_await open_share(file, inode, share, timeline);
    if (told == sim::Errc::ok &&
        !data(share).admit_at_once(inode, {}, IoKind::write, true, access)) {
      told = co_await data(share).admit(inode, {}, IoKind::write, true, access, timeline);
    }
  }
  co_return std::move(access.kept);
}

bool SplitPolicy::callback(const transport::Message& request) {
  return (primary_ && primary_->callback(request)) ||
         std::ranges::any_of(data_, [&](auto& entry) { return entry.second->callback(request); });
}

std::size_t SplitPolicy::held() const {
  std::size_t sum = primary_ ? primary_->held() : 0;
  for (const auto& [share, policy] : data_) {
    sum += policy->held();
  }
  return sum;
}

}  // namespace stripe
