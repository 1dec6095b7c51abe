// What coroutines wait on. Everyone woken is resumed by the loop, in the order of waking, never
// from inside the call that wakes; a waiter that is destroyed leaves its queue and gives back what
// it was handed. The names given here appear in a deadlock report; they must outlive what they
// name.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>

#include "sim/combine.h"
#include "sim/wait.h"

namespace sim {

// Set once or reset by hand; wakes all.
class Event {
 public:
  explicit Event(Loop& loop, std::string_view name = "an event")
      : loop_(loop), waiters_(loop, name) {}
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
      suspend(h);
      event_.waiters_.push_back(*this);
    }
    void await_resume() { resumed(); }

   private:
    friend class Event;
    Event& event_;
  };
  Wait wait() { return Wait(*this); }

 private:
  Loop& loop_;
  bool set_ = false;
  WaitQueue<> waiters_;
};

// Counted permits, first come first served: a large request at the head is not overtaken.
class Semaphore {
 public:
  Semaphore(Loop& loop, std::uint64_t permits, std::string_view name = "semaphore")
      : loop_(loop), permits_(permits), waiters_(loop, name) {}

  std::uint64_t available() const { return permits_; }
  bool has_waiters() const { return !waiters_.empty(); }
  std::string_view name() const { return waiters_.name(); }
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
      } else if (linked()) {
        unlink();
        semaphore_.release(0);  // those behind it may want less than it did
      }
    }
    bool await_ready() { return semaphore_.try_acquire(wanted); }
    void await_suspend(std::coroutine_handle<> h) {
      suspend(h);
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
  WaitQueue<Acquire> waiters_;
};

// An unbounded queue of values between coroutines; each value goes to the longest waiting receiver.
template <typename T>
class Channel {
 public:
  explicit Channel(Loop& loop, std::string_view name = "a channel")
      : loop_(loop), waiters_(loop, name) {}
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
      suspend(h);
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
  std::deque<T> values_;
  WaitQueue<Receive> waiters_;
};

}  // namespace sim
