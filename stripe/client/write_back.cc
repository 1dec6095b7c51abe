#include "stripe/client/write_back.h"

#include <algorithm>

namespace stripe {

// Room taken for dirty data that is not there yet: given back if it does not come to that.
class WriteBack::Room {
 public:
  Room(sim::Semaphore& room, sim::Bytes bytes) : room_(room), bytes_(bytes) {}
  ~Room() {
    if (bytes_ > 0) {
      room_.release(bytes_);
    }
  }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  void use() { bytes_ = 0; }

 private:
  sim::Semaphore& room_;
  sim::Bytes bytes_;
};

WriteBack::WriteBack(ClientContext& context, Lov& lov, cachemodel::PageCache& cache)
    : context_(context), lov_(lov), cache_(cache), tasks_(context.loop) {}

sim::Task<Outcome> WriteBack::absorb(Inode& inode, sim::Extent range, transport::Stamp stamp,
                                     Allowed allowed) {
  Outcome outcome;
  sim::Timeline& timeline = outcome.timeline;
  timeline = sim::Timeline(context_.loop.now(), sim::Stage::dispatch);
  PlanLease plan(context_);
  const sim::Extent extents[] = {range};
  SplitOptions options = lov_.split_options(IoKind::write, inode.layout);
  options.coalesce = Coalesce::adjacent;
  options.align_rpcs = true;
  const sim::Status status = split(inode.layout, extents, options, *plan);
  if (!status.ok() || !plan->missing.empty()) {
    outcome.status = status.ok() ? sim::Errc::too_large : status.code();
    co_return outcome;
  }
  sim::Work work = sim::Work::cached_call;  // of the first part; the others only copy
  for (const SubRequest& request : plan->requests) {
    timeline.enter(sim::Stage::slot, context_.loop.now());
    sim::Semaphore& free = lov_.target(request.target).dirty_room();
    if (!free.try_acquire(request.payload)) {
      co_await wait_for_room(request.target, request.payload);
    }
    Room room(free, request.payload);
    Promise promised;
    if (lov_.target(request.target).grant().used()) {
      promised = co_await promise(*plan, request);
      if (!promised.given()) {
        outcome.status = sim::Errc::evicted;
        if (!allowed || allowed()) {
          outcome.status = co_await write_now(inode, *plan, request, stamp, timeline);
        }
        if (outcome.ok()) {
          continue;
        }
        outcome.bytes = plan->pieces_of(request).front().file_offset - range.begin;
        timeline.finish(context_.loop.now());
        co_return outcome;
      }
    }
    timeline.enter(sim::Stage::client_cpu, context_.loop.now());
    co_await context_.host.perform(work, request.payload);
    work = sim::Work::copy;
    if (allowed && !allowed()) {
      outcome.status = sim::Errc::evicted;
      timeline.finish(context_.loop.now());
      co_return outcome;
    }
    room.use();
    promised.use(put(inode, *plan, request, stamp));
  }
  outcome.bytes = range.size();
  timeline.finish(context_.loop.now());
  co_return outcome;
}

sim::Task<void> WriteBack::wait_for_room(std::uint32_t target, sim::Bytes bytes) {
  relieve(target, true);
  co_await lov_.target(target).dirty_room().acquire(bytes);
}

// Partial chunks of a target go out while somebody wants room there and RPCs are to be had.
void WriteBack::relieve(std::uint32_t target, bool room_wanted) {
  Target& state = targets_[target];
  Osc& osc = lov_.target(target);
  while ((room_wanted || osc.dirty_room().has_waiters() || osc.grant().waiting > 0) &&
         !state.waiting.empty() && state.under_way < context_.design.rpcs_in_flight) {
    dispatch(state.waiting.front());
  }
}

DirtyChunk& WriteBack::chunk_for(Inode& inode, const SplitPlan& plan, const SubRequest& request) {
  const sim::Bytes number = plan.ranges_of(request).front().offset / context_.design.max_rpc_size;
  const DirtyChunk::Key key{request.component, request.stripe, number};
  std::unique_ptr<DirtyChunk>& chunk = inode.dirty[key];
  if (!chunk) {
    chunk = std::make_unique<DirtyChunk>();
    chunk->inode = &inode;
    chunk->target = request.target;
    chunk->key = key;
    chunk->object = request.object;
    chunk->since = context_.loop.now();
    targets_[request.target].waiting.push_back(*chunk);
  }
  return *chunk;
}

// From here on the data is this client's version of the file, and may be sent.
sim::Bytes WriteBack::put(Inode& inode, const SplitPlan& plan, const SubRequest& request,
                          transport::Stamp stamp) {
  DirtyChunk& chunk = chunk_for(inode, plan, request);
  const sim::Bytes granted = chunk.granted;
  for (const Piece& piece : plan.pieces_of(request)) {
    const sim::Extent range{piece.file_offset, piece.file_offset + piece.length};
    const sim::Bytes replaced =
        chunk.put(piece.object_offset, {piece.file_offset, piece.length, stamp},
                  static_cast<bool>(context_.on_loss));
    dirty_ += piece.length - replaced;
    if (replaced > 0) {
      lov_.target(request.target).dirty_room().release(replaced);
    }
    cache_.insert_dirty(inode.content_id(), range, stamp.value);
    inode.outdate(range);
    grow(inode, range.end);
  }
  if (lov_.target(request.target).grant().used()) {
    chunk.granted = chunk.pages();
  }
  const sim::Bytes more = chunk.granted - granted;
  if (chunk.bytes == context_.design.max_rpc_size) {
    dispatch(chunk);
  }
  relieve(request.target, false);
  if (!aging_ && chunk.linked()) {
    aging_ = true;
    tasks_.spawn(age(), "write-back timer", sim::TaskKind::daemon);
  }
  return more;
}

void WriteBack::grow(Inode& inode, sim::Bytes end) const {
  inode.heard = std::max(inode.heard, end);
  if (end <= inode.known_size) {
    return;
  }
  if (inode.known_size != inode.grown_to) {
    inode.written_size = inode.known_size;  // somebody else's word
  }
  inode.known_size = inode.grown_to = end;
}

void WriteBack::dispatch(DirtyChunk& chunk) {
  chunk.unlink();
  Inode& inode = *chunk.inode;
  if (inode.writing.contains(chunk.key)) {
    chunk.urgent = true;
    return;
  }
  const auto waiting = inode.dirty.find(chunk.key);
  chunk.evictions = evictions_of(chunk.target);
  inode.writing.emplace(chunk.key, std::move(waiting->second));
  inode.dirty.erase(waiting);
  ++targets_[chunk.target].under_way;
  tasks_.spawn(write_chunk(chunk), "write-back", sim::TaskKind::daemon);
}

// What was written over before it was sent goes the way of what took its place.
std::shared_ptr<const transport::Payload> WriteBack::superseded_by(const DirtyChunk& chunk) {
  if (chunk.replaced.empty()) {
    return nullptr;
  }
  const auto all = std::make_shared<transport::Payload>();
  for (const DirtyPiece& piece : chunk.replaced) {
    const std::uint64_t file = chunk.inode->content_id();
    all->append(transport::Payload({file, piece.file_offset, piece.length, piece.stamp}));
  }
  return all;
}

sim::Task<void> WriteBack::write_chunk(DirtyChunk& chunk) {
  Inode& inode = *chunk.inode;
  transport::Permit turn;
  if (context_.design.dispatch == Dispatch::serial) {
    co_await inode.write_turn.acquire();
    turn = transport::Permit(inode.write_turn, 1);
  }
  std::shared_ptr<void> announced;
  if (announce_) {
    announced = co_await announce_(inode, chunk.target);
  }
  WriteRpcs rpcs(context_.design, inode.content_id());
  for (const auto& [offset, piece] : chunk.pieces) {
    rpcs.add(offset, piece.file_offset, piece.length, piece.stamp);
  }
  WriteTerms terms;
  terms.granted = chunk.granted;
  terms.evictions = chunk.evictions;
  terms.superseded = superseded_by(chunk);
  const Transfer transfer = co_await lov_.write_object(inode, lov_.target(chunk.target),
                                                       chunk.object, rpcs.take(), terms);
  finish_chunk(chunk, transfer);
}

void WriteBack::finish_chunk(DirtyChunk& chunk, const Transfer& transfer) {
  Inode& inode = *chunk.inode;
  const auto place = inode.writing.find(chunk.key);
  const std::unique_ptr<DirtyChunk> done = std::move(place->second);
  inode.writing.erase(place);
  --targets_[chunk.target].under_way;
  transfer.timeline.add_to(context_.stats.background);
  for (const auto& [offset, piece] : chunk.pieces) {
    const sim::Extent range{piece.file_offset, piece.file_offset + piece.length};
    cache_.mark_clean(inode.content_id(), range, piece.stamp.value);
  }
  if (transfer.status == sim::Errc::ok) {
    inode.written_size = std::max(inode.written_size, chunk.file.end);
  } else {
    note_failure(chunk, transfer.status);
  }
  dirty_ -= chunk.bytes;
  lov_.target(chunk.target).dirty_room().release(chunk.bytes);
  if (const auto next = inode.dirty.find(chunk.key);
      next != inode.dirty.end() && next->second->urgent) {
    dispatch(*next->second);
  }
  chunk.settle(transfer.timeline);
  relieve(chunk.target, false);
}

// What could not be written is not what the file holds: it is read anew. The error is told at the
// next fsync or close, unless nobody can ask for the data any more.
void WriteBack::note_failure(const DirtyChunk& chunk, sim::Errc status) {
  Inode& inode = *chunk.inode;
  if (inode.unlinked) {
    return;
  }
  ++context_.stats.failed_write_backs;
  (status == sim::Errc::unknown_outcome ? context_.stats.bytes_unknown
                                        : context_.stats.bytes_lost) += chunk.bytes;
  for (const DirtyPiece& piece : chunk.replaced) {
    context_.tell_loss(inode.content_id(), {piece.file_offset, piece.file_offset + piece.length},
                       piece.stamp);
  }
  sim::Bytes lowest = sim::kEof;
  for (const auto& [offset, piece] : chunk.pieces) {
    const sim::Extent range{piece.file_offset, piece.file_offset + piece.length};
    context_.tell_loss(inode.content_id(), range, piece.stamp);
    cache_.peek(inode.content_id(), range, pieces_);
    for (const cachemodel::CachePiece& part : pieces_) {
      if (part.stamp == piece.stamp.value) {  // not what was written over it since
        cache_.drop(inode.content_id(), part.range);
      }
    }
    lowest = std::min(lowest, piece.file_offset);
  }
  inode.failed(status, lowest);
  if (inode.known_size == inode.grown_to) {
    sim::Bytes end = inode.written_size;
    for (const auto* chunks : {&inode.dirty, &inode.writing}) {
      for (const auto& [key, other] : *chunks) {
        end = std::max(end, other->file.end);
      }
    }
    inode.known_size = inode.grown_to = std::min(end, inode.known_size);
    inode.heard = std::min(inode.heard, inode.known_size);
  }
}

bool WriteBack::anything_waits() const {
  return std::ranges::any_of(targets_,
                             [](const auto& entry) { return !entry.second.waiting.empty(); });
}

// While anything waits, looks at it now and then and writes what has waited for too long.
sim::Task<void> WriteBack::age() {
  while (anything_waits()) {
    co_await sim::sleep_for(context_.loop, context_.design.write_back_period);
    for (auto& [index, target] : targets_) {
      while (!target.waiting.empty() &&
             context_.loop.now() - target.waiting.front().since >= context_.design.dirty_expire) {
        dispatch(target.waiting.front());
      }
    }
  }
  aging_ = false;
}

}  // namespace stripe
