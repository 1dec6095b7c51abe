#include <algorithm>

#include "stripe/client/lov.h"
#include "stripe/layout/layout_size.h"

namespace stripe {
namespace {

struct UnderWay {
  explicit UnderWay(Inode& file) : inode(file) {
    if (inode.glimpses++ == 0) {
      inode.heard = 0;
    }
  }
  ~UnderWay() { --inode.glimpses; }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  Inode& inode;
};

}  // namespace

// What came of asking every object of a file.
struct Lov::Objects {
  Outcome outcome;  // status and timeline
  std::vector<ObjectSize> sizes;
  sim::Bytes allocated = 0;
  std::int64_t mtime_ns = 0;
};

// Of mirrors, sizes come from the one that is read; what is written or made stable is the other's.
sim::Task<Lov::Objects> Lov::for_all_objects(Inode& inode, ObjectOp op, sim::Bytes size) {
  Objects all;
  Outcome& outcome = all.outcome;
  outcome.timeline = sim::Timeline(context_.loop.now(), sim::Stage::dispatch);
  const std::uint32_t preference =
      op == ObjectOp::glimpse ? kComponentPreferRead : kComponentPreferWrite;
  object_sizes(inode.layout, pick_mirror(inode.layout, preference), size, all.sizes);
  TransferTasks tasks;
  for (const ObjectSize& entry : all.sizes) {
    const Component& component = inode.layout.components[entry.component];
    const bool on_mdt = component.on_mdt();
    Osc& osc = target(on_mdt ? kMdtTarget : component.objects[entry.stripe].ost_index);
    const ObjectId object = on_mdt ? component.owner : component.objects[entry.stripe].id;
    switch (op) {
      case ObjectOp::glimpse:
        tasks.push_back(osc.getattr(object));
        break;
      case ObjectOp::punch:
        tasks.push_back(osc.punch(object, entry.size, inode.mtime_ns));
        break;
      case ObjectOp::sync:
        tasks.push_back(osc.sync(object));
        break;
    }
  }
  const Transfers parts = co_await run(tasks);
  account(parts, outcome.timeline);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].status != sim::Errc::ok && outcome.ok()) {
      outcome.status = parts[i].status;
    }
    all.sizes[i].size = parts[i].info.size;
    all.allocated += parts[i].info.allocated;
    all.mtime_ns = std::max(all.mtime_ns, parts[i].info.mtime_ns);
  }
  outcome.timeline.finish(context_.loop.now());
  co_return all;
}

bool Lov::has_untold(const Inode& inode) const {
  return inode.has_dirty() && context_.design.coherence != Coherence::ldlm;
}

sim::Task<Outcome> Lov::glimpse(Inode& inode, sim::Bytes* allocated) {
  const std::uint32_t cut = inode.cuts;
  const UnderWay glimpsing(inode);
  Objects all = co_await for_all_objects(inode, ObjectOp::glimpse, 0);
  Outcome& outcome = all.outcome;
  if (!outcome.ok()) {
    co_return std::move(outcome);
  }
  const auto size = file_size(inode.layout, all.sizes);
  outcome.bytes = size.ok() ? *size : 0;
  if (allocated != nullptr) {
    *allocated = all.allocated;
  }
  inode.mtime_ns = std::max(inode.mtime_ns, all.mtime_ns);
  if (has_untold(inode)) {
    inode.reaches(outcome.bytes, cut);
  } else if (inode.cuts == cut) {
    // Some objects may have answered before what was heard of since happened.
    inode.known_size = std::max(outcome.bytes, inode.heard);
  }
  co_return std::move(outcome);
}

sim::Task<Outcome> Lov::punch(Inode& inode, sim::Bytes size) {
  Objects all = co_await for_all_objects(inode, ObjectOp::punch, size);
  co_return std::move(all.outcome);
}

sim::Task<Outcome> Lov::sync(Inode& inode) {
  Objects all = co_await for_all_objects(inode, ObjectOp::sync, 0);
  co_return std::move(all.outcome);
}

sim::Task<sim::Errc> Lov::refresh_layout(Inode& inode, sim::Timeline& timeline) {
  MdsIntentRequest request;
  request.intent = Intent::layout;
  request.parent = inode.fid;
  timeline.enter(sim::Stage::metadata, context_.loop.now());
  const auto result = co_await mdc_.intent(std::move(request));
  timeline.adopt(result.timeline, sim::Stage::gather, context_.loop.now());
  co_return result.ok() ? inode.take_layout(result.body->layout) : result.status;
}

}  // namespace stripe
