// The two ways to wait: for a time, and for another party that wakes. sim/sync.h is built of these.
#pragma once

#include "sim/task.h"

namespace sim {

// `co_await sleep_until(loop, t)`: resumes at t (at once if t is not in the future).
class SleepUntil : Waiter {
 public:
  SleepUntil(Loop& l, TimePoint when) : loop_(l), when_(when) {}
  ~SleepUntil() {
    if (pending_) {
      loop_.cancel(when_, *this);
      loop_.count_sleep(daemon, -1);
    }
  }
  bool await_ready() const { return when_ <= loop_.now(); }
  void await_suspend(std::coroutine_handle<> h) {
    suspend(loop_, h, "time to pass");
    pending_ = true;
    loop_.count_sleep(daemon, 1);
    loop_.at(when_, *this);
  }
  void await_resume() {
    if (pending_) {
      pending_ = false;
      loop_.count_sleep(daemon, -1);
    }
  }

 private:
  Loop& loop_;
  TimePoint when_;
  bool pending_ = false;
};

inline SleepUntil sleep_until(Loop& loop, TimePoint when) { return SleepUntil(loop, when); }
inline SleepUntil sleep_for(Loop& loop, Duration d) { return SleepUntil(loop, loop.now() + d); }

// A waiter that another party wakes: queued, then posted to the loop once, then resumed.
class QueuedWaiter : public Waiter, public ListNode {
 public:
  explicit QueuedWaiter(Loop& l) : loop_(l) {}
  ~QueuedWaiter() {
    if (woken_) {
      loop_.cancel(woken_at_, *this);
    }
  }
  void wake() {
    unlink();
    woken_ = true;
    woken_at_ = loop_.now();
    loop_.post(*this);
  }
  // Woken and not resumed yet.
  bool woken() const { return woken_; }

 protected:
  void resumed() { woken_ = false; }
  Loop& loop_;

 private:
  TimePoint woken_at_;
  bool woken_ = false;
};

}  // namespace sim
