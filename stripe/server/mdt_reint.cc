#include <algorithm>

#include "stripe/server/mdt.h"

namespace stripe {

sim::Task<transport::Reply> Mdt::close(transport::Request& request) {
  const auto& body = request.body<MdsCloseRequest>();
  ++counts_.closes;
  request.charge(co_await host_.perform_for(options_.close));
  const auto found = handles_.find(body.handle);
  if (found == handles_.end() || found->second.client != request.message->from) {
    co_return refuse(sim::Errc::bad_handle);
  }
  const Fid fid = found->second.fid;
  end_locks(request, body.cancels);
  Held held;
  const FileAttr told = after_close(fid, body);
  if (told != *meta_.attr(fid)) {
    LockPlan plan;
    plan.add_object(fid, cachemodel::kBitUpdate);
    held = co_await hold(std::move(plan));
    if (handles_.erase(body.handle) == 0) {
      co_return refuse(sim::Errc::bad_handle);  // its client has gone meanwhile
    }
  } else {
    handles_.erase(found);
  }
  begin_change(request);
  const FileAttr attr = after_close(fid, body);
  static_cast<void>(meta_.set_attr(attr));
  auto reply = std::make_unique<MdsCloseReply>();
  reply->attr = attr;
  closed(fid);
  if (open_counts_.contains(fid)) {
    reply->attr.nlink = std::max(attr.nlink, 1u);
  }
  co_return transport::Reply{sim::Errc::ok, std::move(reply), true, {}, true};
}

// A handle of the file has gone.
void Mdt::closed(Fid fid) {
  if (--open_counts_[fid] > 0) {
    return;
  }
  open_counts_.erase(fid);
  if (const auto attr = meta_.attr(fid); attr.ok() && attr->nlink == 0) {
    drop_inode(fid);
  }
}

// What an open file's attributes are with what its closer tells.
FileAttr Mdt::after_close(Fid fid, const MdsCloseRequest& body) const {
  auto attr = meta_.attr(fid);
  sim::check(attr.ok(), "an open file has no inode");
  if (body.size_known && attr->type == FileType::file) {
    // A lazy size: another may have told of more, and only a truncate makes a file shorter.
    attr->size = std::max(attr->size, body.size);
    attr->mtime_ns = std::max(attr->mtime_ns, body.mtime_ns);
  }
  return *attr;
}

// As a close of all that it had open.
void Mdt::client_gone(transport::Address client) {
  locks_.client_gone(client);
  std::vector<Fid> gone;
  std::erase_if(handles_, [&](const auto& entry) {
    const bool theirs = entry.second.client == client;
    if (theirs) {
      gone.push_back(entry.second.fid);
    }
    return theirs;
  });
  for (const Fid& fid : gone) {
    closed(fid);
  }
}

sim::Task<transport::Reply> Mdt::reint(transport::Request& request) {
  const auto& body = request.body<MdsReintRequest>();
  ++counts_.changes;
  request.charge(co_await host_.perform_for(options_.modify));
  end_locks(request, body.cancels);
  const Held held = co_await lock_change(body);
  if (request.orphaned) {
    co_return refuse(sim::Errc::evicted);
  }
  auto reply = std::make_unique<MdsReintReply>();
  if (body.op == Reint::unlink) {
    if (const auto going = meta_.lookup(body.parent, body.name); going.ok()) {
      describe(*going, *reply);  // afterwards there may be nothing left to describe
      reply->attr.nlink = 0;
      reply->attr.ctime_ns = now_ns();
    }
  }
  begin_change(request);
  const sim::Result<Fid> fid = change(body, now_ns());
  if (!fid.ok()) {
    co_return refuse(fid.code());
  }
  if (meta_.attr(*fid).ok()) {
    describe(*fid, *reply);
    reply->attr.nlink = std::max(reply->attr.nlink, 1u);
  }
  co_return transport::Reply{sim::Errc::ok, std::move(reply), true, {}, true};
}

// Fills in the object's attributes and layout, if it is there.
void Mdt::describe(Fid fid, MdsReintReply& reply) const {
  if (const auto attr = meta_.attr(fid); attr.ok()) {
    reply.attr = *attr;
    reply.layout = layout_bytes(fid);
  }
}

// Carries it out and tells which object it was about.
sim::Result<Fid> Mdt::change(const MdsReintRequest& body, std::int64_t now_ns) {
  const auto wrong = [](sim::Errc code) { return sim::Error{code, "a malformed change"}; };
  if (!body.parent.valid()) {
    return wrong(sim::Errc::invalid_argument);
  }
  if ((body.op != Reint::setattr && !valid_name(body.name)) || body.mode > kAllModeBits) {
    return wrong(sim::Errc::invalid_argument);
  }
  switch (body.op) {
    case Reint::mkdir:
      return meta_.create(body.parent, body.name, FileType::directory, body.mode, now_ns);
    case Reint::unlink: {
      auto gone = meta_.unlink(body.parent, body.name, now_ns);
      if (!gone.ok()) {
        return gone.error();
      }
      removed(*gone);
      return gone->fid;
    }
    case Reint::rename: {
      if (!body.new_parent.valid() || !valid_name(body.new_name)) {
        return wrong(sim::Errc::invalid_argument);
      }
      auto gone = meta_.rename(body.parent, body.name, body.new_parent, body.new_name, now_ns);
      if (!gone.ok()) {
        return gone.error();
      }
      removed(*gone);
      return meta_.lookup(body.new_parent, body.new_name);
    }
    case Reint::setattr:
      break;
  }
  // By name, or the object itself.
  MdsReintRequest by_fid = body;
  if (!body.name.empty()) {
    if (!valid_name(body.name)) {
      return wrong(sim::Errc::invalid_argument);
    }
    const auto found = meta_.lookup(body.parent, body.name);
    if (!found.ok()) {
      return found.error();
    }
    by_fid.parent = *found;
  }
  const sim::Status set = set_attributes(by_fid, now_ns);
  return set.ok() ? sim::Result<Fid>(by_fid.parent) : sim::Result<Fid>(set.error());
}

sim::Status Mdt::set_attributes(const MdsReintRequest& body, std::int64_t now_ns) {
  auto attr = meta_.attr(body.parent);
  if (!attr.ok()) {
    return attr.error();
  }
  if (body.set_size && attr->type == FileType::directory) {
    return sim::Error{sim::Errc::is_directory, "a directory has no size to set"};
  }
  attr->size = body.set_size ? body.size : attr->size;
  attr->mode = body.set_mode ? body.mode : attr->mode;
  attr->mtime_ns = body.set_mtime ? body.mtime_ns : (body.set_size ? now_ns : attr->mtime_ns);
  attr->ctime_ns = now_ns;
  return meta_.set_attr(*attr);
}

void Mdt::removed(const Removed& gone) {
  if (gone.fid.valid() && gone.last && !open_counts_.contains(gone.fid)) {
    drop_inode(gone.fid);
  }
}

// The last name and the last handle are gone. The objects stay until that is stable: a restart
// could bring the file back.
void Mdt::drop_inode(Fid fid) {
  const Layout* layout = meta_.layout(fid);
  DoomedLayout doomed{0, fid, layout == nullptr ? Layout() : *layout};
  destroy_data(doomed.layout);
  meta_.forget(fid);
  doomed.change = meta_.changes();
  doomed_.push_back(std::move(doomed));
  if (journal_) {
    journal_->changed();
  } else {
    names_stable(meta_.changes());
  }
}

sim::Task<transport::Reply> Mdt::readpage(transport::Request& request) {
  const auto& body = request.body<MdsReadpageRequest>();
  request.charge(co_await host_.perform_for(options_.lookup));
  if (body.max_bytes == 0 || body.max_bytes > sim::kMiB) {
    co_return refuse(sim::Errc::invalid_argument);
  }
  auto listing = meta_.list(body.directory, body.cookie, body.max_bytes);
  if (!listing.ok()) {
    co_return refuse(listing.code());
  }
  auto reply = std::make_unique<MdsReadpageReply>();
  reply->entries = std::move(listing->entries);
  reply->next_cookie = listing->next_cookie;
  co_return transport::Reply{sim::Errc::ok, std::move(reply), false, {}};
}

}  // namespace stripe
