#include "stripe/client/osc.h"

#include <numeric>

namespace stripe {
namespace {

// Lustre: what fills the dirty limit, or all RPC slots and one more.
sim::Bytes wanted_grant(const ClientDesign& design) {
  const sim::Bytes slots = design.max_rpc_size * (design.rpcs_in_flight + 1);
  return design.grants ? std::max(design.max_dirty_per_ost, slots) : 0;
}

transport::ImportOptions import_options(const ClientDesign& design) {
  transport::ImportOptions options;
  options.wanted = wanted_grant(design);
  options.timeout = design.rpc_timeout;
  options.ping_interval = design.ping_interval;
  return options;
}

// One full RPC must fit. Lustre raises the limit to what fills all slots; here it holds as given.
sim::Bytes dirty_limit(const ClientDesign& design) {
  return std::max(design.max_dirty_per_ost, design.max_rpc_size);
}

sim::Bytes total_length(const Niobufs& ranges) {
  return std::accumulate(ranges.begin(), ranges.end(), sim::Bytes{0},
                         [](sim::Bytes sum, const Niobuf& r) { return sum + r.length; });
}

// Lustre: osc.*.grant_shrink_interval.
constexpr sim::Duration kShrinkAfter = sim::seconds(1200);

// The server may have carried it out.
bool unanswered(sim::Errc status) {
  return status == sim::Errc::timed_out || status == sim::Errc::unknown_outcome ||
         status == sim::Errc::unreachable;
}

}  // namespace

Osc::Osc(ClientContext& context, transport::Address target, std::string name)
    : context_(context),
      name_(std::move(name)),
      own_slots_(
          std::make_unique<sim::Semaphore>(context.loop, context.design.rpcs_in_flight, name_)),
      slots_(*own_slots_),
      own_import_(std::make_unique<transport::Import>(context.endpoint, target, name_,
                                                      import_options(context.design))),
      import_(*own_import_),
      dirty_room_(context.loop, dirty_limit(context.design), name_),
      grant_(context.loop, import_, wanted_grant(context.design)),
      tasks_(context.loop) {}

Osc::Osc(ClientContext& context, transport::Import& mdt, sim::Semaphore& slots)
    : context_(context),
      name_(mdt.name()),
      slots_(slots),
      import_(mdt),
      dirty_room_(context.loop, dirty_limit(context.design), name_),
      grant_(context.loop, import_, 0),  // an MDT gives none
      tasks_(context.loop) {}

bool Osc::all_slots_free() const {
  const ClientDesign& design = context_.design;
  return slots_.available() == (own_import_ ? design.rpcs_in_flight : design.mdc_rpcs_in_flight);
}

sim::Task<Transfer> Osc::read(ObjectId object, Niobufs ranges, bool server_lock) {
  Transfer& result = co_await sim::in_place<Transfer>();
  result.timeline = sim::Timeline(context_.loop.now(), sim::Stage::slot);
  auto request = std::make_unique<OstReadRequest>();
  request->object = object;
  request->short_io = ranges.size() == 1 && ranges.front().length <= context_.design.short_io;
  request->checksum = context_.design.checksums;
  request->server_lock = server_lock;
  request->ranges = std::move(ranges);
  transport::CallOptions options;
  options.opcode = kOstRead;
  result.status = co_await before_call(context_, import_, slots_, options, result.timeline);
  if (result.status != sim::Errc::ok) {
    result.timeline.finish(context_.loop.now());
    co_return sim::kInPlace;
  }
  transport::RpcReply reply = co_await import_.call(std::move(request), std::move(options));
  account_by_stage(result.timeline, reply, context_.loop.now());
  result.status = reply.status;
  if (reply.status == sim::Errc::ok) {
    auto& body = static_cast<OstReadReply&>(*reply.body);
    result.info = body.info;
    result.lengths = std::move(body.lengths);
    result.data = std::move(reply.bulk);
    const sim::Bytes told =
        std::accumulate(result.lengths.begin(), result.lengths.end(), sim::Bytes{0});
    if (told != result.data.size()) {
      result.status = sim::Errc::protocol;
    }
    context_.stats.fetched += result.data.size();
    if (context_.design.checksums) {
      co_await context_.host.perform(sim::Work::checksum, result.data.size(), result.data.bytes());
    }
  }
  result.timeline.finish(context_.loop.now());
  co_return sim::kInPlace;
}

sim::Task<Transfer> Osc::write(ObjectId object, Niobufs ranges, transport::Payload data,
                               std::int64_t mtime_ns, WriteTerms terms) {
  Transfer& result = co_await sim::in_place<Transfer>();
  result.timeline = sim::Timeline(context_.loop.now(), sim::Stage::client_cpu);
  grant_.sent(terms.granted);
  if (context_.design.checksums) {
    co_await context_.host.perform(sim::Work::checksum, data.size(), data.bytes());
  }
  auto request = std::make_unique<OstWriteRequest>();
  request->object = object;
  request->mtime_ns = mtime_ns;
  request->checksum = context_.design.checksums;
  request->server_lock = terms.server_lock;
  request->granted = terms.granted;
  request->want = grant_.want();
  transport::CallOptions options;
  options.inline_bulk = ranges.size() == 1 && total_length(ranges) <= context_.design.short_io;
  request->ranges = std::move(ranges);
  options.bulk = std::move(data);
  options.idempotent = false;  // repeated, it would undo what others wrote meanwhile
  options.replays = true;
  options.superseded = std::move(terms.superseded);
  options.opcode = kOstWrite;
  transport::RpcReply reply;
  reply.status = co_await before_call(context_, import_, slots_, options, result.timeline);
  if (reply.status == sim::Errc::ok &&
      terms.evictions.value_or(import_.evictions()) != import_.evictions()) {
    reply.status = sim::Errc::evicted;  // noticed while it waited for its turn
  } else if (reply.status == sim::Errc::ok) {
    reply = co_await import_.call(std::move(request), std::move(options));
    account_by_stage(result.timeline, reply, context_.loop.now());
  }
  result.status = reply.status;
  if (reply.status == sim::Errc::ok) {
    const auto& body = static_cast<const OstWriteReply&>(*reply.body);
    result.info = body.info;
    if (locks_ != nullptr) {
      locks_->changed(object, result.info, body.range_count, false);
    }
  }
  note_write(reply, terms.granted);
  result.timeline.finish(context_.loop.now());
  co_return sim::kInPlace;
}

// What became of a write's part of the grant.
void Osc::note_write(const transport::RpcReply& reply, sim::Bytes granted) {
  last_write_ = context_.loop.now();
  if (reply.status == sim::Errc::ok) {
    grant_.written(granted, static_cast<const OstWriteReply&>(*reply.body).grant);
  } else if (unanswered(reply.status)) {
    grant_.lost(granted);
  } else {
    grant_.refused(granted);
  }
  if (grant_.used() && !shrinking_) {
    shrinking_ = true;
    tasks_.spawn(shrink_when_idle(), "a grant's timer", sim::TaskKind::daemon);
  }
}

sim::Task<void> Osc::shrink_when_idle() {
  for (bool idle = false; !idle;) {
    co_await sim::sleep_until(context_.loop, last_write_ + kShrinkAfter);
    idle = context_.loop.now() >= last_write_ + kShrinkAfter;
  }
  shrinking_ = false;
  const ClientDesign& design = context_.design;
  const sim::Bytes excess = grant_.excess(design.max_rpc_size, design.rpcs_in_flight + 1);
  if (excess > 0 && import_.connected()) {
    co_await give_back(excess);
  }
}

sim::Task<void> Osc::give_back(sim::Bytes excess) {
  grant_.offered(excess);
  auto request = std::make_unique<OstSetInfoRequest>();
  request->release = excess;
  transport::CallOptions options;
  options.idempotent = false;
  sim::Timeline timeline(context_.loop.now(), sim::Stage::slot);
  const transport::RpcReply reply = co_await timed_call(
      context_, import_, slots_, std::move(request), std::move(options), timeline);
  if (reply.status == sim::Errc::ok) {
    grant_.written(excess, excess - static_cast<const OstSetInfoReply&>(*reply.body).taken);
  } else if (unanswered(reply.status)) {
    grant_.lost(excess);
  } else {
    grant_.refused(excess);
  }
}

template <typename Request, typename Reply>
sim::Task<Transfer> Osc::simple(std::unique_ptr<Request> request, bool idempotent) {
  Transfer& result = co_await sim::in_place<Transfer>();
  result.timeline = sim::Timeline(context_.loop.now(), sim::Stage::slot);
  const ObjectId object = request->object;
  transport::CallOptions options;
  options.idempotent = idempotent;
  options.replays = Request::kOpcode == kOstPunch;
  const transport::RpcReply reply = co_await timed_call(
      context_, import_, slots_, std::move(request), std::move(options), result.timeline);
  result.status = reply.status;
  if (reply.status == sim::Errc::ok) {
    result.info = static_cast<const Reply&>(*reply.body).info;
    if (Request::kOpcode == kOstPunch && locks_ != nullptr) {
      locks_->changed(object, result.info, 1, true);
    }
  }
  result.timeline.finish(context_.loop.now());
  co_return sim::kInPlace;
}

sim::Task<Transfer> Osc::getattr(ObjectId object) {
  if (locks_ != nullptr) {
    return locks_->glimpse(object);
  }
  return ask(object);
}

sim::Task<Transfer> Osc::ask(ObjectId object) {
  auto request = std::make_unique<OstGetattrRequest>();
  request->object = object;
  return simple<OstGetattrRequest, OstGetattrReply>(std::move(request), true);
}

sim::Task<Transfer> Osc::punch(ObjectId object, sim::Bytes size, std::int64_t mtime_ns) {
  auto request = std::make_unique<OstPunchRequest>();
  request->object = object;
  request->size = size;
  request->mtime_ns = mtime_ns;
  return simple<OstPunchRequest, OstPunchReply>(std::move(request), false);
}

sim::Task<Transfer> Osc::sync(ObjectId object) {
  auto request = std::make_unique<OstSyncRequest>();
  request->object = object;
  return simple<OstSyncRequest, OstSyncReply>(std::move(request), true);
}

}  // namespace stripe
