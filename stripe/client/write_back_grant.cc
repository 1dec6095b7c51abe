// Writes that find no grant: they wait for one as long as something may bring it, and then go to
// their OST at once.
#include <algorithm>

#include "sim/combine.h"
#include "stripe/client/write_back.h"

namespace stripe {
namespace {

// Lustre: osc_enter_cache waits for half of ldlm_enqueue_min, 100 s.
constexpr sim::Duration kPatience = sim::seconds(50);

sim::Bytes pages_of(const SplitPlan& plan, const SubRequest& request) {
  sim::Bytes sum = 0;
  for (const Piece& piece : plan.pieces_of(request)) {
    sum += ClientGrant::pages({piece.object_offset, piece.object_offset + piece.length});
  }
  return sum;
}

sim::Task<bool> wait_for(sim::Event& event) {
  co_await event.wait();
  co_return true;
}

// Somebody waits for a grant: partial chunks are written meanwhile.
struct Waiting {
  explicit Waiting(ClientGrant& account) : grant(account) { ++grant.waiting; }
  ~Waiting() { --grant.waiting; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ClientGrant& grant;
};

}  // namespace

WriteBack::Promise::~Promise() {
  if (grant_ != nullptr) {
    grant_->free(bytes_);
  }
}

sim::Task<WriteBack::Promise> WriteBack::promise(const SplitPlan& plan, const SubRequest& request) {
  Osc& osc = lov_.target(request.target);
  ClientGrant& grant = osc.grant();
  const sim::Bytes needed = pages_of(plan, request);
  if (!osc.import().connected()) {
    static_cast<void>(co_await osc.import().connect());  // which brings the first grant
  }
  const sim::TimePoint deadline = context_.loop.now() + kPatience;
  bool reserved = grant.try_reserve(needed);
  const Waiting waiting(grant);
  while (!reserved && grant.may_grow() && context_.loop.now() < deadline) {
    grant.changed().reset();
    relieve(request.target, true);
    static_cast<void>(co_await sim::with_timeout(context_.loop, wait_for(grant.changed()),
                                                 deadline - context_.loop.now()));
    reserved = grant.try_reserve(needed);
  }
  co_return Promise(grant, reserved ? needed : 0, reserved);
}

// Past the cache, but what was written stays in it.
sim::Task<sim::Errc> WriteBack::write_now(Inode& inode, const SplitPlan& plan,
                                          const SubRequest& request, transport::Stamp stamp,
                                          sim::Timeline& timeline) {
  WriteTerms terms;
  terms.evictions = evictions_of(request.target);
  std::shared_ptr<void> announced;
  if (announce_) {
    announced = co_await announce_(inode, request.target);
  }
  WriteRpcs rpcs(context_.design, inode.content_id());
  for (const Piece& piece : plan.pieces_of(request)) {
    co_await flush(inode, {piece.file_offset, piece.file_offset + piece.length});  // is older
    rpcs.add(piece.object_offset, piece.file_offset, piece.length, stamp);
  }
  const Transfer transfer = co_await lov_.write_object(inode, lov_.target(request.target),
                                                       request.object, rpcs.take(), terms);
  for (const Piece& piece : plan.pieces_of(request)) {
    const sim::Extent range{piece.file_offset, piece.file_offset + piece.length};
    cache_.drop_clean(inode.content_id(), range);
    inode.outdate(range);
    if (transfer.status == sim::Errc::ok) {
      cache_.insert_clean(inode.content_id(), range, stamp.value);
      grow(inode, range.end);
      inode.written_size = std::max(inode.written_size, range.end);
    }
  }
  timeline.adopt(transfer.timeline, sim::Stage::slot, context_.loop.now());
  co_return transfer.status;
}

}  // namespace stripe
