#include "stripe/server/precreate.h"

#include <fmt/format.h>

namespace stripe {
namespace {

// Sequence of the objects an MDT makes for itself (Lustre: FID_SEQ_NORMAL's space, one per MDT).
constexpr std::uint64_t kObjectSequence = 0x280000400;

transport::ImportOptions import_options() {
  transport::ImportOptions options;
  options.idle_timeout = sim::Duration();
  return options;
}

}  // namespace

Precreate::Precreate(transport::Endpoint& endpoint, transport::Address ost, std::uint32_t index,
                     PrecreateOptions options)
    : import_(endpoint, ost, fmt::format("OST{:04x}", index), import_options()),
      index_(index),
      options_(options),
      batch_(options.least),
      arrived_(endpoint.loop(), import_.name()),
      tasks_(endpoint.loop()) {}

void Precreate::start() { refill(); }

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
  const transport::RpcReply reply = co_await import_.call(request, std::move(options));
  error_ = reply.status;
  if (reply.status == sim::Errc::ok) {
    last_ = static_cast<const OstCreateReply&>(*reply.body).last_oid;
  }
  refilling_ = false;
  arrived_.set();
}

sim::Task<sim::Result<StripeObject>> Precreate::take() {
  while (stock() == 0) {
    ran_dry_ = true;
    refill();
    co_await arrived_.wait();
    if (error_ != sim::Errc::ok && stock() == 0) {
      co_return sim::Error{error_, fmt::format("{} makes no objects", import_.name())};
    }
  }
  const StripeObject object{{kObjectSequence, next_++}, 0, index_};
  if (stock() < batch_ / 2) {
    refill();
  }
  co_return object;
}

void Precreate::destroy(ObjectId object) {
  tasks_.spawn(send_destroy(object), "destroy", sim::TaskKind::daemon);
}

sim::Task<void> Precreate::send_destroy(ObjectId object) {
  OstDestroyRequest request;
  request.object = object;
  co_await import_.slots().acquire();
  transport::CallOptions options;
  options.opcode = kOstDestroy;
  options.slot = transport::Permit(import_.slots(), 1);
  co_await import_.call(request, std::move(options));
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
