#include "sim/event_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "sim/rng.h"

namespace sim {
namespace {

constexpr std::uint64_t kForever = std::numeric_limits<std::uint64_t>::max();

// Callbacks that are told apart by their place.
class Callbacks {
 public:
  explicit Callbacks(std::size_t n) : callbacks_(n) {}
  Callback& operator[](std::size_t i) { return callbacks_[i]; }
  std::size_t index(const EventQueue::Entry& e) const {
    return static_cast<std::size_t>(e.callback - callbacks_.data());
  }

 private:
  std::vector<Callback> callbacks_;
};

TEST(EventQueue, AMillionTiesLeaveAsAStableSortPutsThem) {
  constexpr std::size_t kEvents = 1000000;
  Rng rng(1);
  std::vector<std::uint64_t> times(kEvents);
  std::ranges::generate(times, [&] { return 1000 + rng.below(3); });
  std::vector<std::size_t> order(kEvents);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return times[i]; });

  Callbacks callbacks(kEvents);
  EventQueue queue;
  for (std::size_t i = 0; i < kEvents; ++i) {
    queue.push(times[i], callbacks[i]);
  }
  for (const std::size_t expected : order) {
    const auto entry = queue.pop(kForever);
    ASSERT_TRUE(entry);
    ASSERT_EQ(callbacks.index(*entry), expected);
    ASSERT_EQ(entry->time, times[expected]);
  }
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, WhatIsPushedAtThePresentTimeComesAfterWhatIsAlreadyDue) {
  Callbacks callbacks(4);
  EventQueue queue;
  for (const std::size_t i : {0u, 1u}) {
    queue.push(7, callbacks[i]);
  }
  EXPECT_EQ(callbacks.index(*queue.pop(7)), 0u);
  queue.push(7, callbacks[2]);
  EXPECT_EQ(callbacks.index(*queue.pop(7)), 1u);
  queue.push(7, callbacks[3]);
  EXPECT_EQ(callbacks.index(*queue.pop(7)), 2u);
  EXPECT_EQ(callbacks.index(*queue.pop(7)), 3u);
}

TEST(EventQueue, PopTakesWhatIsDueAtTheLimitAndNothingLater) {
  Callbacks callbacks(1);
  EventQueue queue;
  queue.push(100, callbacks[0]);
  EXPECT_FALSE(queue.pop(99));
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_TRUE(queue.pop(100));
  EXPECT_FALSE(queue.pop(kForever));
}

TEST(EventQueue, AfterLookingAheadAnEarlierTimeMayStillBePushed) {
  Callbacks callbacks(3);
  EventQueue queue;
  queue.push(10, callbacks[0]);
  queue.push(1000, callbacks[1]);
  EXPECT_EQ(queue.pop(kForever)->time, 10u);
  EXPECT_FALSE(queue.pop(999));
  EXPECT_EQ(queue.next_time(), 1000u);
  queue.push(10, callbacks[2]);
  EXPECT_EQ(callbacks.index(*queue.pop(999)), 2u);
}

TEST(EventQueue, AfterSkippingACancelledEventAnEarlierTimeMayStillBePushed) {
  Callbacks callbacks(3);
  EventQueue queue;
  queue.push(100, callbacks[0]);
  queue.push(5000, callbacks[1]);
  queue.cancel(100, callbacks[0]);
  EXPECT_FALSE(queue.pop(4999));
  queue.push(50, callbacks[2]);
  EXPECT_EQ(queue.pop(kForever)->time, 50u);
  queue.cancel(5000, callbacks[1]);
  EXPECT_FALSE(queue.pop(kForever));
  queue.push(50, callbacks[2]);
  EXPECT_EQ(queue.pop(kForever)->time, 50u);
}

// Few pending times are sorted at once, many are spread first, and a sorted run that grows is
// spread again: the order is the same on either side of every bound.
TEST(EventQueue, HoweverManyTimesArePushedBeforeTheNearestTheyLeaveInOrder) {
  for (std::size_t first = 28; first <= 36; ++first) {
    for (std::size_t more = 28; more <= 38; ++more) {
      Callbacks callbacks(first + more);
      EventQueue queue;
      std::multimap<std::uint64_t, std::size_t> model;
      const auto push = [&](std::uint64_t time, std::size_t i) {
        queue.push(time, callbacks[i]);
        model.emplace(time, i);
      };
      for (std::size_t i = 0; i < first; ++i) {
        push(1100 + i * 37 % 64, i);
      }
      EXPECT_FALSE(queue.pop(1099));
      for (std::size_t i = 0; i < more; ++i) {
        push(1000 + i * 53 % 200, first + i);
      }
      for (const auto& [time, i] : model) {
        const auto entry = queue.pop(time);
        ASSERT_TRUE(entry) << first << " and " << more;
        ASSERT_EQ(entry->time, time);
        ASSERT_EQ(callbacks.index(*entry), i);
      }
      EXPECT_TRUE(queue.empty());
    }
  }
}

TEST(EventQueue, TheWholeRangeOfTimesIsAllowed) {
  Callbacks callbacks(3);
  EventQueue queue;
  queue.push(kForever, callbacks[0]);
  queue.push(0, callbacks[1]);
  queue.push(kForever - 1, callbacks[2]);
  EXPECT_EQ(callbacks.index(*queue.pop(kForever)), 1u);
  EXPECT_EQ(callbacks.index(*queue.pop(kForever)), 2u);
  EXPECT_FALSE(queue.pop(kForever - 1));
  EXPECT_EQ(callbacks.index(*queue.pop(kForever)), 0u);
}

TEST(EventQueue, OneOfTwoEqualEntriesCanBeCancelled) {
  Callbacks callbacks(1);
  EventQueue queue;
  queue.push(5, callbacks[0]);
  queue.push(5, callbacks[0]);
  queue.cancel(5, callbacks[0]);
  EXPECT_EQ(queue.size(), 1u);
  EXPECT_TRUE(queue.pop(5));
  EXPECT_FALSE(queue.pop(5));
}

TEST(EventQueue, CancelledAndPushedAgainItTakesItsNewPlace) {
  Callbacks callbacks(2);
  EventQueue queue;
  queue.push(5, callbacks[0]);
  queue.push(5, callbacks[1]);
  queue.cancel(5, callbacks[0]);
  queue.push(5, callbacks[0]);
  EXPECT_EQ(callbacks.index(*queue.pop(5)), 1u);
  EXPECT_EQ(callbacks.index(*queue.pop(5)), 0u);
}

TEST(EventQueueDeathTest, TheTimeBeforeTheLastPoppedIsThePast) {
  Callbacks callbacks(1);
  EventQueue queue;
  queue.push(5, callbacks[0]);
  ASSERT_TRUE(queue.pop(5));
  queue.push(5, callbacks[0]);
  EXPECT_DEATH(queue.push(4, callbacks[0]), "scheduled in the past");
}

TEST(EventQueueDeathTest, WithNothingPendingNothingCanBeCancelled) {
  Callbacks callbacks(1);
  EventQueue queue;
  EXPECT_DEATH(queue.cancel(4, callbacks[0]), "not pending");
}

// The queue beside a sorted map, driven by the same random calls.
class Twins {
 public:
  Twins(std::uint64_t seed, std::uint64_t cancels) : rng_(seed), cancels_(cancels) {}

  void step() {
    const std::uint64_t choice = rng_.below(100);
    if (choice < cancels_) {
      cancel();
    } else if (choice < 60) {
      push();
    } else {
      pop(choice < 80 ? kForever : now_ + delay());
    }
    ASSERT_EQ(queue_.size(), model_.size());
    if (choice == 99) {
      const auto next = queue_.next_time();
      ASSERT_EQ(next.has_value(), !model_.empty());
      ASSERT_TRUE(!next || *next == model_.begin()->first.first);
    }
  }

 private:
  std::uint64_t delay() {
    const std::uint64_t magnitude = rng_.below(5);
    return rng_.below(std::uint64_t{1} << (magnitude * magnitude * 2));
  }
  void push() {
    const std::size_t i = serial_ % kPlaces;
    if (pending_[i]) {
      ++serial_;
      return;
    }
    const std::uint64_t time = now_ + delay();
    queue_.push(time, callbacks_[i]);
    model_.emplace(std::pair(time, serial_++), i);
    pending_[i] = true;
  }
  void pop(std::uint64_t limit) {
    const auto entry = queue_.pop(limit);
    const auto first = model_.begin();
    ASSERT_EQ(entry.has_value(), !model_.empty() && first->first.first <= limit);
    if (entry) {
      ASSERT_EQ(entry->time, first->first.first);
      ASSERT_EQ(callbacks_.index(*entry), first->second);
      now_ = entry->time;
      pending_[first->second] = false;
      model_.erase(first);
    }
  }
  void cancel() {
    if (model_.empty()) {
      return;
    }
    auto it = model_.lower_bound({now_ + delay(), 0});
    it = it == model_.end() ? std::prev(it) : it;
    queue_.cancel(it->first.first, callbacks_[it->second]);
    pending_[it->second] = false;
    model_.erase(it);
  }

  static constexpr std::size_t kPlaces = 6000;
  Rng rng_;
  std::uint64_t cancels_;
  std::uint64_t now_ = 0;
  std::uint64_t serial_ = 0;
  Callbacks callbacks_{kPlaces};
  std::vector<bool> pending_ = std::vector<bool>(kPlaces);
  EventQueue queue_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> model_;
};

TEST(EventQueue, BehavesLikeASortedMapUnderRandomCalls) {
  for (const std::uint64_t cancels : {0u, 5u, 20u, 45u}) {
    Twins twins(cancels, cancels);
    for (int i = 0; i < 100000; ++i) {
      ASSERT_NO_FATAL_FAILURE(twins.step()) << "after " << i << " calls, cancelling " << cancels;
    }
  }
}

TEST(EventQueue, DeadEntriesAreSweptWhileManyAreCancelled) {
  Callbacks callbacks(20000);
  EventQueue queue;
  for (std::size_t i = 0; i < 20000; ++i) {
    queue.push(i, callbacks[i]);
  }
  for (std::size_t i = 0; i < 20000; ++i) {
    if (i % 10 != 0) {
      queue.cancel(i, callbacks[i]);
    }
  }
  for (std::size_t i = 0; i < 20000; i += 10) {
    ASSERT_EQ(queue.pop(kForever)->time, i);
  }
  EXPECT_FALSE(queue.pop(kForever));
}

}  // namespace
}  // namespace sim
