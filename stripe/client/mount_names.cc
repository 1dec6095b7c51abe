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
  directories_.insert_or_assign(prefix, Directory{place.parent, context_.loop.now()});
  co_return sim::Errc::ok;
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
    const auto known = directories_.find(prefix);
    const sim::TimePoint now = context_.loop.now();
    if (known != directories_.end() &&
        now - known->second.since < context_.design.directory_expire) {
      place.parent = known->second.fid;
      place.remembered = true;
    } else {
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

sim::Task<Listed> Mount::readdir(std::string path) {
  Listed listed;
  Outcome& outcome = listed.outcome;
  outcome.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
  if (path.size() > 1 && path.back() != '/') {
    path += '/';
  }
  Place place = co_await resolve(path, outcome.timeline);
  outcome.status = place.status;
  std::uint64_t cookie = 0;
  for (bool more = true; more && outcome.ok();) {
    MdsReadpageRequest request;
    request.directory = place.parent;
    request.cookie = cookie;
    outcome.timeline.enter(sim::Stage::metadata, context_.loop.now());
    auto result = co_await mdc_.readpage(std::move(request));
    outcome.timeline.adopt(result.timeline, sim::Stage::gather, context_.loop.now());
    outcome.status = result.status;
    if (cookie == 0 && misled(place, result.status)) {
      place = co_await resolve(path, outcome.timeline);
      outcome.status = place.status;
    } else if (outcome.ok()) {
      cookie = result.body->next_cookie;
      more = cookie != 0;
      std::ranges::move(result.body->entries, std::back_inserter(listed.entries));
    }
  }
  outcome.timeline.finish(context_.loop.now());
  co_return listed;
}

}  // namespace stripe
