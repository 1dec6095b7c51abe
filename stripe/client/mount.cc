#include "stripe/client/mount.h"

#include <algorithm>
#include <optional>

namespace stripe {
namespace {
// Inodes of a mount, beyond which those nobody uses are forgotten with what is cached of them.
constexpr std::size_t kInodesKept = 65536;
}  // namespace

Mount::Mount(sim::Loop& loop, sim::Host& host, transport::Network& network,
             transport::Address address, std::uint32_t client, const ClientDesign& design,
             const ClusterMap& map)
    : endpoint_(loop, network, address),
      context_{loop, host, design, endpoint_, {}, {}},
      client_(client),
      mdc_(context_, map.mdt),
      lov_(context_, mdc_, map),
      cache_(design.page_cache ? design.cache_size : 0),
      write_back_(context_, lov_, cache_),
      pages_(context_, lov_, cache_),
      tasks_(loop) {}

Mount::~Mount() = default;

Inode& Mount::inode_of(const Fid& fid) {
  std::unique_ptr<Inode>& inode = inodes_[fid];
  if (!inode) {
    inode = std::make_unique<Inode>(context_.loop, fid);
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

sim::Task<void> Mount::give_back(OpenHandle handle) {
  MdsCloseRequest request;
  request.handle = handle;
  static_cast<void>(co_await mdc_.close(std::move(request)));
}

sim::Task<void> Mount::carry_out(std::shared_ptr<Opening> opening, MdsIntentRequest request) {
  opening->result = co_await mdc_.intent(std::move(request));
  opening->done.set();
  if (opening->abandoned && opening->result.ok()) {
    co_await give_back(opening->result.body->handle);
  }
}

// The open goes on when its caller has gone: the MDT's handle must not stay behind.
sim::Task<MdsResult<MdsIntentReply>> Mount::open_at_mdt(MdsIntentRequest request) {
  struct Caller {
    ~Caller() {
      if (opening->taken) {
        return;
      }
      if (opening->done.is_set() && opening->result.ok()) {
        mount.tasks_.spawn(mount.give_back(opening->result.body->handle), "a file nobody wants");
      }
      opening->abandoned = true;
    }
    Mount& mount;
    std::shared_ptr<Opening> opening;
  };
  const Caller caller{*this, std::make_shared<Opening>(context_.loop)};
  tasks_.spawn(carry_out(caller.opening, std::move(request)), "an open");
  co_await caller.opening->done.wait();
  caller.opening->taken = true;
  co_return std::move(caller.opening->result);
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
      if (request.intent == Intent::open) {
        result = co_await open_at_mdt(request);
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

sim::Task<Opened> Mount::open(std::string path, OpenFlags flags, std::string layout) {
  Opened opened;
  Outcome& outcome = opened.outcome;
  outcome.timeline = sim::Timeline(context_.loop.now(), sim::Stage::metadata);
  MdsIntentRequest request;
  request.intent = Intent::open;
  request.create = flags.create;
  request.exclusive = flags.exclusive;
  request.write = flags.write;
  request.layout = std::move(layout);
  const auto result = co_await intent(std::move(path), std::move(request), outcome.timeline);
  outcome.status = result.status;
  if (!outcome.ok()) {
    co_return opened;
  }
  const MdsIntentReply& body = *result.body;
  if (body.attr.type == FileType::directory) {
    outcome.status = sim::Errc::is_directory;
  } else {
    Inode& inode = inode_of(body.attr.fid);
    outcome.status = inode.take_layout(body.layout);
    if (outcome.ok()) {
      take_attributes(inode, body.attr);
      opened.file = std::make_unique<File>(*this, inode, body.handle, flags);
    } else {
      released(inode);
    }
  }
  if (!outcome.ok()) {
    co_await give_back(body.handle);
  }
  outcome.timeline.finish(context_.loop.now());
  co_return opened;
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
  found.attr.size = inode.has_dirty() ? std::max(sizes.bytes, inode.known_size) : sizes.bytes;
  found.attr.mtime_ns = std::max(found.attr.mtime_ns, inode.mtime_ns);
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
