#include "stripe/client/osc.h"

#include <numeric>

namespace stripe {
namespace {

transport::ImportOptions import_options(const ClientDesign& design) {
  transport::ImportOptions options;
  options.timeout = design.rpc_timeout;
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
      dirty_room_(context.loop, dirty_limit(context.design), name_) {}

Osc::Osc(ClientContext& context, transport::Import& mdt, sim::Semaphore& slots)
    : context_(context),
      name_(mdt.name()),
      slots_(slots),
      import_(mdt),
      dirty_room_(context.loop, dirty_limit(context.design), name_) {}

bool Osc::all_slots_free() const {
  const ClientDesign& design = context_.design;
  return slots_.available() == (own_import_ ? design.rpcs_in_flight : design.mdc_rpcs_in_flight);
}

sim::Task<Transfer> Osc::read(ObjectId object, Niobufs ranges) {
  Transfer result;
  result.timeline = sim::Timeline(context_.loop.now(), sim::Stage::slot);
  OstReadRequest request;
  request.object = object;
  request.short_io = ranges.size() == 1 && ranges.front().length <= context_.design.short_io;
  request.checksum = context_.design.checksums;
  request.ranges = std::move(ranges);
  transport::RpcReply reply = co_await timed_call(context_, import_, slots_, std::move(request),
                                                  transport::CallOptions(), result.timeline);
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
    if (context_.design.checksums) {
      co_await context_.host.perform(sim::Work::checksum, result.data.size(), result.data.bytes());
    }
  }
  result.timeline.finish(context_.loop.now());
  co_return result;
}

sim::Task<Transfer> Osc::write(ObjectId object, Niobufs ranges, transport::Payload data) {
  Transfer result;
  result.timeline = sim::Timeline(context_.loop.now(), sim::Stage::client_cpu);
  if (context_.design.checksums) {
    co_await context_.host.perform(sim::Work::checksum, data.size(), data.bytes());
  }
  OstWriteRequest request;
  request.object = object;
  request.checksum = context_.design.checksums;
  transport::CallOptions options;
  options.inline_bulk = ranges.size() == 1 && total_length(ranges) <= context_.design.short_io;
  request.ranges = std::move(ranges);
  options.bulk = std::move(data);
  options.idempotent = false;  // repeated, it would undo what others wrote meanwhile
  const transport::RpcReply reply = co_await timed_call(
      context_, import_, slots_, std::move(request), std::move(options), result.timeline);
  result.status = reply.status;
  if (reply.status == sim::Errc::ok) {
    result.info = static_cast<const OstWriteReply&>(*reply.body).info;
  }
  result.timeline.finish(context_.loop.now());
  co_return result;
}

template <typename Request, typename Reply>
sim::Task<Transfer> Osc::simple(Request request, bool idempotent) {
  Transfer result;
  result.timeline = sim::Timeline(context_.loop.now(), sim::Stage::slot);
  transport::CallOptions options;
  options.idempotent = idempotent;
  const transport::RpcReply reply = co_await timed_call(
      context_, import_, slots_, std::move(request), std::move(options), result.timeline);
  result.status = reply.status;
  if (reply.status == sim::Errc::ok) {
    result.info = static_cast<const Reply&>(*reply.body).info;
  }
  result.timeline.finish(context_.loop.now());
  co_return result;
}

sim::Task<Transfer> Osc::getattr(ObjectId object) {
  OstGetattrRequest request;
  request.object = object;
  return simple<OstGetattrRequest, OstGetattrReply>(std::move(request), true);
}

sim::Task<Transfer> Osc::punch(ObjectId object, sim::Bytes size) {
  OstPunchRequest request;
  request.object = object;
  request.size = size;
  return simple<OstPunchRequest, OstPunchReply>(std::move(request), false);
}

sim::Task<Transfer> Osc::sync(ObjectId object) {
  OstSyncRequest request;
  request.object = object;
  return simple<OstSyncRequest, OstSyncReply>(std::move(request), true);
}

}  // namespace stripe
