// Helpers of this folder's tests: running tasks to their end in virtual time.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "sim/sync.h"
#include "sim/task.h"
#include "stripe/server/device.h"

namespace stripe {

template <typename T>
sim::Task<void> keep_result(sim::Task<T> task, std::optional<T>& result) {
  result.emplace(co_await std::move(task));
}

// Runs `task` alone and returns its result.
template <typename T>
T run(sim::Loop& loop, sim::Task<T> task) {
  std::optional<T> result;
  sim::TaskGroup group(loop);
  group.spawn(keep_result(std::move(task), result), "test");
  const sim::Status status = sim::run_virtual(loop);
  EXPECT_TRUE(status.ok()) << status.error().message;
  return std::move(*result);
}

// Visits to a device, each at its own time, and what became of them.
class Visits {
 public:
  struct Record {
    sim::TimePoint arrived;
    sim::TimePoint end;
    DeviceVisit visit;
    sim::Duration elapsed() const { return end - arrived; }
  };

  Visits(sim::Loop& loop, Device& device) : loop_(loop), device_(device), group_(loop) {}

  // One more request, `after` from now. Returns its index.
  std::size_t add(DeviceOp kind, ExtentList parts, sim::Duration after = {}) {
    records_.emplace_back();
    group_.spawn(visit(kind, std::move(parts), after, records_.back()), "visit");
    return records_.size() - 1;
  }
  std::size_t read(sim::Bytes begin, sim::Bytes length, sim::Duration after = {}) {
    return add(DeviceOp::read, {{begin, begin + length}}, after);
  }
  std::size_t write(sim::Bytes begin, sim::Bytes length, sim::Duration after = {}) {
    return add(DeviceOp::write, {{begin, begin + length}}, after);
  }
  // Runs them all. Checks that the two times of every visit add up to the time it took.
  void run() {
    const sim::Status status = sim::run_virtual(loop_);
    EXPECT_TRUE(status.ok()) << status.error().message;
    for (const Record& r : records_) {
      EXPECT_EQ(r.visit.queue + r.visit.service, r.elapsed());
      EXPECT_GE(r.visit.queue, sim::Duration());
    }
  }
  const Record& operator[](std::size_t i) const { return records_[i]; }
  sim::TimePoint last_end() const { return std::ranges::max(records_, {}, &Record::end).end; }
  void cancel() { group_.cancel_all(); }

 private:
  sim::Task<void> visit(DeviceOp kind, ExtentList parts, sim::Duration after, Record& record) {
    co_await sim::sleep_for(loop_, after);
    record.arrived = loop_.now();
    record.visit = co_await device_.io(kind, parts);
    record.end = loop_.now();
  }

  sim::Loop& loop_;
  Device& device_;
  std::deque<Record> records_;
  sim::TaskGroup group_;
};

}  // namespace stripe
