#include "stripe/server/modelled_store.h"

#include <fmt/core.h>

#include <utility>

namespace stripe {

using sim::Bytes;
using sim::Extent;
using sim::Result;
using sim::Status;
using transport::Payload;

namespace {

void add(StoreTimes& times, const DeviceVisit& visit) {
  times.queue += visit.queue;
  times.device += visit.service;
}

sim::Error too_large(ObjectId object, Bytes offset, Bytes length, Bytes limit) {
  return {sim::Errc::too_large,
          fmt::format("{} bytes at {} of object {:#x}:{:#x} reach beyond its largest size of {}",
                      length, offset, object.seq, object.oid, limit)};
}

}  // namespace

ModelledStore::ModelledStore(const ModelledStoreParams& params,
                             std::unique_ptr<ObjectContent> content, std::unique_ptr<Device> device,
                             OssCache* cache)
    : params_(params),
      content_(std::move(content)),
      device_(std::move(device)),
      cache_(cache),
      cache_store_(cache == nullptr ? 0 : cache->add_store()),
      takes_time_(device_->takes_time()),
      allocator_(device_->capacity(), params.allocation) {
  if (params.crashes) {
    auto undo = std::make_unique<UndoContent>(std::move(content_));
    undo_ = undo.get();
    content_ = std::move(undo);
  }
}

std::uint64_t ModelledStore::changes() const { return undo_ == nullptr ? 0 : undo_->changes(); }

void ModelledStore::stable(std::uint64_t changes) {
  if (undo_ != nullptr) {
    undo_->stable(changes);
  }
}

sim::Task<void> ModelledStore::flush() { co_await device_->flush(); }

void ModelledStore::crash() {
  sim::check(undo_ != nullptr, "a store crashes that does not remember what was there before");
  for (const ObjectId object : undo_->undo()) {
    const Result<Bytes> size = content_->size(object);
    if (!size.ok()) {
      allocator_.destroy(object);
      mtimes_.erase(object);
    } else {
      allocator_.truncate(object, *size);
      mtimes_.try_emplace(object, 0);
    }
  }
}

sim::Task<Result<Payload>> ModelledStore::read(ObjectId object, Extent range, StoreTimes& times) {
  return takes_time_ ? read_in_time(object, range, times) : read_at_once(object, range);
}

sim::Task<Result<Payload>> ModelledStore::read_at_once(ObjectId object, Extent range) {
  co_return content_->read(object, range);
}

sim::Task<Result<Payload>> ModelledStore::read_in_time(ObjectId object, Extent range,
                                                       StoreTimes& times) {
  const Result<Bytes> size = content_->size(object);
  if (!size.ok()) {
    co_return size.error();
  }
  const Fetch fetch = plan_fetch(object, range, *size);
  if (!fetch.places.empty()) {
    add(times, co_await device_->io(DeviceOp::read, fetch.places));
  }
  Result<Payload> data = content_->read(object, range);
  if (data.ok()) {
    keep(object, fetch.parts);
  }
  co_return data;
}

ModelledStore::Fetch ModelledStore::plan_fetch(ObjectId object, Extent range, Bytes size) {
  Fetch fetch;
  const Extent cut = range.intersect({0, size});
  if (cut.empty()) {
    return fetch;
  }
  if (cache_ == nullptr) {
    allocator_.map(object, cut, fetch.places);
    return fetch;
  }
  cache_->look_up(cache_store_, object, cut, fetch.parts);
  for (const Extent& part : fetch.parts) {
    allocator_.map(object, part, fetch.places);
  }
  return fetch;
}

// What was fetched stays, but for what the object lost in the meantime.
void ModelledStore::keep(ObjectId object, const ExtentList& parts) {
  if (cache_ == nullptr || !cache_->params().read_through) {
    return;
  }
  const Bytes size = content_->size(object).value();
  for (const Extent& part : parts) {
    cache_->keep(cache_store_, object, part.intersect({0, size}), size);
  }
}

Status ModelledStore::prepare_write(ObjectId object, Extent range) {
  const Result<Bytes> size = content_->size(object);
  return size.ok() ? allocator_.allocate(object, range) : Status(size.error());
}

sim::Task<Status> ModelledStore::write(ObjectId object, Bytes offset, Payload data,
                                       StoreTimes& times) {
  const Bytes length = data.size();
  if (length > params_.max_object || offset > params_.max_object - length) {
    co_return too_large(object, offset, length, params_.max_object);
  }
  const Extent range{offset, offset + length};
  Status status = prepare_write(object, range);
  if (!status.ok() || length == 0) {
    co_return status;
  }
  if (takes_time_) {
    ExtentList places;
    allocator_.map(object, range, places);
    add(times, co_await device_->io(DeviceOp::write, places));
    status = prepare_write(object, range);
    if (!status.ok()) {
      co_return status;
    }
  }
  co_return apply_write(object, offset, std::move(data));
}

Status ModelledStore::apply_write(ObjectId object, Bytes offset, Payload data) {
  const Extent range{offset, offset + data.size()};
  Status status = content_->write(object, offset, std::move(data));
  if (status.ok()) {
    if (cache_ != nullptr && takes_time_) {
      cache_write(object, range);
    }
  }
  return status;
}

void ModelledStore::cache_write(ObjectId object, Extent range) {
  if (cache_->params().write_through) {
    cache_->keep(cache_store_, object, range, content_->size(object).value());
  } else {
    cache_->drop(cache_store_, object, range);
  }
}

sim::Task<Status> ModelledStore::sync(ObjectId object, StoreTimes& times) {
  const Result<Bytes> size = content_->size(object);
  if (!size.ok()) {
    co_return size.error();
  }
  add(times, co_await device_->flush());
  co_return Status();
}

Status ModelledStore::create(ObjectId object) {
  Status status = content_->create(object);
  if (status.ok()) {
    mtimes_[object] = 0;
  }
  return status;
}

Status ModelledStore::destroy(ObjectId object) {
  const Result<Bytes> size = content_->size(object);
  if (!size.ok()) {
    return size.error();
  }
  if (cache_ != nullptr) {
    cache_->drop(cache_store_, object, {0, *size});
  }
  allocator_.destroy(object);
  mtimes_.erase(object);
  return content_->destroy(object);
}

Status ModelledStore::truncate(ObjectId object, Bytes size) {
  if (size > params_.max_object) {
    return too_large(object, size, 0, params_.max_object);
  }
  const Result<Bytes> before = content_->size(object);
  if (!before.ok()) {
    return before.error();
  }
  if (cache_ != nullptr) {
    cache_->drop(cache_store_, object, {size, *before});
  }
  allocator_.truncate(object, size);
  return content_->truncate(object, size);
}

void ModelledStore::touch(ObjectId object, std::int64_t mtime_ns) {
  if (const auto known = mtimes_.find(object); known != mtimes_.end()) {
    known->second = std::max(known->second, mtime_ns);
  }
}

Result<ObjectAttr> ModelledStore::attr(ObjectId object) const {
  const Result<Bytes> size = content_->size(object);
  if (!size.ok()) {
    return size.error();
  }
  return ObjectAttr{*size, allocator_.allocated(object), mtimes_.at(object)};
}

StoreSpace ModelledStore::space() const {
  return {allocator_.capacity(), allocator_.used(), mtimes_.size()};
}

}  // namespace stripe
