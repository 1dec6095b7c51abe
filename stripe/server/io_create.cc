// Objects made ahead for an MDT.
#include <algorithm>

#include "stripe/server/io_handler.h"

namespace stripe {
namespace {

// Most objects of one OST_CREATE (Lustre 2.17).
constexpr std::uint64_t kMaxCreate = 20000;

}  // namespace

// The number of the last object made in a sequence. After a restart that is not known, and is taken
// from what exists.
std::uint64_t& IoHandler::last_created(std::uint64_t seq, std::uint64_t asked) {
  const auto [known, first_time] = last_created_.emplace(seq, asked);
  if (first_time) {
    std::uint64_t& last = known->second;
    while (last > 0 && asked - last < kMaxCreate && !store_.attr({seq, last}).ok()) {
      --last;
    }
  }
  return known->second;
}

void IoHandler::make_missing(const transport::Request& replay) {
  ObjectId object;
  if (replay.header().opcode == kOstWrite) {
    object = static_cast<const OstWriteRequest&>(*replay.message->body).object;
  } else if (replay.header().opcode == kOstPunch) {
    object = static_cast<const OstPunchRequest&>(*replay.message->body).object;
  }
  if (object.oid > 0 && !store_.attr(object).ok()) {
    OstCreateRequest all;
    all.seq = object.seq;
    all.last_oid = object.oid;
    static_cast<void>(create_objects(all, kMaxCreate));
  }
}

sim::Task<transport::Reply> IoHandler::create(transport::Request& request) {
  const auto& body = request.body<OstCreateRequest>();
  const std::uint64_t last = last_created(body.seq, body.last_oid);
  const std::uint64_t count = std::min(body.last_oid - std::min(last, body.last_oid), kMaxCreate);
  const auto charged = static_cast<std::int64_t>(std::max<std::uint64_t>(count, 1));
  request.charge(co_await host_.perform_for(costs_.object * charged));
  co_return create_objects(body, count);
}

// Up to `most` objects; those that were paid for. Numbers begin at 1. What was made before is left
// alone, also if it was destroyed since: a resent request does no harm.
transport::Reply IoHandler::create_objects(const OstCreateRequest& body, std::uint64_t most) {
  std::uint64_t& last = last_created(body.seq, body.last_oid);
  const std::uint64_t more = body.last_oid > last ? body.last_oid - last : 0;
  for (std::uint64_t left = std::min(more, most); left > 0; --left) {
    const sim::Status status = store_.create({body.seq, last + 1});
    if (!status.ok() && status.code() != sim::Errc::exists) {
      return {status.code(), nullptr, false, {}};
    }
    ++last;
  }
  auto reply = std::make_unique<OstCreateReply>();
  reply->last_oid = last;
  return {sim::Errc::ok, std::move(reply), false, {}, true};
}

}  // namespace stripe
