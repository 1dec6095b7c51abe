#include "stripe/server/io_handler.h"

#include <algorithm>

#include "stripe/server/object_hash.h"

namespace stripe {
namespace {

// Limits of one transfer (Lustre 2.17: 64 MiB, 16384 ranges) and of one OST_CREATE (20,000
// objects).
constexpr sim::Bytes kMaxTransfer = 64 * sim::kMiB;
constexpr std::size_t kMaxRanges = 16384;
constexpr std::uint64_t kMaxCreate = 20000;

// The sum of the ranges, or nothing if they break a limit.
std::optional<sim::Bytes> checked_total(const Niobufs& ranges) {
  if (ranges.empty() || ranges.size() > kMaxRanges) {
    return std::nullopt;
  }
  sim::Bytes total = 0;
  for (const Niobuf& range : ranges) {
    if (range.length > kMaxTransfer - total || range.offset > sim::kEof - range.length) {
      return std::nullopt;
    }
    total += range.length;
  }
  return total;
}

transport::Reply refuse(sim::Errc status) { return {status, nullptr, false, {}}; }

void charge(transport::Request& request, const StoreTimes& times) {
  request.times.device_queue += times.queue;
  request.times.device += times.device;
}

}  // namespace

bool IoHandler::knows(transport::Opcode opcode) {
  switch (opcode) {
    case kOstRead:
    case kOstWrite:
    case kOstGetattr:
    case kOstPunch:
    case kOstSync:
    case kOstCreate:
    case kOstDestroy:
    case kOstStatfs:
      return true;
    default:
      return false;
  }
}

transport::NrsKey IoHandler::key(const transport::Message& request) {
  const auto of = [&request](ObjectId object, const Niobufs& ranges) {
    const ObjectId of_target{object.seq ^ std::uint64_t{request.to.port} << 40, object.oid};
    return transport::NrsKey{ObjectIdHash()(of_target), ranges.empty() ? 0 : ranges.front().offset};
  };
  if (request.header.opcode == kOstRead) {
    const auto& body = static_cast<const OstReadRequest&>(*request.body);
    return of(body.object, body.ranges);
  }
  if (request.header.opcode == kOstWrite) {
    const auto& body = static_cast<const OstWriteRequest&>(*request.body);
    return of(body.object, body.ranges);
  }
  return {};
}

ObjectInfo IoHandler::info(ObjectId object) const {
  const auto attr = store_.attr(object);
  return attr.ok() ? ObjectInfo{attr->size, attr->allocated, attr->mtime_ns} : ObjectInfo();
}

sim::Task<transport::Reply> IoHandler::handle(transport::Request& request) {
  ++counts_.requests;
  switch (request.header().opcode) {
    case kOstRead:
      return read(request);
    case kOstWrite:
      return write(request);
    case kOstSync:
      return sync(request);
    case kOstGetattr:
      return object_work(request, [this](OstGetattrRequest& body) {
        const auto attr = store_.attr(body.object);
        return attr.ok() ? sim::Status() : sim::Status(attr.error());
      });
    case kOstPunch:
      return object_work(request, [this](OstPunchRequest& body) {
        return store_.truncate(body.object, body.size);
      });
    case kOstDestroy:
      return object_work(request,
                         [this](OstDestroyRequest& body) { return store_.destroy(body.object); });
    case kOstCreate:
      return create(request);
    default:
      return object_work(request, [this](OstStatfsRequest&) {
        const StoreSpace space = store_.space();
        auto reply = std::make_unique<OstStatfsReply>();
        reply->capacity = space.capacity;
        reply->used = space.used;
        reply->objects = space.objects;
        return transport::Reply{sim::Errc::ok, std::move(reply), false, {}};
      });
  }
}

// What the processors do with the data of a transfer.
sim::Task<void> IoHandler::handle_data(transport::Request& request, const transport::Payload& data,
                                       bool checksum) {
  request.charge(co_await host_.perform(sim::Work::copy, data.size(), data.bytes()));
  if (checksum) {
    request.charge(co_await host_.perform(sim::Work::checksum, data.size(), data.bytes()));
  }
}

sim::Task<transport::Reply> IoHandler::read(transport::Request& request) {
  auto& body = request.body<OstReadRequest>();
  request.charge(co_await host_.perform_for(costs_.io));
  if (!checked_total(body.ranges)) {
    co_return refuse(sim::Errc::protocol);
  }
  auto reply = std::make_unique<OstReadReply>();
  transport::Payload data;
  StoreTimes times;
  for (const Niobuf& range : body.ranges) {
    sim::Result<transport::Payload> part =
        co_await store_.read(body.object, {range.offset, range.offset + range.length}, times);
    if (!part.ok()) {
      charge(request, times);
      co_return refuse(part.code());
    }
    reply->lengths.push_back(part->size());
    data.append(std::move(*part));
  }
  charge(request, times);
  counts_.bytes_read += data.size();
  co_await handle_data(request, data, body.checksum);
  reply->info = info(body.object);
  transport::Reply result{sim::Errc::ok, nullptr, false, {}};
  if (body.short_io) {
    result.bulk = std::move(data);
  } else if (data.size() > 0) {
    const sim::Status sent = co_await request.push_bulk(std::move(data));
    if (!sent.ok()) {
      co_return refuse(sent.code());
    }
  }
  result.body = std::move(reply);
  co_return result;
}

sim::Task<transport::Reply> IoHandler::write(transport::Request& request) {
  auto& body = request.body<OstWriteRequest>();
  request.charge(co_await host_.perform_for(costs_.io));
  const auto total = checked_total(body.ranges);
  if (!total) {
    co_return refuse(sim::Errc::protocol);
  }
  transport::Payload data = std::move(request.message->bulk);
  if (data.size() == 0) {
    sim::Result<transport::Payload> pulled = co_await request.pull_bulk();
    if (!pulled.ok()) {
      co_return refuse(pulled.code());
    }
    data = std::move(*pulled);
  }
  if (data.size() != *total) {
    co_return refuse(sim::Errc::protocol);
  }
  co_await handle_data(request, data, body.checksum);
  StoreTimes times;
  sim::Errc status = sim::Errc::ok;
  sim::Bytes at = 0;
  for (const Niobuf& range : body.ranges) {
    transport::Payload part =
        body.ranges.size() == 1 ? std::move(data) : data.slice(at, at + range.length);
    at += range.length;
    const sim::Status written =
        co_await store_.write(body.object, range.offset, std::move(part), times);
    if (!written.ok()) {
      status = written.code();
      break;
    }
    counts_.bytes_written += range.length;
  }
  charge(request, times);
  if (status != sim::Errc::ok) {
    co_return refuse(status);
  }
  auto reply = std::make_unique<OstWriteReply>();
  reply->info = info(body.object);
  reply->range_count = static_cast<std::uint32_t>(body.ranges.size());
  co_return transport::Reply{sim::Errc::ok, std::move(reply), false, {}};
}

sim::Task<transport::Reply> IoHandler::sync(transport::Request& request) {
  auto& body = request.body<OstSyncRequest>();
  request.charge(co_await host_.perform_for(costs_.object));
  StoreTimes times;
  const sim::Status status = co_await store_.sync(body.object, times);
  charge(request, times);
  if (!status.ok()) {
    co_return refuse(status.code());
  }
  auto reply = std::make_unique<OstSyncReply>();
  reply->info = info(body.object);
  co_return transport::Reply{sim::Errc::ok, std::move(reply), false, {}};
}

namespace {

// The answer to work on one object that only succeeds or fails.
template <transport::Opcode kCode>
transport::Reply object_reply(const sim::Status& status, const ObjectInfo& info) {
  if (!status.ok()) {
    return refuse(status.code());
  }
  auto reply = std::make_unique<OstObjectReply<kCode>>();
  reply->info = info;
  return {sim::Errc::ok, std::move(reply), false, {}};
}

template <typename T>
struct BodyOf;
template <typename Result, typename Class, typename Body>
struct BodyOf<Result (Class::*)(Body&) const> {
  using type = Body;
};

}  // namespace

// `work` takes the request's body and gives a Status (answered with the object's attributes) or a
// whole Reply.
template <typename Work>
sim::Task<transport::Reply> IoHandler::object_work(transport::Request& request, Work work) {
  using Body = typename BodyOf<decltype(&Work::operator())>::type;
  const bool glimpse = Body::kOpcode == kOstGetattr;
  request.charge(co_await host_.perform_for(glimpse ? costs_.glimpse : costs_.object));
  auto& body = request.body<Body>();
  if constexpr (std::same_as<decltype(work(body)), transport::Reply>) {
    co_return work(body);
  } else {
    const sim::Status status = work(body);
    co_return object_reply<Body::kOpcode>(status, info(body.object));
  }
}

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
      return refuse(status.code());
    }
    ++last;
  }
  auto reply = std::make_unique<OstCreateReply>();
  reply->last_oid = last;
  return {sim::Errc::ok, std::move(reply), false, {}};
}

}  // namespace stripe
