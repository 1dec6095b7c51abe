#include <algorithm>
#include <iterator>

#include "stripe/client/mount.h"

namespace stripe {
// Asks the MDT for the directory `prefix` leads to, whose name begins at `name_at`.
sim::Task<sim::Errc> Mount::look_up(Place& place, std::string prefix, std::size_t name_at,
                                    sim::Timeline& timeline) {
  MdsIntentRequest request;
  request.intent = Intent::lookup;
  request.parent = place.parent;
  request.name = prefix.substr(name_at);
  timeline.enter(sim::Stage::metadata, context_.loop.now());
  const auto result = co_await mdc_.intent(std::move(request));
  timeline.adopt(result.timeline, sim::Stage::metadata, context_.loop.now());
  if (!result.ok()) {
    co_return result.status;
  }
  if (result.body->attr.type != FileType::directory) {
    co_return sim::Errc::not_directory;
  }
  place.parent = result.body->attr.fid;
  if (mdc_.locks() == nullptr) {
    directories_.insert_or_assign(prefix, Directory{place.parent, context_.loop.now()});
  }
  co_return sim::Errc::ok;
}

// Whether the directory `prefix` leads to is known: by a lock, or else from a short while ago.
bool Mount::known_directory(Place& place, const std::string& prefix, std::size_t name_at) {
  if (MdtLocks* locks = mdc_.locks()) {
    const auto* child = locks->child(place.parent, std::string_view(prefix).substr(name_at));
    if (child == nullptr || child->type != FileType::directory) {
      return false;
    }
    place.parent = child->fid;
    return true;
  }
  const auto known = directories_.find(prefix);
  if (known == directories_.end() ||
      context_.loop.now() - known->second.since >= context_.design.directory_expire) {
    return false;
  }
  place.parent = known->second.fid;
  place.remembered = true;
  return true;
}

// What a getattr would answer, if locks of this client cover it all.
bool Mount::known_attributes(const Place& place, MdsIntentReply& answer) {
  MdtLocks* locks = mdc_.locks();
  if (locks == nullptr) {
    return false;
  }
  Fid fid = place.parent;
  if (!place.name.empty()) {
    const auto* child = locks->child(place.parent, place.name);
    if (child == nullptr) {
      return false;
    }
    fid = child->fid;
  }
  const FileAttr* attr = locks->attributes(fid);
  const auto* layout = locks->layout(fid);
  if (attr == nullptr || (attr->type == FileType::file && layout == nullptr)) {
    return false;
  }
  answer.attr = *attr;
  if (layout != nullptr) {
    answer.layout = *layout;
  }
  return true;
}

// The directory a path's last name stands in. Directories met before are remembered for a while.
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
    std::string prefix = path.substr(0, slash);
    if (!known_directory(place, prefix, at)) {
      const sim::Errc found = co_await look_up(place, std::move(prefix), at, timeline);
      if (found != sim::Errc::ok) {
        place.status = found;
        co_return place;
      }
    }
    at = slash + 1;
  }
  place.name = path.substr(at);
  co_return place;
}

bool Mount::misled(const Place& place, sim::Errc status) {
  if (!place.remembered || (status != sim::Errc::not_found && status != sim::Errc::not_directory)) {
    return false;
  }
  directories_.clear();
  return true;
}

sim::Task<Outcome> Mount::reint(Reint op, std::string path, std::string to, std::uint32_t mode) {
  Outcome outcome;
  outcome.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
  MdsReintRequest request;
  request.op = op;
  request.mode = mode;
  request.set_mode = op == Reint::setattr;
  Place place;
  do {
    place = co_await resolve(path, outcome.timeline);
    outcome.status = place.status;
    request.parent = place.parent;
    request.name = place.name;
    if (outcome.ok() && op == Reint::rename) {
      const Place target = co_await resolve(to, outcome.timeline);
      outcome.status = target.status;
      place.remembered |= target.remembered;
      request.new_parent = target.parent;
      request.new_name = target.name;
    }
    if (outcome.ok()) {
      outcome.timeline.enter(sim::Stage::metadata, context_.loop.now());
      const auto result = co_await mdc_.reint(request);
      outcome.timeline.adopt(result.timeline, sim::Stage::gather, context_.loop.now());
      outcome.status = result.status;
      if (outcome.ok() && op == Reint::unlink && result.body->attr.nlink == 0) {
        removed(result.body->attr.fid);
      }
    }
  } while (misled(place, outcome.status));
  outcome.timeline.finish(context_.loop.now());
  if (op == Reint::rename || op == Reint::unlink) {
    directories_.clear();  // any remembered path may lead elsewhere now
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

sim::Task<sim::Errc> Mount::read_entries(const Fid& directory, std::vector<DirEntry>& entries,
                                         sim::Timeline& timeline) {
  MdsReadpageRequest request;
  request.directory = directory;
  do {
    timeline.enter(sim::Stage::metadata, context_.loop.now());
    auto result = co_await mdc_.readpage(request);
    timeline.adopt(result.timeline, sim::Stage::gather, context_.loop.now());
    if (!result.ok()) {
      co_return result.status;
    }
    request.cookie = result.body->next_cookie;
    std::ranges::move(result.body->entries, std::back_inserter(entries));
  } while (request.cookie != 0);
  co_return sim::Errc::ok;
}

// What is read under one lock from beginning to end need not be read again as long as that is here.
sim::Task<sim::Errc> Mount::entries_under_lock(const Fid& directory, std::vector<DirEntry>& entries,
                                               sim::Timeline& timeline) {
  MdtLocks& locks = *mdc_.locks();
  if (const Entries known = locks.entries(directory)) {
    timeline.enter(sim::Stage::client_cpu, context_.loop.now());
    co_await context_.host.perform(sim::Work::cached_call, 0);
    entries = *known;
    co_return sim::Errc::ok;
  }
  LockHandle lock = locks.covering(directory, cachemodel::kBitUpdate);
  if (lock == cachemodel::kNoLock) {
    MdsIntentRequest request;
    request.intent = Intent::lock;
    request.parent = directory;
    request.bits = cachemodel::kBitUpdate;
    timeline.enter(sim::Stage::metadata, context_.loop.now());
    const auto result = co_await mdc_.intent(std::move(request));
    timeline.adopt(result.timeline, sim::Stage::gather, context_.loop.now());
    if (!result.ok()) {
      co_return result.status;
    }
    lock = locks.covering(directory, cachemodel::kBitUpdate);
  }
  const sim::Errc read = co_await read_entries(directory, entries, timeline);
  if (read == sim::Errc::ok) {
    locks.keep_entries(directory, std::make_shared<const std::vector<DirEntry>>(entries), lock);
  }
  co_return read;
}

sim::Task<Listed> Mount::readdir(std::string path) {
  Listed listed;
  Outcome& outcome = listed.outcome;
  outcome.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
  if (path.size() > 1 && path.back() != '/') {
    path += '/';
  }
  Place place;
  do {
    place = co_await resolve(path, outcome.timeline);
    outcome.status = place.status;
    listed.entries.clear();
    if (outcome.ok() && mdc_.locks() != nullptr) {
      outcome.status = co_await entries_under_lock(place.parent, listed.entries, outcome.timeline);
    } else if (outcome.ok()) {
      outcome.status = co_await read_entries(place.parent, listed.entries, outcome.timeline);
    }
  } while (misled(place, outcome.status));
  outcome.timeline.finish(context_.loop.now());
  co_return listed;
}

}  // namespace stripe
