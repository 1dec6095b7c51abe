#include "stripe/server/io_handler.h"

#include <algorithm>

#include "stripe/server/object_hash.h"

namespace stripe {
namespace {

// Limits of one transfer (Lustre 2.17: 64 MiB, 16384 ranges).
constexpr sim::Bytes kMaxTransfer = 64 * sim::kMiB;
constexpr std::size_t kMaxRanges = 16384;

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
  if (!attr.ok()) {
    return {};
  }
  const auto version = versions_.find(object);
  return {attr->size, attr->allocated, attr->mtime_ns,
          version == versions_.end() ? 0 : version->second};
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
        const sim::Status cut = store_.truncate(body.object, body.size);
        if (cut.ok()) {
          ++versions_[body.object];
          store_.touch(body.object, body.mtime_ns);
        }
        return cut;
      });
    case kOstDestroy:
      return object_work(request, [this](OstDestroyRequest& body) {
        versions_.erase(body.object);
        return store_.destroy(body.object);
      });
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

sim::Task<transport::Reply> IoHandler::read(transport::Request& request) {
  auto& answer = co_await sim::in_place<transport::Reply>();
  auto& body = request.body<OstReadRequest>();
  request.charge(co_await host_.perform_for(costs_.io));
  if (!checked_total(body.ranges)) {
    answer.status = sim::Errc::protocol;
    co_return sim::kInPlace;
  }
  auto reply = std::make_unique<OstReadReply>();
  transport::Payload data;
  StoreTimes times;
  for (const Niobuf& range : body.ranges) {
    sim::Result<transport::Payload> part =
        co_await store_.read(body.object, {range.offset, range.offset + range.length}, times);
    if (!part.ok()) {
      charge(request, times);
      answer.status = part.code();
      co_return sim::kInPlace;
    }
    reply->lengths.push_back(part->size());
    data.append(std::move(*part));
  }
  charge(request, times);
  counts_.bytes_read += data.size();
  request.charge(co_await host_.perform(sim::Work::copy, data.size(), data.bytes()));
  if (body.checksum) {
    request.charge(co_await host_.perform(sim::Work::checksum, data.size(), data.bytes()));
  }
  reply->info = info(body.object);
  if (body.short_io) {
    answer.bulk = std::move(data);
  } else if (data.size() > 0) {
    answer.status = co_await request.push_bulk(std::move(data));
  }
  if (answer.status == sim::Errc::ok) {
    answer.body = std::move(reply);
  }
  co_return sim::kInPlace;
}

// One range after another, as far as there is space.
sim::Task<sim::Errc> IoHandler::store_ranges(transport::Request& request, transport::Payload data,
                                             Grants::Use* use) {
  const auto& body = request.body<OstWriteRequest>();
  StoreTimes times;
  sim::Errc status = sim::Errc::ok;
  sim::Bytes at = 0;
  for (const Niobuf& range : body.ranges) {
    transport::Payload part =
        body.ranges.size() == 1 ? std::move(data) : data.slice(at, at + range.length);
    at += range.length;
    const sim::Extent extent{range.offset, range.offset + range.length};
    if (use != nullptr && !use->take_space(store_.space_for(body.object, extent))) {
      status = sim::Errc::no_space;
      break;
    }
    const sim::Status written =
        co_await store_.write(body.object, range.offset, std::move(part), times);
    if (!written.ok()) {
      status = written.code();
      break;
    }
    store_.touch(body.object, body.mtime_ns);
    counts_.bytes_written += range.length;
    ++versions_[body.object];
  }
  charge(request, times);
  co_return status;
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
  request.charge(co_await host_.perform(sim::Work::copy, data.size(), data.bytes()));
  if (body.checksum) {
    request.charge(co_await host_.perform(sim::Work::checksum, data.size(), data.bytes()));
  }
  if (request.orphaned) {
    co_return refuse(sim::Errc::evicted);  // its client holds no lock for this any more
  }
  const transport::Address client = request.message->from;
  std::optional<Grants::Use> use;
  if (grants_ != nullptr) {
    // What is replayed had its space before.
    use.emplace(*grants_, client, request.header().replay ? 0 : body.granted);
  }
  const sim::Errc status = co_await store_ranges(request, std::move(data), use ? &*use : nullptr);
  if (status != sim::Errc::ok) {
    if (use) {
      use->undo();
    }
    co_return refuse(status);
  }
  use.reset();
  auto reply = std::make_unique<OstWriteReply>();
  if (grants_ != nullptr && !request.orphaned) {
    reply->grant = grants_->give(client, body.want);
  }
  reply->info = info(body.object);
  reply->range_count = static_cast<std::uint32_t>(body.ranges.size());
  co_return transport::Reply{sim::Errc::ok, std::move(reply), false, {}, true};
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
  const bool change = kCode == kOstPunch || kCode == kOstDestroy;
  return {sim::Errc::ok, std::move(reply), false, {}, change};
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

}  // namespace stripe
