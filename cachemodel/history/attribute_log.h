// The changes of one attribute of one file, and which of them a value read can come from.
#pragma once

#include <span>
#include <vector>

#include "cachemodel/history/merge.h"
#include "cachemodel/history/versions.h"

namespace cachemodel {

// One change that may have happened.
struct AttributeStep {
  std::uint64_t value = 0;
  // The values on its way to `value`, if it is made of several changes. A write is not atomic in
  // size: each of its stripes extends the file by itself.
  sim::Extent between;
  bool exact = false;    // else: at least the value
  bool durable = false;  // acknowledged and not lost
  std::int64_t early = 0;
  std::int64_t late = 0;  // kNever if it may still be to come
  sim::TimePoint returned;
  std::uint32_t clock = 0;
  std::uint32_t client = 0;
  std::uint32_t handle = 0;
};

// What of the past cannot matter to a read of a value any more. Bounds exclude themselves.
struct Horizon {
  bool explained = false;         // some change begun before the read returned, or the beginning,
                                  // has the value, or one under way at the read passes through it
  std::int64_t source = 0;        // the value may have been set until then
  std::int64_t source_begun = 0;  // the newest change with the value began then
  std::int64_t reset = 0;         // an exact change may have happened until then
  std::int64_t reset_begun = 0;   // an exact change certainly happened after then
};

// Files begin with size and mtime 0; what had been there before is a change at the beginning.
class AttributeLog {
 public:
  AttributeLog(const FileHistory& file, const Versions& versions, Attribute attribute,
               const Clocks& clocks);

  std::span<const AttributeStep> steps() const { return steps_; }
  // One for each of the reads.
  std::vector<Horizon> horizons(std::span<const AttrRead* const> reads) const;
  // A number that different values set here do not share; kNobody if the value was never set.
  std::uint32_t name_of(std::uint64_t value) const;

 private:
  // Steps of one value, or exact ones, by beginning; each knows of all up to it.
  struct Reach {
    std::int64_t early = 0;
    std::int64_t latest = 0;
  };

  Horizon horizon(const AttrRead& read) const;
  std::int64_t epsilon_of(const AttrRead& read) const { return clocks_.epsilon(read.clock).ns(); }
  // Whether an exact change may have happened during the step.
  bool beside_exact(const AttributeStep& step) const;
  static void accept(const AttributeStep& step, Horizon& horizon);
  // By read, if any, the step that ends last of those that pass its value and began by its end.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> latest_through(
      std::span<const std::uint32_t> steps, std::span<const AttrRead* const> reads) const;
  void pass_through(std::span<const AttrRead* const> reads, std::span<Horizon> horizons) const;
  void add(AttributeStep step, Ending ending, const Call& call);
  void add_writes(const FileHistory& file, const Versions& versions);
  void index();

  const Clocks& clocks_;
  std::vector<AttributeStep> steps_;
  std::vector<std::pair<std::uint64_t, Reach>> by_value_;    // by value, then by beginning
  std::vector<Reach> resets_;                                // by beginning
  std::vector<std::pair<std::int64_t, std::int64_t>> done_;  // durable exact: return, newest early
};

}  // namespace cachemodel
