// A k-server queue, first come first served, whose utilisation is measured.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "sim/sync.h"

namespace sim {

// Because service is first come first served and its length is known on arrival, the end of service
// is known on arrival too: a visit costs one event however long the queue is.
class Station {
 public:
  // `servers` >= 1 work in parallel.
  Station(Loop& loop, std::string name, std::uint32_t servers = 1);

  struct Visit {
    Duration wait;     // in the queue
    Duration service;  // with a server
    TimePoint end;
  };
  // Books `service` for an arrival now, for callers that are no coroutine. Not cancellable:
  // cancelling stops the waiting, not the work.
  Visit reserve(Duration service) { return reserve_from(loop_.now(), service); }
  // Books for an arrival at `arrival`, which must not be before an earlier booking's arrival.
  Visit reserve_from(TimePoint arrival, Duration service);

  class Use : SleepUntil {
   public:
    Use(Loop& l, Visit visit) : SleepUntil(l, visit.end), visit_(visit) {}
    using SleepUntil::await_ready;
    using SleepUntil::await_suspend;
    Visit await_resume() {
      SleepUntil::await_resume();
      return visit_;
    }

   private:
    Visit visit_;
  };
  // `Visit v = co_await station.use(d)`: arrives now, resumes when served.
  Use use(Duration service) { return Use(loop_, reserve(service)); }

  const std::string& name() const { return name_; }
  std::uint32_t servers() const { return static_cast<std::uint32_t>(free_at_.size()); }
  // Server time worked up to now(), summed over the servers; never falls. Busy share of a period =
  // the difference of two readings ÷ (period × servers).
  Duration busy() const;
  // Time spent queueing by all visits booked so far: mean queue length = its growth ÷ period.
  Duration waited() const { return waited_; }
  std::uint64_t visits() const { return visits_; }

 private:
  // A server's time between the end of its work and the beginning of what is booked next.
  struct Idle {
    TimePoint begin;
    TimePoint end;
  };

  void replace_first(TimePoint end);
  void note_idle(TimePoint begin, TimePoint end);

  Loop& loop_;
  std::string name_;
  // When each server is next free: in ascending order from `first_` on, and around the end.
  std::vector<TimePoint> free_at_;
  std::size_t first_ = 0;
  std::deque<Idle> idle_ahead_;  // in order of end; empty unless visits are booked ahead
  Duration booked_;
  Duration waited_;
  std::uint64_t visits_ = 0;
};

}  // namespace sim
