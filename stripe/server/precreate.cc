#include "stripe/server/precreate.h"

#include <fmt/core.h>

#include <algorithm>

namespace stripe {
namespace {

// Sequence of the objects an MDT makes for itself (Lustre: FID_SEQ_NORMAL's space, one per MDT).
constexpr std::uint64_t kObjectSequence = 0x280000400;

// Destructions under way at a time on one OST (Lustre 2.17: osp max_rpcs_in_flight 8).
constexpr std::uint32_t kDestroyers = 8;
// How long to leave an OST alone that did not answer (Lustre: reconnect interval 5 s).
constexpr sim::Duration kRetry = sim::seconds(5);

// How often an OST hears that the MDT is there (Lustre: obd_timeout / 4).
constexpr sim::Duration kPing = sim::seconds(25);

transport::ImportOptions import_options(bool replayable) {
  transport::ImportOptions options;
  options.idle_timeout = sim::Duration();
  options.ping_interval = kPing;
  options.replayable = replayable;
  return options;
}

}  // namespace

Precreate::Precreate(transport::Endpoint& endpoint, transport::Address ost, std::uint32_t index,
                     PrecreateOptions options)
    : loop_(endpoint.loop()),
      import_(endpoint, ost, fmt::format("OST{:04x}", index), import_options(options.replayable)),
      index_(index),
      options_(options),
      batch_(options.least),
      arrived_(endpoint.loop(), import_.name()),
      tasks_(endpoint.loop()) {
  import_.set_undone_hook([this](transport::Opcode opcode, const transport::Body& request,
                                 const transport::Payload&, const transport::Payload*) {
    if (opcode == kOstDestroy) {
      destroy(static_cast<const OstDestroyRequest&>(request).object);
    }
  });
}

void Precreate::start() { refill(); }

PrecreateRecord Precreate::record() const {
  PrecreateRecord record{next_, last_, returned_, batch_, going_};
  record.doomed.insert(record.doomed.end(), doomed_.begin(), doomed_.end());
  import_.for_each_unstable([&](transport::Opcode opcode, const transport::Body& request) {
    if (opcode == kOstDestroy) {
      record.doomed.push_back(static_cast<const OstDestroyRequest&>(request).object);
    }
  });
  return record;
}

bool Precreate::has_given(ObjectId object) const {
  return object.seq == kObjectSequence && object.oid != 0 && object.oid < next_;
}

void Precreate::resume(PrecreateRecord record) {
  next_ = record.next;
  last_ = record.last;
  returned_ = std::move(record.returned);
  batch_ = std::max(record.batch, options_.least);
  for (const ObjectId object : record.doomed) {
    destroy(object);
  }
}

void Precreate::refill() {
  if (!refilling_) {
    refilling_ = true;
    arrived_.reset();
    tasks_.spawn(fetch(), "precreation", sim::TaskKind::daemon);
  }
}

sim::Task<void> Precreate::fetch() {
  batch_ = ran_dry_ ? std::min(batch_ * 2, options_.most) : batch_;
  ran_dry_ = false;
  OstCreateRequest request;
  request.seq = kObjectSequence;
  request.last_oid = last_ + batch_;
  transport::CallOptions options;
  options.opcode = kOstCreate;
  options.replays = true;
  sim::Timeline timeline(loop_.now(), sim::Stage::fabric);
  transport::RpcReply reply = co_await import_.call(request, std::move(options));
  if (reply.status == sim::Errc::evicted) {
    // The OST had lost sight of this MDT; nothing that is asked for here rested on that.
    transport::CallOptions again;
    again.opcode = kOstCreate;
    again.replays = true;
    reply = co_await import_.call(request, std::move(again));
  }
  timeline.leave_call(reply.server, reply.transit, sim::Stage::reply, loop_.now());
  fetched_ = std::move(timeline);
  error_ = reply.status;
  if (reply.status == sim::Errc::ok) {
    const std::uint64_t made = static_cast<const OstCreateReply&>(*reply.body).last_oid;
    error_ = made > last_ ? sim::Errc::ok : sim::Errc::no_space;
    last_ = std::clamp(made, last_, request.last_oid);
  }
  refilling_ = false;
  arrived_.set();
}

void Precreate::account(sim::TimePoint since, sim::ServerTimes& times) const {
  sim::Timeline waiting(since, sim::Stage::server_queue);
  waiting.adopt(fetched_, sim::Stage::server_queue, loop_.now());
  sim::StageTimes spent{};
  waiting.add_to(spent);
  times.cpu += at(spent, sim::Stage::server_cpu);
  times.device_queue += at(spent, sim::Stage::device_queue);
  times.device += at(spent, sim::Stage::device);
  times.queue += total(spent) - at(spent, sim::Stage::server_cpu) -
                 at(spent, sim::Stage::device_queue) - at(spent, sim::Stage::device);
}

sim::Task<sim::Result<StripeObject>> Precreate::take(sim::ServerTimes& times) {
  while (stock() == 0) {
    ran_dry_ = true;
    refill();
    const sim::TimePoint since = loop_.now();
    co_await arrived_.wait();
    account(since, times);
    if (error_ != sim::Errc::ok && stock() == 0) {
      co_return sim::Error{error_, fmt::format("{} makes no objects", import_.name())};
    }
  }
  StripeObject object{{kObjectSequence, next_}, 0, index_};
  if (returned_.empty()) {
    ++next_;
  } else {
    object.id = returned_.back();
    returned_.pop_back();
  }
  if (stock() < batch_ / 2) {
    refill();
  }
  co_return object;
}

void Precreate::destroy(ObjectId object) {
  doomed_.push_back(object);
  if (destroyers_ < kDestroyers) {
    ++destroyers_;
    tasks_.spawn(destroy_doomed(), "destruction", sim::TaskKind::daemon);
  }
}

// One that is not there any more is as good as destroyed, though that may not be stable yet: what
// the Precreate before this one asked for, an OST that starts anew now would lose (Lustre cancels
// the record then, too).
sim::Task<void> Precreate::destroy_doomed() {
  while (!doomed_.empty()) {
    OstDestroyRequest request;
    request.object = doomed_.front();
    doomed_.pop_front();
    going_.push_back(request.object);
    transport::CallOptions options;
    options.opcode = kOstDestroy;
    options.replays = true;
    const transport::RpcReply reply = co_await import_.call(request, std::move(options));
    if (reply.status == sim::Errc::timed_out || reply.status == sim::Errc::unreachable ||
        reply.status == sim::Errc::evicted) {
      doomed_.push_back(request.object);
      std::erase(going_, request.object);
      co_await sim::sleep_for(loop_, kRetry);
    } else {
      std::erase(going_, request.object);
    }
  }
  --destroyers_;
}

sim::Task<sim::Result<OstStatfsReply>> Precreate::statfs() {
  transport::CallOptions options;
  options.opcode = kOstStatfs;
  transport::RpcReply reply = co_await import_.call(OstStatfsRequest(), std::move(options));
  if (reply.status != sim::Errc::ok) {
    co_return sim::Error{reply.status, fmt::format("{} does not tell its space", import_.name())};
  }
  co_return static_cast<const OstStatfsReply&>(*reply.body);
}

}  // namespace stripe
