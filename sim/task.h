// Coroutines: Task<T> is a call that may wait, TaskGroup owns lines of activity.
#pragma once

#include <coroutine>
#include <list>
#include <optional>
#include <string_view>
#include <utility>

#include "sim/frame_pool.h"
#include "sim/loop.h"

namespace sim {

// A suspended coroutine as the loop and the sync primitives see it. It stands in the awaiter,
// inside the coroutine's own frame: destroying the coroutine destroys the Waiter, which takes
// itself out of any list; the awaiter takes back what it scheduled.
class Waiter : public Callback {
 public:
  explicit Waiter(Loop& loop) : loop_(&loop) { fire = &Waiter::resume; }
  Loop& loop() const { return *loop_; }
  // Whose it is, once it has suspended.
  Root* root() const { return root_.root(); }

 protected:
  void suspend(std::coroutine_handle<> h) {
    touches = h.address();
    root_ = loop_->current_ref();
  }
  RootRef root_ref() const { return root_; }
  bool daemon() const { return root_.daemon(); }

 private:
  static void resume(Callback& self) {
    auto& w = static_cast<Waiter&>(self);
    w.loop_->resumed(w.root_);
    std::coroutine_handle<>::from_address(const_cast<void*>(w.touches)).resume();
  }
  Loop* loop_;
  RootRef root_;

 protected:
  bool scheduled_ = false;  // an event is pending that will resume it
};

// Told when a task ends; what TaskGroup and when_all wait with.
struct Completion {
  void (*done)(Completion&) = nullptr;
};

template <typename T>
class Task;

// `co_return sim::kInPlace;` ends a task whose result was made with sim::in_place.
struct InPlace {};
inline constexpr InPlace kInPlace;

namespace internal {

struct PromiseBase : Pooled {
  std::coroutine_handle<> continuation;
  Completion* completion = nullptr;

  struct Final {
    bool await_ready() const noexcept { return false; }
    template <typename P>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<P> h) const noexcept {
      PromiseBase& p = h.promise();
      if (p.completion != nullptr) {
        p.completion->done(*p.completion);  // may destroy this frame: touch nothing after
        return std::noop_coroutine();
      }
      return p.continuation;
    }
    void await_resume() const noexcept {}
  };
  std::suspend_always initial_suspend() const noexcept { return {}; }
  Final final_suspend() const noexcept { return {}; }
  [[noreturn]] void unhandled_exception() const { fail_check("an exception left a task"); }
};

template <typename T>
struct Promise : PromiseBase {
  std::optional<T> value;
  Task<T> get_return_object();
  void return_value(T v) { value.emplace(std::move(v)); }
  void return_value(InPlace) {}
  T take() { return std::move(*value); }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() const {}
  void take() const {}
};

}  // namespace internal

// A coroutine that starts when awaited and hands its result to the one that awaits it: a call and a
// return, with no event between. Destroying a Task that has not finished cancels the waiting in it.
template <typename T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = internal::Promise<T>;

  Task() = default;
  Task(Task&& o) noexcept : h_(std::exchange(o.h_, nullptr)) {}
  Task& operator=(Task&& o) noexcept {
    if (this != &o) {
      destroy();
      h_ = std::exchange(o.h_, nullptr);
    }
    return *this;
  }
  ~Task() { destroy(); }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
    h_.promise().continuation = caller;
    return h_;
  }
  T await_resume() { return h_.promise().take(); }

  // Runs it up to its first wait; `completion` is told at the end. For owners that are no
  // coroutine.
  void start(Completion& completion) {
    h_.promise().completion = &completion;
    h_.resume();
  }
  T take() { return h_.promise().take(); }
  bool valid() const { return static_cast<bool>(h_); }

 private:
  friend promise_type;
  explicit Task(std::coroutine_handle<promise_type> h) : h_(h) {}
  void destroy() {
    if (h_) {
      std::exchange(h_, nullptr).destroy();
    }
  }
  std::coroutine_handle<promise_type> h_;
};

template <typename T>
Task<T> internal::Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> internal::Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

// `T& result = co_await sim::in_place<T>();` in a Task<T>: its result, as T's default, to be filled
// where the caller takes it from; end with `co_return sim::kInPlace`. For results that are large or
// that many tasks wait with: saves the frame a copy. Does not suspend.
template <typename T>
class in_place {
 public:
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<internal::Promise<T>> h) noexcept {
    value_ = &h.promise().value.emplace();
    return false;
  }
  T& await_resume() const noexcept { return *value_; }

 private:
  T* value_ = nullptr;
};

enum class TaskKind { normal, daemon };

// Owns running tasks; each is a Root of its own. Destroying the group, or cancel_all(), cancels
// them. Not to be destroyed from within one of its own tasks.
class TaskGroup {
 public:
  explicit TaskGroup(Loop& loop) : loop_(loop) {}
  ~TaskGroup() { cancel_all(); }
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts `task` from the loop, at the present time, after what is already due. A normal task
  // keeps the run alive until it ends.
  void spawn(Task<void> task, std::string_view name, TaskKind kind = TaskKind::normal);
  void cancel_all();
  std::size_t size() const { return members_.size(); }

 private:
  struct Member;
  using Members = std::list<Member, PoolAllocator<Member>>;
  struct Member : Callback, Completion {
    Root root;
    Task<void> task;
    TaskGroup* group = nullptr;
    Members::iterator self;
    TimePoint posted;
    bool started = false;
    bool finished = false;
  };
  static void start(Callback& callback);
  static void done(Completion& completion);
  static void reap(Callback& callback);

  Loop& loop_;
  Members members_;
};

}  // namespace sim
