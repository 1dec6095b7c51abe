#include "stripe/client/mount.h"

#include "stripe/layout/lov_ea.h"

namespace stripe {

Mount::Mount(sim::Loop& loop, sim::Host& host, transport::Network& network,
             transport::Address address, std::uint32_t client, const ClientDesign& design,
             const ClusterMap& map)
    : endpoint_(loop, network, address),
      context_{loop, host, design, endpoint_, {}, {}},
      client_(client),
      mdc_(context_, map.mdt),
      lov_(context_, map),
      cache_(design.page_cache ? design.cache_size : 0),
      write_back_(context_, lov_, cache_),
      pages_(context_, lov_, cache_) {}

Mount::~Mount() = default;

Inode& Mount::inode_of(const Fid& fid) {
  std::unique_ptr<Inode>& inode = inodes_[fid];
  if (!inode) {
    inode = std::make_unique<Inode>(context_.loop, fid);
  }
  return *inode;
}

void Mount::closed(Inode& inode, bool gone) {
  --inode.open_handles;
  if (gone) {
    forget_data(inode);
  }
  // Dirty data keeps the inode; so does cached data, which a later open finds again.
}

// Nobody can ask for a file's data any more: what waits here to be written need not be (Lustre:
// ll_delete_inode discards it when the MDT has told that the last name and handle are gone).
void Mount::forget_data(Inode& inode) {
  inode.unlinked = true;
  write_back_.discard(inode, 0);
  pages_.cut(inode, 0);
}

sim::Errc Mount::take_layout(Inode& inode, std::span<const std::byte> bytes) {
  auto layout = decode_lov_ea(bytes);
  if (!layout.ok()) {
    return sim::Errc::protocol;
  }
  inode.layout = std::move(*layout);
  inode.layout_known = true;
  return sim::Errc::ok;
}

// The directory a path's last name stands in. Directories met before are remembered.
sim::Task<Mount::Place> Mount::resolve(std::string path, sim::Timeline& timeline) {
  Place place;
  place.parent = kRootFid;
  std::size_t at = 1;
  if (path.empty() || path.front() != '/') {
    place.status = sim::Errc::invalid_argument;
    co_return place;
  }
  for (std::size_t slash = path.find('/', at); slash != std::string::npos;
       slash = path.find('/', at)) {
    const std::string prefix = path.substr(0, slash);
    if (const auto known = directories_.find(prefix); known != directories_.end()) {
      place.parent = known->second;
    } else {
      MdsIntentRequest request;
      request.intent = Intent::lookup;
      request.parent = place.parent;
      request.name = path.substr(at, slash - at);
      timeline.enter(sim::Stage::metadata, context_.loop.now());
      const auto result = co_await mdc_.intent(std::move(request));
      timeline.adopt(result.timeline, sim::Stage::metadata, context_.loop.now());
      if (!result.ok() || result.body->attr.type != FileType::directory) {
        place.status = result.ok() ? sim::Errc::not_directory : result.status;
        co_return place;
      }
      place.parent = result.body->attr.fid;
      directories_.emplace(prefix, place.parent);
    }
    at = slash + 1;
  }
  place.name = path.substr(at);
  co_return place;
}

sim::Task<Opened> Mount::open(std::string path, OpenFlags flags, std::string layout) {
  Opened opened;
  Outcome& outcome = opened.outcome;
  outcome.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
  const Place place = co_await resolve(std::move(path), outcome.timeline);
  outcome.status = place.status;
  if (!outcome.ok()) {
    co_return opened;
  }
  MdsIntentRequest request;
  request.intent = Intent::open;
  request.parent = place.parent;
  request.name = place.name;
  request.create = flags.create;
  request.exclusive = flags.exclusive;
  request.write = flags.write;
  request.layout = std::move(layout);
  outcome.timeline.enter(sim::Stage::metadata, context_.loop.now());
  const auto result = co_await mdc_.intent(std::move(request));
  outcome.timeline.adopt(result.timeline, sim::Stage::client_cpu, context_.loop.now());
  outcome.status = result.status;
  if (!outcome.ok()) {
    co_return opened;
  }
  const MdsIntentReply& body = *result.body;
  Inode& inode = inode_of(body.attr.fid);
  outcome.status = take_layout(inode, body.layout);
  if (outcome.ok()) {
    inode.known_size = std::max(inode.known_size, body.attr.size);
    inode.mtime_ns = body.attr.mtime_ns;
    opened.file = std::make_unique<File>(*this, inode, body.handle, flags);
  }
  outcome.timeline.finish(context_.loop.now());
  co_return opened;
}

sim::Task<Found> Mount::stat(std::string path) {
  Found found;
  Outcome& outcome = found.outcome;
  outcome.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
  const Place place = co_await resolve(std::move(path), outcome.timeline);
  outcome.status = place.status;
  if (!outcome.ok()) {
    co_return found;
  }
  MdsIntentRequest request;
  request.intent = Intent::getattr;
  request.parent = place.parent;
  request.name = place.name;
  outcome.timeline.enter(sim::Stage::metadata, context_.loop.now());
  const auto result = co_await mdc_.intent(std::move(request));
  outcome.timeline.adopt(result.timeline, sim::Stage::gather, context_.loop.now());
  outcome.status = result.status;
  if (!outcome.ok()) {
    co_return found;
  }
  found.attr = result.body->attr;
  if (found.attr.type == FileType::file) {
    Inode& inode = inode_of(found.attr.fid);
    outcome.status = take_layout(inode, result.body->layout);
    if (outcome.ok()) {
      const Outcome sizes = co_await lov_.glimpse(inode);
      outcome.timeline.adopt(sizes.timeline, sim::Stage::gather, context_.loop.now());
      outcome.status = sizes.status;
      // What waits in this client's cache counts for this client.
      found.attr.size = inode.has_dirty() ? std::max(sizes.bytes, inode.known_size) : sizes.bytes;
    }
  }
  outcome.timeline.finish(context_.loop.now());
  co_return found;
}

sim::Task<Outcome> Mount::reint(Reint op, std::string path, std::string to, std::uint32_t mode) {
  Outcome outcome;
  outcome.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
  const Place place = co_await resolve(std::move(path), outcome.timeline);
  outcome.status = place.status;
  MdsReintRequest request;
  request.op = op;
  request.parent = place.parent;
  request.name = place.name;
  request.mode = mode;
  request.set_mode = op == Reint::setattr;
  if (outcome.ok() && op == Reint::rename) {
    const Place target = co_await resolve(std::move(to), outcome.timeline);
    outcome.status = target.status;
    request.new_parent = target.parent;
    request.new_name = target.name;
  }
  if (!outcome.ok()) {
    co_return outcome;
  }
  outcome.timeline.enter(sim::Stage::metadata, context_.loop.now());
  const auto result = co_await mdc_.reint(std::move(request));
  outcome.timeline.adopt(result.timeline, sim::Stage::gather, context_.loop.now());
  outcome.timeline.finish(context_.loop.now());
  outcome.status = result.status;
  if (op == Reint::rename || op == Reint::unlink) {
    directories_.clear();  // any remembered path may lead elsewhere now
  }
  if (outcome.ok() && op == Reint::unlink && result.body->attr.nlink == 0) {
    if (const auto known = inodes_.find(result.body->attr.fid); known != inodes_.end()) {
      forget_data(*known->second);
    }
  }
  co_return outcome;
}

sim::Task<Outcome> Mount::mkdir(std::string path) {
  return reint(Reint::mkdir, std::move(path), {}, 0755);
}
sim::Task<Outcome> Mount::unlink(std::string path) {
  return reint(Reint::unlink, std::move(path), {}, 0);
}
sim::Task<Outcome> Mount::rename(std::string from, std::string to) {
  return reint(Reint::rename, std::move(from), std::move(to), 0);
}
sim::Task<Outcome> Mount::set_mode(std::string path, std::uint32_t mode) {
  return reint(Reint::setattr, std::move(path), {}, mode);
}

sim::Task<Listed> Mount::readdir(std::string path) {
  Listed listed;
  Outcome& outcome = listed.outcome;
  outcome.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
  if (path.size() > 1 && path.back() != '/') {
    path += '/';
  }
  const Place place = co_await resolve(std::move(path), outcome.timeline);
  outcome.status = place.status;
  std::uint64_t cookie = 0;
  do {
    if (!outcome.ok()) {
      break;
    }
    MdsReadpageRequest request;
    request.directory = place.parent;
    request.cookie = cookie;
    outcome.timeline.enter(sim::Stage::metadata, context_.loop.now());
    const auto result = co_await mdc_.readpage(std::move(request));
    outcome.timeline.adopt(result.timeline, sim::Stage::gather, context_.loop.now());
    outcome.status = result.status;
    if (outcome.ok()) {
      cookie = result.body->next_cookie;
      std::ranges::move(result.body->entries, std::back_inserter(listed.entries));
    }
  } while (cookie != 0);
  outcome.timeline.finish(context_.loop.now());
  co_return listed;
}

}  // namespace stripe
