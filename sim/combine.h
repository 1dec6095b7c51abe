// Waiting for several tasks, and for one with a limit.
#pragma once

#include <optional>
#include <utility>

#include "sim/wait.h"

namespace sim {

// Runs all tasks at the same time and waits for every one of them, whatever the first results are.
// The results stay in the tasks: take() them in order. `tasks` must outlive the wait.
template <typename Tasks>
class WhenAll : QueuedWaiter, Completion {
 public:
  WhenAll(Loop& l, Tasks& tasks) : QueuedWaiter(l), tasks_(tasks) { done = &WhenAll::one_done; }
  bool await_ready() const { return tasks_.empty(); }
  bool await_suspend(std::coroutine_handle<> h) {
    suspend(h);
    left_ = tasks_.size() + 1;
    for (auto& task : tasks_) {
      task.start(*this);
      loop().set_current(root());
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
  Tasks& tasks_;
  std::size_t left_ = 0;
};

// `tasks` is a vector of tasks, with whatever allocator.
template <typename Tasks>
WhenAll<Tasks> when_all(Loop& loop, Tasks& tasks) {
  return WhenAll<Tasks>(loop, tasks);
}

// Runs `task` for at most `limit`: its result, or nothing after cancelling it. A task that ends in
// the very instant of the limit counts as finished if its end was scheduled first.
template <typename T>
class WithTimeout : QueuedWaiter, Completion {
 public:
  WithTimeout(Loop& l, Task<T> task, Duration limit)
      : QueuedWaiter(l), task_(std::move(task)), limit_(limit) {
    done = &WithTimeout::finished;
    timer_.fire = &WithTimeout::expired;
    timer_.owner = this;
  }
  ~WithTimeout() { disarm(); }
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    suspend(h);
    deadline_ = loop().now() + limit_;
    armed_ = true;
    if (!daemon()) {
      loop().expect(deadline_);
    }
    loop().at(deadline_, timer_);
    task_.start(*this);
    loop().set_current(root());
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
      loop().cancel(deadline_, timer_);
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
    self.loop().resumed(self.root_ref());  // a limit that is reached is progress
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
