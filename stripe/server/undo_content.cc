#include "stripe/server/undo_content.h"

#include <algorithm>
#include <tuple>

namespace stripe {

// What `range` of the object holds, which must be there.
void UndoContent::remember(Kind kind, ObjectId object, sim::Extent range) {
  const sim::Bytes size = below_->size(object).value();
  log_.push_back({kind, object, size, range.begin, below_->read(object, range).value()});
}

sim::Status UndoContent::create(ObjectId object) {
  sim::Status status = below_->create(object);
  if (status.ok()) {
    log_.push_back({Kind::created, object, 0, 0, {}});
  }
  return status;
}

sim::Status UndoContent::destroy(ObjectId object) {
  if (below_->size(object).ok()) {
    remember(Kind::destroyed, object, {0, sim::kEof});
  }
  return below_->destroy(object);
}

sim::Status UndoContent::write(ObjectId object, sim::Bytes offset, transport::Payload data) {
  if (below_->size(object).ok() && data.size() > 0) {
    remember(Kind::changed, object, {offset, offset + data.size()});
  }
  return below_->write(object, offset, std::move(data));
}

sim::Status UndoContent::truncate(ObjectId object, sim::Bytes size) {
  if (below_->size(object).ok()) {
    remember(Kind::changed, object, {size, sim::kEof});
  }
  return below_->truncate(object, size);
}

void UndoContent::stable(std::uint64_t changes) {
  while (stable_ < changes && !log_.empty()) {
    log_.pop_front();
    ++stable_;
  }
}

std::vector<ObjectId> UndoContent::undo() {
  std::vector<ObjectId> touched;
  while (!log_.empty()) {
    Change change = std::move(log_.back());
    log_.pop_back();
    touched.push_back(change.object);
    if (change.kind == Kind::created) {
      sim::check(below_->destroy(change.object).ok(), "an object that was made is not there");
      continue;
    }
    if (change.kind == Kind::destroyed) {
      sim::check(below_->create(change.object).ok(), "an object that was destroyed is there");
    }
    static_cast<void>(below_->truncate(change.object, change.size));
    if (change.data.size() > 0) {
      static_cast<void>(below_->write(change.object, change.offset, std::move(change.data)));
    }
  }
  const auto key = [](ObjectId object) { return std::tuple(object.seq, object.oid); };
  std::ranges::sort(touched, {}, key);
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  return touched;
}

}  // namespace stripe
