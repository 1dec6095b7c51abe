// What coroutines wait on. Everyone woken is resumed by the loop, in the order of waking, never
// from inside the call that wakes; a waiter that is destroyed leaves its queue and gives back what
// it was handed. The names given here appear in a deadlock report; they must outlive what they
// name.
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/task.h"

namespace sim {

// `co_await sleep_until(loop, t)`: resumes at t (at once if t is not in the future).
class SleepUntil : Waiter {
 public:
  SleepUntil(Loop& loop, TimePoint when) : loop_(loop), when_(when) {}
  ~SleepUntil() {
    if (pending_) {
      loop_.cancel(when_, *this);
      loop_.count_sleep(root, -1);
    }
  }
  bool await_ready() const { return when_ <= loop_.now(); }
  void await_suspend(std::coroutine_handle<> h) {
    suspend(loop_, h, "time to pass");
    pending_ = true;
    loop_.count_sleep(root, 1);
    loop_.at(when_, *this);
  }
  void await_resume() {
    if (pending_) {
      pending_ = false;
      loop_.count_sleep(root, -1);
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
class QueuedWaiter : public Waiter {
 public:
  explicit QueuedWaiter(Loop& loop) : loop_(loop) {}
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

// Set once or reset by hand; wakes all.
class Event {
 public:
  explicit Event(Loop& loop, std::string_view name = "an event") : loop_(loop), name_(name) {}
  bool is_set() const { return set_; }
  void set() {
    set_ = true;
    while (!waiters_.empty()) {
      waiters_.front().wake();
    }
  }
  void reset() { set_ = false; }

  class Wait : QueuedWaiter {
   public:
    explicit Wait(Event& event) : QueuedWaiter(event.loop_), event_(event) {}
    bool await_ready() const { return event_.set_; }
    void await_suspend(std::coroutine_handle<> h) {
      suspend(loop_, h, event_.name_);
      event_.waiters_.push_back(*this);
    }
    void await_resume() { resumed(); }

   private:
    friend class Event;
    friend class IntrusiveList<QueuedWaiter>;
    Event& event_;
  };
  Wait wait() { return Wait(*this); }

 private:
  Loop& loop_;
  std::string_view name_;
  bool set_ = false;
  IntrusiveList<QueuedWaiter> waiters_;
};

// Counted permits, first come first served: a large request at the head is not overtaken.
class Semaphore {
 public:
  Semaphore(Loop& loop, std::uint64_t permits, std::string_view name = "semaphore")
      : loop_(loop), permits_(permits), name_(name) {}

  std::uint64_t available() const { return permits_; }
  bool has_waiters() const { return !waiters_.empty(); }
  std::string_view name() const { return name_; }
  bool try_acquire(std::uint64_t n = 1) {
    if (!waiters_.empty() || permits_ < n) {
      return false;
    }
    permits_ -= n;
    return true;
  }
  void release(std::uint64_t n = 1) {
    permits_ += n;
    while (!waiters_.empty() && permits_ >= waiters_.front().wanted) {
      permits_ -= waiters_.front().wanted;
      waiters_.front().wake();
    }
  }

  class Acquire : public QueuedWaiter {
   public:
    Acquire(Semaphore& semaphore, std::uint64_t n)
        : QueuedWaiter(semaphore.loop_), wanted(n), semaphore_(semaphore) {}
    ~Acquire() {
      if (woken()) {
        semaphore_.release(wanted);
      }
    }
    bool await_ready() { return semaphore_.try_acquire(wanted); }
    void await_suspend(std::coroutine_handle<> h) {
      suspend(loop_, h, semaphore_.name_);
      semaphore_.waiters_.push_back(*this);
    }
    void await_resume() { resumed(); }
    std::uint64_t wanted;

   private:
    Semaphore& semaphore_;
  };
  // Take n permits; the caller gives them back with release(n).
  Acquire acquire(std::uint64_t n = 1) { return Acquire(*this, n); }

 private:
  Loop& loop_;
  std::uint64_t permits_;
  std::string_view name_;
  IntrusiveList<Acquire> waiters_;
};

// An unbounded queue of values between coroutines; each value goes to the longest waiting receiver.
template <typename T>
class Channel {
 public:
  explicit Channel(Loop& loop, std::string_view name = "a channel") : loop_(loop), name_(name) {}
  std::size_t size() const { return values_.size(); }
  bool has_receiver() const { return !waiters_.empty(); }

  void send(T value) {
    if (waiters_.empty()) {
      values_.push_back(std::move(value));
      return;
    }
    Receive& receiver = waiters_.front();
    receiver.value_.emplace(std::move(value));
    receiver.wake();
  }

  class Receive : public QueuedWaiter {
   public:
    explicit Receive(Channel& channel) : QueuedWaiter(channel.loop_), channel_(channel) {}
    ~Receive() {
      if (woken()) {  // cancelled between the hand-over and the resumption: the value goes back
        channel_.put_back(std::move(*value_));
      }
    }
    bool await_ready() {
      if (channel_.values_.empty()) {
        return false;
      }
      value_.emplace(std::move(channel_.values_.front()));
      channel_.values_.pop_front();
      return true;
    }
    void await_suspend(std::coroutine_handle<> h) {
      suspend(loop_, h, channel_.name_);
      channel_.waiters_.push_back(*this);
    }
    T await_resume() {
      resumed();
      return std::move(*value_);
    }

   private:
    friend class Channel;
    Channel& channel_;
    std::optional<T> value_;
  };
  Receive receive() { return Receive(*this); }

 private:
  void put_back(T value) {
    if (waiters_.empty()) {
      values_.push_front(std::move(value));
    } else {
      Receive& receiver = waiters_.front();
      receiver.value_.emplace(std::move(value));
      receiver.wake();
    }
  }
  Loop& loop_;
  std::string_view name_;
  std::deque<T> values_;
  IntrusiveList<Receive> waiters_;
};

// Runs all tasks at the same time and waits for every one of them, whatever the first results are.
// The results stay in the tasks: take() them in order. `tasks` must outlive the wait.
template <typename T>
class WhenAll : QueuedWaiter, Completion {
 public:
  WhenAll(Loop& loop, std::vector<Task<T>>& tasks) : QueuedWaiter(loop), tasks_(tasks) {
    done = &WhenAll::one_done;
  }
  bool await_ready() const { return tasks_.empty(); }
  bool await_suspend(std::coroutine_handle<> h) {
    suspend(loop_, h, "all parts");
    left_ = tasks_.size() + 1;
    for (Task<T>& task : tasks_) {
      task.start(*this);
      loop_.set_current(root);
    }
    return --left_ > 0;
  }
  void await_resume() { resumed(); }

 private:
  static void one_done(Completion& completion) {
    auto& self = static_cast<WhenAll&>(completion);
    if (--self.left_ == 0) {
      self.wake();
    }
  }
  std::vector<Task<T>>& tasks_;
  std::size_t left_ = 0;
};

template <typename T>
WhenAll<T> when_all(Loop& loop, std::vector<Task<T>>& tasks) {
  return WhenAll<T>(loop, tasks);
}

// Runs `task` for at most `limit`: its result, or nothing after cancelling it. A task that ends in
// the very instant of the limit counts as finished if its end was scheduled first.
template <typename T>
class WithTimeout : QueuedWaiter, Completion {
 public:
  WithTimeout(Loop& loop, Task<T> task, Duration limit)
      : QueuedWaiter(loop), task_(std::move(task)), limit_(limit) {
    done = &WithTimeout::finished;
    timer_.fire = &WithTimeout::expired;
    timer_.owner = this;
  }
  ~WithTimeout() { disarm(); }
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    suspend(loop_, h, "a result or a time-out");
    deadline_ = loop_.now() + limit_;
    armed_ = true;
    loop_.at(deadline_, timer_);
    task_.start(*this);
    loop_.set_current(root);
  }
  std::optional<T> await_resume() {
    resumed();
    if (!finished_) {
      task_ = Task<T>();
      return std::nullopt;
    }
    return task_.take();
  }

 private:
  struct Timer : Callback {
    WithTimeout* owner = nullptr;
  };
  void disarm() {
    if (armed_) {
      armed_ = false;
      loop_.cancel(deadline_, timer_);
    }
  }
  static void finished(Completion& completion) {
    auto& self = static_cast<WithTimeout&>(completion);
    if (self.woken()) {
      return;  // the limit came first, in this same instant
    }
    self.finished_ = true;
    self.disarm();
    self.wake();
  }
  static void expired(Callback& callback) {
    WithTimeout& self = *static_cast<Timer&>(callback).owner;
    self.armed_ = false;
    self.wake();
  }
  Task<T> task_;
  Duration limit_;
  TimePoint deadline_;
  Timer timer_;
  bool armed_ = false;
  bool finished_ = false;
};

template <typename T>
WithTimeout<T> with_timeout(Loop& loop, Task<T> task, Duration limit) {
  return WithTimeout<T>(loop, std::move(task), limit);
}

}  // namespace sim
