// A content that can go back to what was stable.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "stripe/server/content.h"

namespace stripe {

// Passes everything on to the content below, and remembers of each change what was there before,
// until it is told that the change is stable.
class UndoContent final : public ObjectContent {
 public:
  explicit UndoContent(std::unique_ptr<ObjectContent> below) : below_(std::move(below)) {}

  sim::Status create(ObjectId object) override;
  sim::Status destroy(ObjectId object) override;
  sim::Status write(ObjectId object, sim::Bytes offset, transport::Payload data) override;
  sim::Result<transport::Payload> read(ObjectId object, sim::Extent range) const override {
    return below_->read(object, range);
  }
  sim::Status truncate(ObjectId object, sim::Bytes size) override;
  sim::Result<sim::Bytes> size(ObjectId object) const override { return below_->size(object); }

  // Changes so far.
  std::uint64_t changes() const { return stable_ + log_.size(); }
  // The first so many of them are stable.
  void stable(std::uint64_t changes);
  // Undoes all that are not, from the last on. Returns the objects they were of, each once.
  std::vector<ObjectId> undo();

 private:
  enum class Kind : std::uint8_t { created, destroyed, changed };
  struct Change {
    Kind kind;
    ObjectId object;
    sim::Bytes size = 0;      // before
    sim::Bytes offset = 0;    // of what was there
    transport::Payload data;  // that was there
  };
  void remember(Kind kind, ObjectId object, sim::Extent range);

  std::unique_ptr<ObjectContent> below_;
  std::uint64_t stable_ = 0;
  std::deque<Change> log_;
};

}  // namespace stripe
