// The loop: one thread's ordered list of what happens next. It is told the time from outside and
// can say when it next has work, so the same loop runs in virtual and in real time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/callback.h"
#include "sim/digest.h"
#include "sim/event_queue.h"
#include "sim/frame_pool.h"
#include "sim/intrusive_list.h"
#include "sim/rng.h"
#include "sim/status.h"
#include "sim/units.h"

namespace sim {

class Loop;

// One independent line of activity: what a coroutine chain runs for. Every suspended coroutine
// remembers its Root, so a deadlock can name who waits and a daemon is known as one.
struct Root : ListNode {
  Loop* loop = nullptr;
  std::basic_string<char, std::char_traits<char>, PoolAllocator<char>> name;
  bool daemon = false;  // does not keep a run alive
};

// A root or none, and in the same word whether it is a daemon, so that a wait does not touch the
// root's memory.
class RootRef {
 public:
  RootRef() = default;
  explicit RootRef(Root* root)
      : bits_(reinterpret_cast<std::uintptr_t>(root) |
              (root != nullptr && root->daemon ? kDaemon : 0)) {}
  Root* root() const { return reinterpret_cast<Root*>(bits_ & ~kDaemon); }
  bool daemon() const { return (bits_ & kDaemon) != 0; }

 private:
  static_assert(alignof(Root) > 1);
  static constexpr std::uintptr_t kDaemon = 1;
  std::uintptr_t bits_ = 0;
};

// Somewhere that tasks wait for what somebody else must bring. A deadlock report asks every place
// who is there, so that a wait itself leaves no trace: neither it nor its end costs a report
// anything. The loop must outlive the place, or at least its use.
class WaitPlace : public ListNode {
 public:
  // Called once for every wait: whose it is and what for. The name is used at once.
  struct Wait {
    const Root* root;
    std::string_view what;
  };
  explicit WaitPlace(Loop& loop);
  // Appends everyone who waits here, in an order that is the same in every run.
  virtual void tell(std::vector<Wait>& waits) const = 0;

 protected:
  ~WaitPlace() = default;
};

class Loop {
 public:
  explicit Loop(std::uint64_t seed);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  TimePoint now() const { return TimePoint(now_); }
  std::uint64_t seed() const { return seed_; }
  // A stream of randomness for `name`, the same for the same seed and name.
  Rng rng(std::string_view name, std::uint64_t index = 0) const {
    return Rng(seed_).split(name, index);
  }

  // Fires `callback` at `when`, which is not before now(). Equal times fire in order of scheduling.
  void at(TimePoint when, Callback& callback) {
    queue_.push(static_cast<std::uint64_t>(when.ns()), callback);
  }
  // Fires `callback` now, after everything that is already due now.
  void post(Callback& callback) { queue_.push(static_cast<std::uint64_t>(now_), callback); }
  // Takes back what at(when) or post() (with when = the time of posting) scheduled.
  void cancel(TimePoint when, Callback& callback) {
    queue_.cancel(static_cast<std::uint64_t>(when.ns()), callback);
  }

  // When the loop next has work; nothing if it has none.
  std::optional<TimePoint> next_due();

  // Fires the earliest callback due at or before `limit`, moving virtual time to it. False if none.
  bool step(TimePoint limit = TimePoint::max()) {
    const auto entry = queue_.pop(static_cast<std::uint64_t>(limit.ns()));
    if (!entry) {
      return false;
    }
    now_ = std::max(now_, static_cast<std::int64_t>(entry->time));
    ++events_;
    digest_.fold(entry->time);
    entry->callback->fire(*entry->callback);
    return true;
  }
  // Real time: it is `now` now. Fires everything due, at that time. Earlier instants are ignored.
  void advance_to(TimePoint now);

  std::uint64_t events() const { return events_; }
  std::size_t pending() const { return queue_.size(); }
  // Hash of every event's time and of whatever the model folds in; equal for equal runs.
  Digest& digest() { return digest_; }

  // --- bookkeeping of tasks and waits, used by Task, TaskGroup and the sync primitives ---
  Root* current() const { return current_.root(); }
  RootRef current_ref() const { return current_; }
  void set_current(Root* root) { current_ = RootRef(root); }
  bool current_is_daemon() const { return current_.daemon(); }
  void resumed(RootRef root) {
    current_ = root;
    if (!root.daemon()) {
      went_on_ = now_;
    }
  }
  void resumed(Root* root) { resumed(RootRef(root)); }
  void add(Root& root);
  void remove(Root& root);
  void add(WaitPlace& place) { places_.push_back(place); }
  std::size_t alive() const { return alive_; }  // roots that are not daemons
  // Work that is no daemon's goes on at `when`: a sleep ends, a device is done.
  void expect(TimePoint when) { expected_ = std::max(expected_, when.ns()); }
  // True when work that is no daemon's has been waiting for longer than `patience` past the last
  // time at which any went on or was expected to.
  bool stuck(Duration patience) const {
    return alive_ > 0 && now_ - std::max(went_on_, expected_) > patience.ns();
  }
  // Who is alive and what each of its parts waits for, one per line; then the daemons that wait for
  // anything but time.
  std::string describe_waits() const;

 private:
  std::uint64_t seed_;
  std::int64_t now_ = 0;
  std::int64_t went_on_ = 0;
  std::int64_t expected_ = 0;
  std::uint64_t events_ = 0;
  EventQueue queue_;
  Digest digest_;
  RootRef current_;
  std::size_t alive_ = 0;
  IntrusiveList<Root> roots_;
  IntrusiveList<WaitPlace> places_;
  RunContext context_;
};

inline WaitPlace::WaitPlace(Loop& loop) { loop.add(*this); }

// Runs in virtual time until every task that is not a daemon has finished. An error if they wait
// for each other: nothing is left that could wake them, or only daemons have moved for `patience`.
Status run_virtual(Loop& loop, Duration patience = seconds(1000));

}  // namespace sim
