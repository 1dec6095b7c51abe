#include "stripe/client/mount.h"

#include <algorithm>
#include <optional>

#include "stripe/client/coherence/policies.h"

namespace stripe {
namespace {
// Inodes of a mount, beyond which those nobody uses are forgotten with what is cached of them.
constexpr std::size_t kInodesKept = 65536;
}  // namespace

Mount::Mount(sim::Loop& loop, sim::Host& host, transport::Network& network,
             transport::Address address, std::uint32_t client, const ClientDesign& design,
             const ClusterMap& map)
    : endpoint_(loop, network, address),
      context_{loop, host, design, endpoint_, {}, {}, {}},
      client_(client),
      mdc_(context_, map.mdt),
      lov_(context_, mdc_, map),
      cache_(design.page_cache ? design.cache_size : 0),
      write_back_(context_, lov_, cache_),
      pages_(context_, lov_, cache_),
      policy_(make_cache_policy(context_, map, lov_, write_back_, pages_)) {
  endpoint_.set_callback_handler(this);
  lov_.set_undone_hook([this](std::uint64_t file, sim::Extent range, transport::Stamp stamp) {
    undone(file, range, stamp);
  });
  if (mdc_.locks() != nullptr) {
    mdc_.locks()->set_layout_hook(
        [this](const Fid& fid, std::span<const std::byte> bytes) { layout_told(fid, bytes); });
    stat_ahead_ = std::make_unique<StatAhead>(
        context_, mdc_, [this](const MdsIntentReply& told) { return glimpse_ahead(told); });
  }
}

Mount::~Mount() {
  endpoint_.set_callback_handler(nullptr);
  if (mdc_.locks() != nullptr) {
    mdc_.locks()->set_layout_hook({});
  }
}

// Who still has the file open, or opens it before it is forgotten, hears of it at fsync or close.
void Mount::undone(std::uint64_t file, sim::Extent range, transport::Stamp stamp) {
  context_.tell_loss(file, range, stamp);
  for (const auto& [fid, inode] : inodes_) {
    if (inode->content_id() == file) {
      inode->failed(sim::Errc::evicted, range.begin);
    }
  }
}

// Of a file that is in use, the layout came under a lock, or, without bytes, the lock is gone.
void Mount::layout_told(const Fid& fid, std::span<const std::byte> bytes) {
  const auto found = inodes_.find(fid);
  if (found != inodes_.end()) {
    Inode& inode = *found->second;
    inode.layout_valid = !bytes.empty() && inode.take_layout(bytes) == sim::Errc::ok;
  }
}

// A callback that nobody knows of is answered all the same: whoever sent it waits.
void Mount::callback(transport::MessagePtr request) {
  if (!policy_ || !request->body || !policy_->callback(*request)) {
    endpoint_.answer(*request, sim::Errc::not_supported, nullptr);
  }
}

sim::Task<std::size_t> Mount::unmount() {
  for (const auto& [fid, inode] : inodes_) {
    co_await write_back_.flush(*inode);
    co_await pages_.finish(*inode);
  }
  std::size_t leaked = 0;
  if (policy_) {
    leaked = co_await policy_->release_all();
  }
  co_return leaked;
}

Inode& Mount::inode_of(const Fid& fid) {
  std::unique_ptr<Inode>& inode = inodes_[fid];
  if (!inode) {
    inode = std::make_unique<Inode>(context_.loop, fid);
    if (const auto* layout = mdc_.locks() == nullptr ? nullptr : mdc_.locks()->layout(fid)) {
      layout_told(fid, *layout);
    }
  }
  inode->unlink();
  return *inode;
}

void Mount::released(Inode& inode) {
  if (inode.users > 0) {
    return;
  }
  if (inode.unlinked) {
    forget_content(inode);
  }
  inode.unlink();
  if (inode.cached || inode.has_dirty()) {
    idle_.push_back(inode);
  } else {
    idle_.push_front(inode);
  }
  trim_idle();
}

void Mount::trim_idle() {
  while (!idle_.empty()) {
    Inode& oldest = idle_.front();
    if (!oldest.idle()) {
      oldest.unlink();
      idle_.push_back(oldest);
      return;
    }
    if (oldest.cached && inodes_.size() <= kInodesKept) {
      return;
    }
    forget_content(oldest);
    inodes_.erase(oldest.fid);
  }
}

void Mount::forget_content(Inode& inode) {
  if (policy_) {
    policy_->forget(inode);
  }
  write_back_.discard(inode, 0);
  pages_.cut(inode, 0);
  inode.cached = false;
}

// The file has no name any more, and nobody has it open. What nobody can ask for need not be
// written.
void Mount::removed(const Fid& fid) {
  const auto found = inodes_.find(fid);
  if (found != inodes_.end()) {
    found->second->unlinked = true;
    released(*found->second);
  }
}

// Of a file that nobody here uses, the MDT's size is newer than what was known.
void Mount::take_attributes(Inode& inode, const FileAttr& attr) {
  if (inode.users == 0 && !inode.has_dirty()) {
    pages_.drop(inode, {attr.size, sim::kEof});
    inode.known_size = attr.size;
  } else {
    inode.known_size = std::max(inode.known_size, attr.size);
  }
  inode.mtime_ns = std::max(inode.mtime_ns, attr.mtime_ns);
}

sim::Task<MdsResult<MdsIntentReply>> Mount::intent(std::string path, MdsIntentRequest request,
                                                   sim::Timeline& timeline) {
  for (;;) {
    const Place place = co_await resolve(path, timeline);
    MdsResult<MdsIntentReply> result;
    result.status = place.status;
    if (result.ok()) {
      request.parent = place.parent;
      request.name = place.name;
      timeline.enter(sim::Stage::metadata, context_.loop.now());
      auto known = std::make_unique<MdsIntentReply>();
      if (request.intent == Intent::getattr && stat_ahead_) {
        co_await stat_ahead_->before(place.parent, place.name);
      }
      if (request.intent == Intent::getattr && known_attributes(place, *known)) {
        result.timeline = sim::Timeline(context_.loop.now(), sim::Stage::client_cpu);
        co_await context_.host.perform(sim::Work::cached_call, 0);
        result.timeline.finish(context_.loop.now());
        result.body = std::move(known);
      } else {
        result = co_await mdc_.intent(request);
      }
      timeline.adopt(result.timeline, sim::Stage::client_cpu, context_.loop.now());
    }
    if (!misled(place, result.status)) {
      co_return result;
    }
  }
}

// Keeps an inode while an operation without a handle uses it.
class Mount::Use {
 public:
  Use(Mount& mount, Inode& inode) : mount_(mount), inode_(inode) { ++inode_.users; }
  ~Use() {
    --inode_.users;
    mount_.released(inode_);
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

 private:
  Mount& mount_;
  Inode& inode_;
};

sim::Task<void> Mount::ask_objects(Inode& inode, Found& found) {
  Outcome& outcome = found.outcome;
  const Outcome sizes = co_await lov_.glimpse(inode, &found.allocated);
  outcome.timeline.adopt(sizes.timeline, sim::Stage::gather, context_.loop.now());
  outcome.status = sizes.status;
  // What waits in this client's cache counts for this client.
  found.attr.size = lov_.has_untold(inode) ? std::max(sizes.bytes, inode.known_size) : sizes.bytes;
  found.attr.mtime_ns = std::max(found.attr.mtime_ns, inode.mtime_ns);
}

// So that the locks that know a file's size are here when it is looked at.
sim::Task<void> Mount::glimpse_ahead(const MdsIntentReply& told) {
  if (inodes_.contains(told.attr.fid)) {
    co_return;
  }
  Inode stranger(context_.loop, told.attr.fid);
  if (stranger.take_layout(told.layout) == sim::Errc::ok) {
    static_cast<void>(co_await lov_.glimpse(stranger));
  }
}

sim::Task<Found> Mount::stat(std::string path) {
  Found found;
  Outcome& outcome = found.outcome;
  outcome.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
  MdsIntentRequest request;
  request.intent = Intent::getattr;
  const auto result = co_await intent(std::move(path), std::move(request), outcome.timeline);
  outcome.status = result.status;
  if (!outcome.ok()) {
    co_return found;
  }
  found.attr = result.body->attr;
  if (found.attr.type == FileType::file) {
    outcome.timeline.enter(sim::Stage::gather, context_.loop.now());
    const auto known = inodes_.find(found.attr.fid);
    Inode stranger(context_.loop, found.attr.fid);
    std::optional<Use> use;
    if (known != inodes_.end()) {
      use.emplace(*this, *known->second);
    }
    Inode& inode = use ? *known->second : stranger;
    outcome.status = inode.take_layout(result.body->layout);
    if (outcome.ok()) {
      co_await ask_objects(inode, found);
    }
  }
  outcome.timeline.finish(context_.loop.now());
  co_return found;
}

}  // namespace stripe
