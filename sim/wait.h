// The two ways to wait: for a time, and for another party that wakes. sim/sync.h is built of these.
#pragma once

#include "sim/task.h"

namespace sim {

// `co_await sleep_until(loop, t)`: resumes at t (at once if t is not in the future). It has no name
// in a deadlock report, since whoever sleeps will wake: a root in such a report never does.
class SleepUntil : Waiter {
 public:
  SleepUntil(Loop& l, TimePoint when) : Waiter(l), when_(when) {}
  SleepUntil(const SleepUntil&) = delete;
  SleepUntil& operator=(const SleepUntil&) = delete;
  ~SleepUntil() {
    if (scheduled_) {
      loop().cancel(when_, *this);
    }
  }
  bool await_ready() const { return when_ <= loop().now(); }
  void await_suspend(std::coroutine_handle<> h) {
    suspend(h);
    scheduled_ = true;
    if (!daemon()) {
      loop().expect(when_);
    }
    loop().at(when_, *this);
  }
  void await_resume() { scheduled_ = false; }

 private:
  TimePoint when_;
};

inline SleepUntil sleep_until(Loop& loop, TimePoint when) { return SleepUntil(loop, when); }
inline SleepUntil sleep_for(Loop& loop, Duration d) { return SleepUntil(loop, loop.now() + d); }

// A waiter that another party wakes: queued, then posted to the loop once, then resumed.
class QueuedWaiter : public Waiter, public ListNode {
 public:
  explicit QueuedWaiter(Loop& l) : Waiter(l) {}
  ~QueuedWaiter() {
    if (scheduled_) {
      loop().cancel(woken_at_, *this);
    }
  }
  void wake() {
    unlink();
    __builtin_prefetch(touches);  // after a long wait it is in no cache
    scheduled_ = true;
    woken_at_ = loop().now();
    loop().post(*this);
  }
  // Woken and not resumed yet.
  bool woken() const { return scheduled_; }

 protected:
  void resumed() { scheduled_ = false; }

 private:
  TimePoint woken_at_;
};

// Those who wait at one place, in the order of coming. `name` says for what, and must outlive the
// queue.
template <typename W = QueuedWaiter>
class WaitQueue final : public IntrusiveList<W>, WaitPlace {
 public:
  WaitQueue(Loop& loop, std::string_view name) : WaitPlace(loop), name_(name) {}
  std::string_view name() const { return name_; }

 private:
  void tell(std::vector<Wait>& waits) const override {
    this->for_each([&](const W& waiter) { waits.push_back({waiter.root(), name_}); });
  }
  std::string_view name_;
};

}  // namespace sim
