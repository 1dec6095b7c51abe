#include "stripe/server/mdt.h"

namespace stripe {
namespace {

// What makes an intent contradict itself, whatever the files are.
sim::Errc check_intent(const MdsIntentRequest& body) {
  if (!body.name.empty() && !valid_name(body.name)) {
    return sim::Errc::invalid_argument;
  }
  if (!body.parent.valid()) {
    return sim::Errc::invalid_argument;
  }
  const bool opens = body.intent == Intent::open;
  if (!opens && (body.create || body.exclusive || !body.layout.empty())) {
    return sim::Errc::invalid_argument;
  }
  if (body.exclusive && !body.create) {
    return sim::Errc::invalid_argument;
  }
  if ((body.create || body.intent == Intent::lookup) && body.name.empty()) {
    return sim::Errc::invalid_argument;
  }
  if (body.write && !opens && body.intent != Intent::layout) {
    return sim::Errc::invalid_argument;
  }
  if (body.intent == Intent::layout &&
      (!body.name.empty() || (body.write && body.extent.empty()))) {
    return sim::Errc::invalid_argument;
  }
  if (body.mode > kAllModeBits) {
    return sim::Errc::invalid_argument;
  }
  return sim::Errc::ok;
}

// Which bits alone a client may ask for: OPEN comes with an open, DOM with the data it covers.
constexpr InodeBits kBitsToAskFor =
    cachemodel::kBitLookup | cachemodel::kBitUpdate | cachemodel::kBitPerm | cachemodel::kBitLayout;

sim::Errc check_lock(const MdsIntentRequest& body) {
  const bool only_lock = body.intent == Intent::lock;
  const bool known = (body.bits & ~kBitsToAskFor) == 0;
  if (!known || only_lock != (body.bits != 0) || (only_lock && !body.lock) ||
      (only_lock && !body.name.empty())) {
    return sim::Errc::invalid_argument;
  }
  return sim::Errc::ok;
}

}  // namespace

sim::Task<transport::Reply> Mdt::intent(transport::Request& request) {
  const auto& body = request.body<MdsIntentRequest>();
  end_locks(request, body.cancels);
  sim::Errc wrong = check_intent(body);
  wrong = wrong == sim::Errc::ok ? check_lock(body) : wrong;
  if (wrong != sim::Errc::ok) {
    request.charge(co_await host_.perform_for(options_.lookup));
    co_return refuse(wrong);
  }
  switch (body.intent) {
    case Intent::open:
      co_return co_await open(request);
    case Intent::layout:
      co_return co_await layout_intent(request);
    case Intent::lock:
      co_return co_await only_lock(request);
    case Intent::getattr:
    case Intent::lookup:
      break;
  }
  co_return co_await getattr(request);
}

sim::Task<transport::Reply> Mdt::open(transport::Request& request) {
  const auto& body = request.body<MdsIntentRequest>();
  ++counts_.opens;
  const sim::Result<Fid> found =
      body.name.empty() ? sim::Result<Fid>(body.parent) : meta_.lookup(body.parent, body.name);
  if (found.ok()) {
    return open_existing(request, *found);
  }
  return create(request);
}

sim::Task<transport::Reply> Mdt::open_existing(transport::Request& request, Fid fid) {
  request.charge(co_await host_.perform_for(options_.lookup));
  co_return co_await open_found(request, fid);
}

sim::Task<transport::Reply> Mdt::open_found(const transport::Request& request, Fid fid) {
  const auto& body = static_cast<const MdsIntentRequest&>(*request.message->body);
  if (body.exclusive) {
    co_return refuse(sim::Errc::exists);
  }
  const auto attr = meta_.attr(fid);
  if (!attr.ok()) {
    co_return refuse(attr.code());
  }
  if (attr->type == FileType::directory && (body.write || body.create)) {
    co_return refuse(sim::Errc::is_directory);
  }
  if (attr->type == FileType::file &&
      (attr->mode & (body.write ? kAnyoneWrites : kAnyoneReads)) == 0) {
    co_return refuse(sim::Errc::access_denied);
  }
  co_return co_await opened(request, fid, false);
}

sim::Task<transport::Reply> Mdt::create(transport::Request& request) {
  const auto& body = request.body<MdsIntentRequest>();
  request.charge(co_await host_.perform_for(body.create ? options_.modify : options_.lookup));
  const auto parent = meta_.attr(body.parent);
  if (!parent.ok() || parent->type != FileType::directory) {
    co_return refuse(parent.ok() ? sim::Errc::not_directory : sim::Errc::not_found);
  }
  if (!body.create) {
    co_return refuse(sim::Errc::not_found);
  }
  // Whoever comes second to a name must not move the choice of OSTs on.
  if (const auto theirs = meta_.lookup(body.parent, body.name); theirs.ok()) {
    co_return co_await open_found(request, *theirs);
  }
  NewLayout made = co_await new_layout(body.layout, request.times);
  if (made.status != sim::Errc::ok) {
    co_return refuse(made.status);
  }
  LockPlan plan;
  plan.add_parent(body.parent);
  Held held = co_await hold(std::move(plan));
  if (request.orphaned) {
    give_back_all(made.layout);
    co_return refuse(sim::Errc::evicted);
  }
  begin_change(request);
  const auto fid = meta_.create(body.parent, body.name, FileType::file, body.mode, now_ns());
  if (!fid.ok()) {
    // Somebody made it while the objects were gathered: open theirs, and give ours back.
    give_back_all(made.layout);
    const auto theirs = meta_.lookup(body.parent, body.name);
    if (fid.code() == sim::Errc::exists && theirs.ok()) {
      held.clear();
      co_return co_await open_found(request, *theirs);
    }
    co_return refuse(fid.code());
  }
  const sim::Status alive = give_life(*fid, std::move(made));
  if (!alive.ok()) {
    static_cast<void>(meta_.unlink(body.parent, body.name, now_ns()));
    drop_inode(*fid);
    co_return refuse(alive.code());
  }
  ++counts_.creates;
  held.clear();
  co_return co_await opened(request, *fid, true);
}

// Makes the layout that of the new file.
sim::Status Mdt::give_life(Fid fid, NewLayout made) {
  bool finished = true;
  bool here = false;
  for (Component& component : made.layout.components) {
    component.owner = {fid.seq, fid.oid};
    finished = finished && component.instantiated();
    here = here || component.on_mdt();
  }
  if (!finished) {
    unfinished_[fid] = made.wanted;
  }
  const sim::Status kept = meta_.set_layout(fid, std::move(made.layout));
  return kept.ok() && here ? data_->create({fid.seq, fid.oid}) : kept;
}

sim::Task<transport::Reply> Mdt::opened(const transport::Request& request, Fid fid, bool created) {
  const auto& body = static_cast<const MdsIntentRequest&>(*request.message->body);
  auto reply = std::make_unique<MdsIntentReply>();
  const sim::Errc locked = co_await give_lock(request, fid, *reply);
  if (locked != sim::Errc::ok) {
    co_return refuse(locked);
  }
  const auto attr = meta_.attr(fid);
  const auto named =
      body.name.empty() ? sim::Result<Fid>(fid) : meta_.lookup(body.parent, body.name);
  if (!named.ok() || *named != fid) {
    take_lock_back(request, *reply);
  }
  if (!attr.ok()) {
    co_return refuse(attr.code());  // unlinked meanwhile
  }
  if (request.orphaned) {
    co_return refuse(sim::Errc::evicted);  // nobody would close it
  }
  reply->attr = *attr;
  reply->created = created;
  reply->handle = next_handle_++;
  reply->layout = layout_bytes(fid);
  handles_.emplace(reply->handle, Open{fid, request.message->from});
  ++open_counts_[fid];
  co_return transport::Reply{sim::Errc::ok, std::move(reply), true, {}, true};
}

sim::Task<transport::Reply> Mdt::getattr(transport::Request& request) {
  const auto& body = request.body<MdsIntentRequest>();
  ++counts_.getattrs;
  request.charge(co_await host_.perform_for(options_.lookup));
  auto reply = std::make_unique<MdsIntentReply>();
  const auto look = [&] {
    return body.name.empty() ? sim::Result<Fid>(body.parent) : meta_.lookup(body.parent, body.name);
  };
  sim::Result<Fid> fid = look();
  for (;;) {
    if (!fid.ok()) {
      co_return refuse(fid.code());
    }
    const sim::Errc locked = co_await give_lock(request, *fid, *reply);
    if (locked != sim::Errc::ok) {
      co_return refuse(locked);
    }
    const sim::Result<Fid> now = look();
    if (now.ok() && *now == *fid) {
      break;
    }
    take_lock_back(request, *reply);  // the name was another's by the time the lock was there
    fid = now;
  }
  const auto attr = meta_.attr(*fid);
  if (!attr.ok()) {
    take_lock_back(request, *reply);
    co_return refuse(attr.code());
  }
  reply->attr = *attr;
  if (body.intent == Intent::getattr) {
    reply->layout = layout_bytes(*fid);
  }
  co_return transport::Reply{sim::Errc::ok, std::move(reply), body.lock, {}};
}

sim::Task<transport::Reply> Mdt::only_lock(transport::Request& request) {
  const auto& body = request.body<MdsIntentRequest>();
  request.charge(co_await host_.perform_for(options_.lookup));
  auto reply = std::make_unique<MdsIntentReply>();
  const sim::Errc locked = co_await give_lock(request, body.parent, *reply);
  if (locked != sim::Errc::ok) {
    co_return refuse(locked);
  }
  const auto attr = meta_.attr(body.parent);
  if (!attr.ok()) {
    take_lock_back(request, *reply);
    co_return refuse(attr.code());
  }
  reply->attr = *attr;
  co_return transport::Reply{sim::Errc::ok, std::move(reply), true, {}};
}

sim::Task<transport::Reply> Mdt::layout_intent(transport::Request& request) {
  const auto& body = request.body<MdsIntentRequest>();
  request.charge(co_await host_.perform_for(body.write ? options_.modify : options_.lookup));
  if (meta_.layout(body.parent) == nullptr) {
    co_return refuse(sim::Errc::not_found);
  }
  const bool changes = body.write && layout_must_change(body.parent, body.extent);
  if (changes) {
    LockPlan plan;
    plan.add_object(body.parent, cachemodel::kBitLayout);
    const Held held = co_await hold(std::move(plan));
    if (meta_.layout(body.parent) == nullptr) {
      co_return refuse(sim::Errc::not_found);
    }
    // No step of the journal, which would keep what others change from being stable for as long as
    // this waits for objects: half of it does no harm, and to do it again adds nothing.
    const sim::Status mirrored = begin_mirror_write(body.parent);
    sim::Errc filled = mirrored.code();
    if (mirrored.ok()) {
      filled = co_await instantiate_range(body.parent, body.extent, request.times);
    }
    if (filled != sim::Errc::ok) {
      co_return refuse(filled);
    }
  }
  auto reply = std::make_unique<MdsIntentReply>();
  const sim::Errc locked = co_await give_lock(request, body.parent, *reply);
  const auto attr = meta_.attr(body.parent);
  if (locked != sim::Errc::ok || !attr.ok()) {
    take_lock_back(request, *reply);
    co_return refuse(locked != sim::Errc::ok ? locked : attr.code());
  }
  reply->attr = *attr;
  reply->layout = layout_bytes(body.parent);
  co_return transport::Reply{sim::Errc::ok, std::move(reply), body.write || body.lock, {}, changes};
}

}  // namespace stripe
