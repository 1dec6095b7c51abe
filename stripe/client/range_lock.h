// Which of a client's writers to one file may go on together.
#pragma once

#include "sim/sync.h"
#include "sim/units.h"

namespace stripe {

// Writers of ranges that overlap take turns, in the order of coming; others do not wait for each
// other (Lustre since 2.9: the range lock of ll_file_io_generic; before, one mutex for each file,
// which a range of the whole file amounts to).
class RangeLock final : sim::WaitPlace {
 public:
  explicit RangeLock(sim::Loop& loop) : WaitPlace(loop), loop_(loop) {}

  // One writer's turn, from the end of `co_await turn.wait()` to the destruction of the turn.
  class Turn : public sim::ListNode {
   public:
    Turn(RangeLock& lock, sim::Extent range) : lock_(lock), range_(range) {
      lock_.turns_.push_back(*this);
    }
    ~Turn() {
      unlink();
      lock_.let_in();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    // True if nobody has to be waited for.
    bool free() const { return lock_.first_in(*this); }

    class Wait : public sim::QueuedWaiter {
     public:
      explicit Wait(Turn& turn) : QueuedWaiter(turn.lock_.loop_), turn_(turn) {}
      ~Wait() { turn_.waiter_ = nullptr; }
      bool await_ready() const { return turn_.free(); }
      void await_suspend(std::coroutine_handle<> h) {
        suspend(h);
        turn_.waiter_ = this;
      }
      void await_resume() { resumed(); }

     private:
      Turn& turn_;
    };
    Wait wait() { return Wait(*this); }

   private:
    friend class RangeLock;
    RangeLock& lock_;
    sim::Extent range_;
    Wait* waiter_ = nullptr;
  };

 private:
  // Nobody before it has a range that overlaps.
  bool first_in(const Turn& turn) const {
    bool first = true;
    bool before = true;
    turns_.for_each([&](const Turn& other) {
      before = before && &other != &turn;
      first = first && !(before && other.range_.overlaps(turn.range_));
    });
    return first;
  }
  void let_in() {
    turns_.for_each([&](Turn& turn) {
      if (turn.waiter_ != nullptr && !turn.waiter_->woken() && first_in(turn)) {
        turn.waiter_->wake();
      }
    });
  }
  void tell(std::vector<WaitPlace::Wait>& waits) const override {
    turns_.for_each([&](const Turn& turn) {
      if (turn.waiter_ != nullptr) {
        waits.push_back({turn.waiter_->root(), "other writers of the range"});
      }
    });
  }

  sim::Loop& loop_;
  sim::IntrusiveList<Turn> turns_;  // in the order of coming
};

}  // namespace stripe
