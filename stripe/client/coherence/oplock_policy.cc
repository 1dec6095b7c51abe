#include "stripe/client/coherence/oplock_policy.h"

#include <algorithm>
#include <utility>

namespace stripe {

using cachemodel::LeaseLevel;

namespace {

transport::ImportOptions import_options(const ClientDesign& design) {
  transport::ImportOptions options;
  options.timeout = design.rpc_timeout;
  options.idle_timeout = sim::Duration();
  options.ping_interval = design.ping_interval;
  return options;
}

}  // namespace

// An access that rests on what the file's oplock allows.
struct OplockPolicy::Use {
  explicit Use(std::shared_ptr<Open> file) : open(std::move(file)) { ++open->users; }
  ~Use() {
    if (--open->users == 0) {
      open->unused.set();
    }
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  std::shared_ptr<Open> open;
};

// A last close that writes back.
struct OplockPolicy::Closing {
  explicit Closing(Open& file) : open(file) { ++open.closing; }
  ~Closing() { --open.closing; }
  Closing(const Closing&) = delete;
  Closing& operator=(const Closing&) = delete;
  Open& open;
};

// An open that the server was asked for, until its answer has been taken or nobody waits for it.
struct OplockPolicy::Opening {
  explicit Opening(std::shared_ptr<Open> file) : open(std::move(file)) {
    if (open->opening.empty()) {
      open->cap = LeaseLevel::read_write;
    }
    number = ++open->asked;
    open->opening.insert(number);
  }
  ~Opening() {
    open->opening.erase(number);
    open->opened.set();
  }
  Opening(const Opening&) = delete;
  Opening& operator=(const Opening&) = delete;
  std::shared_ptr<Open> open;
  std::uint64_t number = 0;
};

// A write past the cache that the server has been told of.
struct OplockPolicy::Write {
  Write(OplockPolicy& owner, Fid written) : policy(owner), file(written) {}
  ~Write() {
    policy.tasks_.spawn(policy.end_write(file), "the end of a write", sim::TaskKind::daemon);
  }
  Write(const Write&) = delete;
  Write& operator=(const Write&) = delete;
  OplockPolicy& policy;
  Fid file;
};

OplockPolicy::OplockPolicy(ClientContext& context, transport::Address share, CachedPart part)
    : context_(context),
      import_(context.endpoint, share, "share", import_options(context.design)),
      part_(std::move(part)),
      tasks_(context.loop) {}

template <typename Request>
sim::Task<transport::RpcReply> OplockPolicy::call(Request request) {
  transport::CallOptions options;
  options.opcode = Request::kOpcode;
  options.idempotent = false;
  co_await context_.host.perform(sim::Work::request, 0);
  co_return co_await import_.call(std::move(request), std::move(options));
}

LeaseLevel OplockPolicy::level(const Fid& file) const {
  const auto found = files_.find(file);
  return found == files_.end() ? LeaseLevel::none : found->second->level;
}

bool OplockPolicy::admit_at_once(Inode& inode, sim::Extent, IoKind kind, bool direct,
                                 Access& access) {
  const auto found = files_.find(inode.fid);
  const LeaseLevel level = this->level(inode.fid);
  const LeaseLevel needed = kind == IoKind::read ? LeaseLevel::read : LeaseLevel::read_write;
  access.use_cache = access.write_behind = !direct && level >= needed;
  if (level >= needed) {
    access.kept = std::make_shared<Use>(found->second);
    return true;
  }
  return kind == IoKind::read;  // past the cache; nobody has to know
}

// A write that others' caches have to make way for, and this client's own: it goes to the servers.
sim::Task<sim::Errc> OplockPolicy::admit(Inode& inode, sim::Extent, IoKind, bool, Access& access,
                                         sim::Timeline& timeline) {
  timeline.enter(sim::Stage::lock, context_.loop.now());
  ShareWriteRequest request;
  request.file = inode.fid;
  if (const auto found = files_.find(inode.fid); found != files_.end()) {
    const std::shared_ptr<Open> open = found->second;
    open->level = open->cap = LeaseLevel::none;
    co_await settle(*open);  // the server will take it that this client has nothing any more
  }
  const transport::RpcReply reply = co_await call(request);
  if (reply.status != sim::Errc::ok) {
    co_return reply.status;
  }
  access.kept = std::make_shared<Write>(*this, inode.fid);
  part_.drop(inode);
  co_return sim::Errc::ok;
}

sim::Task<void> OplockPolicy::end_write(Fid file) {
  ShareWriteRequest request;
  request.file = file;
  request.begins = false;
  static_cast<void>(co_await call(request));
}

sim::Task<sim::Errc> OplockPolicy::opened(Inode& inode, OpenFlags, sim::Timeline& timeline) {
  timeline.enter(sim::Stage::lock, context_.loop.now());
  std::shared_ptr<Open>& open = files_[inode.fid];
  if (!open) {
    open = std::make_shared<Open>(context_.loop);
    open->inode = &inode;
    part_.drop(inode);  // of a time when it was not open, hence not told of
  }
  ++open->opens;
  const std::shared_ptr<Open> file = open;
  const Opening under_way(file);
  ShareOpenRequest request;
  request.file = inode.fid;
  const transport::RpcReply reply = co_await call(request);
  if (reply.status == sim::Errc::ok) {
    if (file->level == LeaseLevel::none) {
      part_.drop(inode);  // nobody vouched for them
    }
    file->level = std::min(static_cast<const ShareOpenReply&>(*reply.body).level, file->cap);
  }
  timeline.enter(sim::Stage::metadata, context_.loop.now());
  co_return reply.status;
}

sim::Task<sim::Errc> OplockPolicy::closing(Inode& inode, OpenFlags, sim::Timeline& timeline) {
  const auto found = files_.find(inode.fid);
  if (found == files_.end()) {
    co_return sim::Errc::ok;
  }
  timeline.enter(sim::Stage::slot, context_.loop.now());
  const std::shared_ptr<Open> open = found->second;
  const bool last = --open->opens == 0;
  if (last) {
    open->level = LeaseLevel::none;
    {
      const Closing writing_back(*open);
      co_await part_.flush(inode, &timeline);
    }
    // Opened again meanwhile, and perhaps closed again by somebody who was done first, or who still
    // writes back: whoever else wants the file waits for that.
    const auto now = files_.find(inode.fid);
    if (open->opens == 0 && open->closing == 0 && now != files_.end() && now->second == open) {
      part_.drop(inode);
      files_.erase(now);
    }
  }
  timeline.enter(sim::Stage::lock, context_.loop.now());
  // A server that took the close up first would take it for the last, and end the client's right.
  const std::uint64_t before = open->asked;
  while (!open->opening.empty() && *open->opening.begin() <= before) {
    open->opened.reset();
    co_await open->opened.wait();
  }
  ShareCloseRequest request;
  request.file = inode.fid;
  co_return (co_await call(request)).status;
}

bool OplockPolicy::callback(const transport::Message& request) {
  if (request.header.opcode != kShareBreak || request.from != import_.target()) {
    return false;
  }
  const auto& body = static_cast<const ShareBreakRequest&>(*request.body);
  tasks_.spawn(give_up(request.from, request.header, body.file, body.to), "an oplock given up",
               sim::TaskKind::daemon);
  return true;
}

sim::Task<void> OplockPolicy::settle(Open& open) {
  while (open.users > 0) {
    open.unused.reset();
    co_await open.unused.wait();
  }
  co_await part_.flush(*open.inode);
}

// New accesses go by the new level at once; those under way are waited for, then what they left.
sim::Task<void> OplockPolicy::give_up(transport::Address server, transport::Header header, Fid file,
                                      LeaseLevel to) {
  if (const auto found = files_.find(file); found != files_.end()) {
    const std::shared_ptr<Open> open = found->second;
    open->level = std::min(open->level, to);
    open->cap = std::min(open->cap, to);
    co_await settle(*open);
    if (to == LeaseLevel::none) {
      part_.drop(*open->inode);
    }
  }
  transport::Message broken;
  broken.from = server;
  broken.header = header;
  context_.endpoint.answer(broken, sim::Errc::ok, std::make_unique<ShareBreakReply>());
}

}  // namespace stripe
