// An MDT that loses what was not stable, and takes it back from its clients.
#include <algorithm>

#include "stripe/layout/instantiate.h"
#include "stripe/server/mdt.h"

namespace stripe {

void Mdt::keep_journal(const JournalOptions& options, MdtRecord before) {
  journal_.emplace(loop_, server_, meta_, data_, options.commit_interval,
                   [this](std::uint64_t changes) { names_stable(changes); });
  next_handle_ = before.last_handle + 1;
  locks_.skip_handles(before.last_lock);
  unfinished_ = std::move(before.unfinished);
  for (std::size_t i = 0; i < before.stocks.size(); ++i) {
    stocks_[i]->resume(std::move(before.stocks[i]));
  }
  know_owners();
  server_.number_changes(before.last_change, before.committed, [this] { journal_->changed(); });
  server_.keep_replies(std::move(before.replies));
}

// Who stops does not say goodbye to the OSTs. What was doomed and is not stable comes back.
MdtRecord Mdt::leave() {
  MdtRecord record;
  record.last_change = server_.last_change();
  record.committed = server_.last_committed();
  record.last_handle = next_handle_ - 1;
  record.last_lock = locks_.locks().last_handle();
  record.replies = server_.take_stable_replies();
  record.unfinished = std::move(unfinished_);
  for (const auto& stock : stocks_) {
    record.stocks.push_back(stock->record());
    endpoint_.disconnected(stock->ost().node);
  }
  return record;
}

void Mdt::names_stable(std::uint64_t changes) {
  while (!doomed_.empty() && doomed_.front().change <= changes) {
    destroy_objects(doomed_.front().layout);
    unfinished_.erase(doomed_.front().fid);
    doomed_.pop_front();
  }
}

// None of what the request changes is stable before it has been answered.
void Mdt::begin_change(transport::Request& request) {
  if (journal_) {
    request.held = std::make_shared<MdtJournal::Step>(*journal_);
  }
}

bool Mdt::is_lasting(const transport::Message& replay) const {
  return replay.header.opcode == kLdlmEnqueue && replay.body != nullptr &&
         static_cast<const MdsIntentRequest&>(*replay.body).intent == Intent::open;
}

// Locks and handles went with the memory: a lock that its client never heard of is not given again,
// a file that it never heard was open is opened again, and one that it did not hear was closed, and
// has opened again, is closed again (Lustre: mdt_reconstruct_open).
void Mdt::reconstruct(const transport::Message& request, transport::Body& answer) {
  if (request.header.opcode == kLdlmEnqueue) {
    auto& reply = static_cast<MdsIntentReply&>(answer);
    reply.lock = cachemodel::kNoLock;
    reply.lock_bits = 0;
    if (reply.handle != 0) {
      MdsOutcome then;
      then.fid = reply.attr.fid;
      then.handle = reply.handle;
      static_cast<void>(open_again(request.from, then));
    }
  } else if (request.header.opcode == kMdsClose) {
    const auto open = handles_.find(static_cast<const MdsCloseRequest&>(*request.body).handle);
    if (open != handles_.end() && open->second.client == request.from) {
      const Fid fid = open->second.fid;
      handles_.erase(open);
      closed(fid);
    }
  }
}

// Files without names that nobody has opened again go, and what was made for files that did not
// come back (Lustre: the orphans of PENDING, and of OST_CREATE).
void Mdt::recovered() {
  const MetaStore::Leavings left = meta_.settle();
  for (const StripeObject& object : left.objects) {
    if (!owners_.has_owner(object)) {  // of a file that is here, or is doomed
      stocks_[object.ost_index]->destroy(object.id);
    }
  }
  owners_.clear();
  for (const Fid& fid : left.inodes) {
    if (!open_counts_.contains(fid)) {
      drop_inode(fid);
    }
  }
}

// One after the other, in the order of their numbers, while nobody has any lock here.
sim::Task<transport::Reply> Mdt::replay(transport::Request& request) {
  if (!server_.recovering()) {
    co_return refuse(sim::Errc::invalid_argument);
  }
  switch (request.header().opcode) {
    case kLdlmEnqueue:
      co_return co_await replay_intent(request);
    case kMdsReint:
      co_return co_await replay_reint(request);
    case kMdsClose:
      co_return co_await close(request);
    case kLdlmExtent:
      co_return co_await restore_lock(request);
    default:
      break;
  }
  if (!io_handler_ || !IoHandler::knows(request.header().opcode)) {
    co_return refuse(sim::Errc::invalid_argument);
  }
  co_return co_await io_handler_->handle(request);
}

// A replay that has come twice opens only: what was created then may be gone by now.
sim::Task<transport::Reply> Mdt::replay_intent(transport::Request& request) {
  const auto& body = request.body<MdsIntentRequest>();
  request.charge(co_await host_.perform_for(options_.modify));
  const bool again =
      request.header().transno <= std::max(server_.last_carried_out(), server_.last_committed());
  if (!body.replay) {
    co_return refuse(sim::Errc::invalid_argument);
  }
  begin_change(request);
  sim::Errc status = sim::Errc::ok;
  if (body.intent == Intent::layout) {
    status = layout_again(*body.replay);
  } else if (body.replay->created && !again) {
    status = create_again(body);
  }
  if (status == sim::Errc::ok && body.replay->handle != 0) {
    status = open_again(request.message->from, *body.replay);
  }
  if (status != sim::Errc::ok) {
    co_return refuse(status);
  }
  co_return transport::Reply{sim::Errc::ok, std::make_unique<MdsIntentReply>(), false, {}, true};
}

sim::Errc Mdt::create_again(const MdsIntentRequest& body) {
  const MdsOutcome& then = *body.replay;
  if (!valid_name(body.name) || body.mode > kAllModeBits) {
    return sim::Errc::invalid_argument;
  }
  const auto wanted = parse_layout(body.layout);
  if (!wanted.ok()) {
    return wanted.code();
  }
  StripeDefaults defaults;
  defaults.ost_count = chooser_.ost_count();
  const auto before = make_layout(**wanted, defaults);
  auto layout = before.ok() ? layout_of(then, *before) : before;
  if (!layout.ok()) {
    return layout.code();
  }
  const sim::Status made =
      meta_.create_again(then.fid, body.parent, body.name, FileType::file, body.mode, then.time_ns);
  if (!made.ok()) {
    return made.code();
  }
  owners_.add(then.fid, *layout);
  return give_life(then.fid, {sim::Errc::ok, std::move(*layout), *wanted}).code();
}

sim::Errc Mdt::open_again(transport::Address client, const MdsOutcome& then) {
  if (!meta_.attr(then.fid).ok()) {
    return sim::Errc::not_found;
  }
  if (then.handle == 0 || then.handle >= next_handle_) {
    return sim::Errc::invalid_argument;  // this MDT has never given it
  }
  const auto [open, opened] = handles_.try_emplace(then.handle, Open{then.fid, client});
  if (opened) {
    ++open_counts_[then.fid];
  }
  return open->second.client == client && open->second.fid == then.fid ? sim::Errc::ok
                                                                       : sim::Errc::exists;
}

sim::Task<transport::Reply> Mdt::replay_reint(transport::Request& request) {
  const auto& body = request.body<MdsReintRequest>();
  ++counts_.changes;
  request.charge(co_await host_.perform_for(options_.modify));
  if (!body.replay) {
    co_return refuse(sim::Errc::invalid_argument);
  }
  begin_change(request);
  const sim::Result<Fid> fid = change_again(body);
  if (!fid.ok()) {
    co_return refuse(fid.code());
  }
  co_return transport::Reply{sim::Errc::ok, std::make_unique<MdsReintReply>(), false, {}, true};
}

// To the same inode, at the same time. A name that leads to another now is not what it was about.
sim::Result<Fid> Mdt::change_again(const MdsReintRequest& body) {
  const MdsOutcome& then = *body.replay;
  if (body.op == Reint::mkdir) {
    if (!valid_name(body.name) || body.mode > kAllModeBits) {
      return sim::Error{sim::Errc::invalid_argument, "a malformed change"};
    }
    const sim::Status made = meta_.create_again(then.fid, body.parent, body.name,
                                                FileType::directory, body.mode, then.time_ns);
    return made.ok() ? sim::Result<Fid>(then.fid) : sim::Result<Fid>(made.error());
  }
  const auto named =
      body.name.empty() ? sim::Result<Fid>(body.parent) : meta_.lookup(body.parent, body.name);
  if (!named.ok() || *named != then.fid) {
    return sim::Error{sim::Errc::not_found, "the name leads to another file"};
  }
  return change(body, then.time_ns);
}

// What rests on a lock must be as it was: of an inode that has lost a change for good, and of one
// whose change was not answered yet, none comes back.
sim::Task<transport::Reply> Mdt::restore_lock(transport::Request& request) {
  const auto& body = request.body<LdlmExtentRequest>();
  request.charge(co_await host_.perform_for(options_.lookup));
  const Fid fid = fid_of_data(body.object);
  const InodeBits bits = body.bits;
  if (bits == 0 || (bits & ~cachemodel::kAllInodeBits) != 0 ||
      body.restores == cachemodel::kNoLock) {
    co_return refuse(sim::Errc::invalid_argument);
  }
  const bool is_back = bits == cachemodel::kBitDom || meta_.is_back(fid);
  if (request.orphaned || !is_back || !meta_.attr(fid).ok()) {
    co_return refuse(sim::Errc::not_found);
  }
  cachemodel::LockRequest wanted;
  wanted.resource = resource_of(fid);
  wanted.client = LockService::id_of(request.message->from);
  wanted.mode = body.mode;
  wanted.bits = bits;
  if (!locks_.restore(body.restores, wanted)) {
    locks_.cancel(request.message->from, body.restores);
    co_return refuse(sim::Errc::not_found);
  }
  auto reply = std::make_unique<LdlmExtentReply>();
  reply->handle = body.restores;
  reply->granted = true;
  reply->slv = locks_.slv();
  co_return transport::Reply{sim::Errc::ok, std::move(reply), false, {}};
}

}  // namespace stripe
