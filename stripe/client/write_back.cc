#include "stripe/client/write_back.h"

#include <algorithm>

namespace stripe {
namespace {

// Puts `piece` over what the chunk holds; returns how many bytes of old data it replaced.
sim::Bytes overlay(std::vector<DirtyPiece>& pieces, const DirtyPiece& piece) {
  sim::Bytes replaced = 0;
  const sim::Extent now{piece.object_offset, piece.object_offset + piece.length};
  std::vector<DirtyPiece> result;
  result.reserve(pieces.size() + 2);
  bool placed = false;
  for (const DirtyPiece& old : pieces) {
    const sim::Extent was{old.object_offset, old.object_offset + old.length};
    replaced += was.intersect(now).size();
    if (!placed && was.begin >= now.begin) {
      result.push_back(piece);
      placed = true;
    }
    if (!was.overlaps(now)) {
      result.push_back(old);
      continue;
    }
    if (was.begin < now.begin) {
      result.push_back({was.begin, old.file_offset, now.begin - was.begin, old.stamp});
      if (!placed) {
        result.push_back(piece);
        placed = true;
      }
    }
    if (was.end > now.end) {
      result.push_back(
          {now.end, old.file_offset + (now.end - was.begin), was.end - now.end, old.stamp});
    }
  }
  if (!placed) {
    result.push_back(piece);
  }
  pieces = std::move(result);
  return replaced;
}

}  // namespace

WriteBack::WriteBack(ClientContext& context, Lov& lov, cachemodel::PageCache& cache)
    : context_(context), lov_(lov), cache_(cache), tasks_(context.loop) {}

sim::Task<Outcome> WriteBack::absorb(Inode& inode, sim::Extent range, transport::Stamp stamp) {
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
  for (const SubRequest& request : plan->requests) {
    timeline.enter(sim::Stage::slot, context_.loop.now());
    co_await make_room(lov_.target(request.target), request.payload);
    put(inode, *plan, request, stamp);
  }
  timeline.enter(sim::Stage::client_cpu, context_.loop.now());
  co_await context_.host.perform(sim::Work::copy, range.size());
  cache_.insert_dirty(inode.content_id(), range, stamp.value);
  inode.known_size = std::max(inode.known_size, range.end);
  outcome.bytes = range.size();
  timeline.finish(context_.loop.now());
  co_return outcome;
}

sim::Task<void> WriteBack::make_room(Osc& osc, sim::Bytes bytes) {
  sim::Semaphore& room = osc.dirty_room();
  if (!room.try_acquire(bytes)) {
    // Full chunks are under way already: only writing the partial ones of this target can help.
    std::vector<std::pair<Inode*, DirtyChunk::Key>> partial;
    chunks_.for_each([&](const DirtyChunk& chunk) {
      if (chunk.osc == &osc) {
        partial.emplace_back(chunk.inode, chunk.key);
      }
    });
    for (const auto& [inode, key] : partial) {
      dispatch(*inode, key);
    }
    co_await room.acquire(bytes);
  }
}

void WriteBack::put(Inode& inode, const SplitPlan& plan, const SubRequest& request,
                    transport::Stamp stamp) {
  const sim::Bytes rpc = context_.design.max_rpc_size;
  const sim::Bytes number = plan.ranges_of(request).front().offset / rpc;
  const DirtyChunk::Key key{request.component, request.stripe, number};
  std::unique_ptr<DirtyChunk>& chunk = inode.dirty[key];
  if (!chunk) {
    chunk = std::make_unique<DirtyChunk>();
    chunk->inode = &inode;
    chunk->osc = &lov_.target(request.target);
    chunk->key = key;
    chunk->object = request.object;
    chunk->since = context_.loop.now();
    chunks_.push_back(*chunk);
  }
  for (const Piece& piece : plan.pieces_of(request)) {
    const sim::Bytes replaced =
        overlay(chunk->pieces, {piece.object_offset, piece.file_offset, piece.length, stamp});
    chunk->bytes += piece.length - replaced;
    dirty_ += piece.length - replaced;
    if (replaced > 0) {
      chunk->osc->dirty_room().release(replaced);
    }
  }
  if (chunk->bytes == rpc) {
    dispatch(inode, key);
  } else if (!aging_) {
    aging_ = true;
    tasks_.spawn(age(), "write-back timer", sim::TaskKind::daemon);
  }
}

void WriteBack::dispatch(Inode& inode, const DirtyChunk::Key& key) {
  const auto found = inode.dirty.find(key);
  if (found == inode.dirty.end()) {
    return;
  }
  if (const auto busy = inode.writing.find(key); busy != inode.writing.end()) {
    busy->second = true;
    return;
  }
  inode.writing.emplace(key, false);
  std::unique_ptr<DirtyChunk> chunk = std::move(found->second);
  inode.dirty.erase(found);
  chunk->unlink();
  tasks_.spawn(write_chunk(std::move(chunk)), "write-back", sim::TaskKind::daemon);
}

void WriteBack::dispatch_all(Inode& inode) {
  std::vector<DirtyChunk::Key> keys;
  for (const auto& [key, chunk] : inode.dirty) {
    keys.push_back(key);
  }
  for (const DirtyChunk::Key& key : keys) {
    dispatch(inode, key);
  }
}

sim::Task<void> WriteBack::write_chunk(std::unique_ptr<DirtyChunk> chunk) {
  WriteRpcs rpcs(context_.design, chunk->inode->content_id());
  for (const DirtyPiece& piece : chunk->pieces) {
    rpcs.add(piece.object_offset, piece.file_offset, piece.length, piece.stamp);
  }
  const Transfer transfer = co_await lov_.write_object(*chunk->osc, chunk->object, rpcs.take());
  finish_chunk(*chunk, transfer);
}

void WriteBack::finish_chunk(DirtyChunk& chunk, const Transfer& transfer) {
  Inode& inode = *chunk.inode;
  transfer.timeline.add_to(context_.stats.background);
  inode.last_write = transfer.timeline;
  for (const DirtyPiece& piece : chunk.pieces) {
    const sim::Extent range{piece.file_offset, piece.file_offset + piece.length};
    cache_.mark_clean(inode.content_id(), range, piece.stamp.value);
    if (transfer.status != sim::Errc::ok) {
      // What could not be written is not what the file holds: read it anew. The error is told at
      // the next fsync or close.
      cache_.drop(inode.content_id(), range);
    }
  }
  if (transfer.status != sim::Errc::ok) {
    ++context_.stats.failed_write_backs;
    if (inode.write_error == sim::Errc::ok) {
      inode.write_error = transfer.status;
    }
  }
  dirty_ -= chunk.bytes;
  chunk.osc->dirty_room().release(chunk.bytes);
  const auto busy = inode.writing.find(chunk.key);
  const bool again = busy->second;
  inode.writing.erase(busy);
  if (again) {
    dispatch(inode, chunk.key);
  }
  inode.written.set();
}

sim::Task<void> WriteBack::flush(Inode& inode, sim::Timeline* timeline) {
  dispatch_all(inode);
  while (!inode.writing.empty()) {
    inode.written.reset();
    co_await inode.written.wait();
    if (timeline != nullptr) {
      timeline->adopt(inode.last_write, sim::Stage::slot, context_.loop.now());
    }
  }
}

void WriteBack::discard(Inode& inode, sim::Bytes size) {
  for (auto it = inode.dirty.begin(); it != inode.dirty.end();) {
    DirtyChunk& chunk = *it->second;
    sim::Bytes cut = 0;
    for (DirtyPiece& piece : chunk.pieces) {
      const sim::Bytes kept =
          piece.file_offset >= size ? 0 : std::min(piece.length, size - piece.file_offset);
      cut += piece.length - kept;
      piece.length = kept;
    }
    std::erase_if(chunk.pieces, [](const DirtyPiece& piece) { return piece.length == 0; });
    chunk.bytes -= cut;
    dirty_ -= cut;
    if (cut > 0) {
      chunk.osc->dirty_room().release(cut);
    }
    it = chunk.pieces.empty() ? inode.dirty.erase(it) : std::next(it);
  }
}

// While anything waits, looks at it now and then and writes what has waited for too long.
sim::Task<void> WriteBack::age() {
  while (!chunks_.empty()) {
    co_await sim::sleep_for(context_.loop, context_.design.write_back_period);
    while (!chunks_.empty() &&
           context_.loop.now() - chunks_.front().since >= context_.design.dirty_expire) {
      DirtyChunk& oldest = chunks_.front();
      oldest.unlink();  // dispatch may leave it waiting for its predecessor; it is not looked at
                        // again
      dispatch(*oldest.inode, oldest.key);
    }
  }
  aging_ = false;
}

}  // namespace stripe
