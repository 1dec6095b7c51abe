// What the fast fabric keeps per port and per message.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/callback.h"
#include "sim/units.h"
#include "transport/fabric/fabric.h"
#include "transport/fabric/quanta.h"
#include "transport/fabric/topology.h"

namespace transport::fast {

struct Flow;
struct Port;

inline constexpr sim::TimePoint kNever = sim::TimePoint::max();

// When the quanta of one message are ready at a port: a first-in first-out queue whose memory is
// kept from message to message.
class ReadyTimes {
 public:
  // Empties it and makes room for `count` times to be pushed.
  void reset(std::uint32_t count);
  bool empty() const { return head_ == tail_; }
  std::uint32_t size() const { return tail_ - head_; }
  sim::TimePoint front() const { return times_[head_]; }
  sim::TimePoint back() const { return times_[tail_ - 1]; }
  sim::TimePoint operator[](std::size_t i) const { return times_[head_ + i]; }
  void push(sim::TimePoint t) { times_[tail_++] = t; }
  void pop() { ++head_; }

 private:
  std::unique_ptr<sim::TimePoint[]> times_;
  std::uint32_t head_ = 0;
  std::uint32_t tail_ = 0;
  std::uint32_t capacity_ = 0;
};

// A message's place at one port of its path. While it has quanta left it stands either in the
// port's ring (its previous quantum is booked) or among the port's waiting (the next one is not
// ready). What booking touches comes first, so that it shares a cache line.
struct alignas(64) Hop {
  Hop* next = nullptr;
  std::uint32_t left = 0;  // quanta not booked yet
  // This port has to wake the loop before the message's last quantum ends here. Exactly one hop of
  // a message has the duty, until the end is known.
  bool on_duty = false;
  bool first = false;          // of the path: all quanta are ready from the beginning
  sim::Duration full_service;  // of a full quantum
  sim::Duration last_service;  // of the last one
  sim::Duration delay_after;   // between this port and the next, or the end
  // When the quanta not booked here are ready, as far as booked at the previous port. Unused at the
  // first port.
  ReadyTimes ready;
  // The next quantum is not booked before: end of the one before, or the key among the waiting.
  sim::TimePoint not_before;
  // A lower bound of the end of the last quantum here, from what was known of the ports before.
  sim::TimePoint due;
  Port* port = nullptr;
  Flow* flow = nullptr;
  Hop* previous = nullptr;

  // After a quantum that ends at `end`: the next one is known not to be ready by then.
  bool dry(sim::TimePoint end) const { return !first && !ready.empty() && ready.front() > end; }
  bool all_ready() const { return first || ready.size() == left; }
};

struct Flow {
  Transfer* transfer = nullptr;
  sim::TimePoint sent;
  sim::TimePoint first_out;
  std::uint64_t order = 0;
  std::array<Hop, kPortKinds> hops;
};

// The messages in turn at a port, in the order in which their booked quanta end.
class TurnRing {
 public:
  struct Turn {
    Hop* hop;
    sim::TimePoint end;
  };
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  const Turn& operator[](std::size_t i) const { return slots_[(head_ + i) & (slots_.size() - 1)]; }
  const Turn& front() const { return slots_[head_]; }
  void push(const Turn& turn) {
    if (size_ == slots_.size()) {
      grow();
    }
    slots_[(head_ + size_++) & (slots_.size() - 1)] = turn;
  }
  void pop() {
    head_ = (head_ + 1) & (slots_.size() - 1);
    --size_;
  }
  // pop() and push() in one.
  void to_back(const Turn& turn) {
    const std::size_t mask = slots_.size() - 1;
    slots_[(head_ + size_) & mask] = turn;
    head_ = (head_ + 1) & mask;
  }

 private:
  void grow();

  std::vector<Turn> slots_;  // a power of two of them, or none
  std::size_t head_ = 0;
  std::size_t size_ = 0;
};

// A message whose next quantum cannot be booked before `key`.
struct Waiting {
  sim::TimePoint key;
  std::uint64_t order;  // of sending
  Hop* hop;

  bool before(const Waiting& o) const { return key != o.key ? key < o.key : order < o.order; }
};

// The waiting in order, earliest key first, equal ones in order of sending. What is added is sought
// from the back, for it is mostly among the last: a heap takes longer at all usual lengths.
class WaitingList {
 public:
  bool empty() const { return head_ == list_.size(); }
  std::size_t size() const { return list_.size() - head_; }
  const Waiting& front() const { return list_[head_]; }
  const Waiting& operator[](std::size_t i) const { return list_[head_ + i]; }
  void push(const Waiting& waiting) {
    list_.push_back(waiting);
    sink(waiting);
  }
  void pop() {
    if (++head_ == list_.size()) {
      list_.clear();
      head_ = 0;
    } else if (head_ >= kSlack && head_ >= list_.size() / 2) {
      close_up();
    }
  }
  // pop() and push() in one.
  void replace_front(const Waiting& waiting) {
    pop();
    push(waiting);
  }

 private:
  void sink(const Waiting& waiting) {
    std::size_t hole = list_.size() - 1;
    for (; hole > head_ && waiting.before(list_[hole - 1]); --hole) {
      list_[hole] = list_[hole - 1];
    }
    list_[hole] = waiting;
  }

  void close_up();

  // Places at the front that are left unused before the rest moves up.
  static constexpr std::size_t kSlack = 64;

  std::vector<Waiting> list_;  // from head_ on
  std::size_t head_ = 0;
};

// The wake-ups of one port. An earlier one may be asked for at any time; the later one then stands
// in the loop as stale and is ignored when it fires, which is cheaper than cancelling it.
class Alarm {
 public:
  sim::TimePoint at() const { return at_; }
  // An alarm at `when`, earlier than at(), was put into the loop.
  void set(sim::TimePoint when);
  // One fired at `now`. False: it was a stale one.
  bool fired(sim::TimePoint now);
  // Calls `visit(TimePoint)` for everything that is in the loop.
  template <typename Visit>
  void for_each(Visit visit) const {
    if (at_ != kNever) {
      visit(at_);
    }
    for (const sim::TimePoint t : stale_) {
      visit(t);
    }
  }

 private:
  sim::TimePoint at_ = kNever;
  std::vector<sim::TimePoint> stale_;
};

struct Port : sim::Callback {
  PortId id;
  sim::Rate rate;
  sim::Duration full_service;
  // Most messages are of a few sizes: the last short quantum asked for and its time.
  sim::Bytes short_bytes = kQuantum;
  sim::Duration short_service;
  sim::TimePoint tail;  // end of all that is booked
  sim::Duration booked;
  sim::Duration waited;        // of quanta ready for their turn
  sim::TimePoint advanced_to;  // everything booked before this instant is
  TurnRing ring;
  WaitingList waiting;
  Alarm alarm;

  // Time for a quantum of `bytes`.
  sim::Duration service(sim::Bytes bytes) {
    if (bytes == kQuantum) {
      return full_service;
    }
    if (bytes != short_bytes) {
      short_bytes = bytes;
      short_service = quantum_time(rate, bytes);
    }
    return short_service;
  }
};

}  // namespace transport::fast
