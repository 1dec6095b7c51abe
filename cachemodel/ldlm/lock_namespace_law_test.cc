// Laws of a lock server under random requests, cancels, conversions and evictions.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "cachemodel/ldlm/lock_namespace.h"
#include "sim/rng.h"

namespace cachemodel {
namespace {

constexpr ClientId kClients = 6;

// What a server would know that only follows the replies and callbacks.
struct Known {
  LockMode mode = LockMode::pr;
  ClientId client = 0;
  std::uint64_t group = 0;
  sim::Extent extent;  // asked for while it waits, then granted
  InodeBits bits = 0;
  bool granted = false;
  bool called_back = false;
};

bool conflicting(const Known& a, const Known& b) {
  return incompatible(a.mode, a.group, b.mode, b.group) && (a.bits & b.bits) != 0 &&
         a.extent.overlaps(b.extent);
}

class Server {
 public:
  Server(LockType type, std::uint64_t seed) : type_(type), rng_(seed), locks_(type) {}

  void step() {
    const std::uint64_t choice = rng_.below(100);
    if (known_.empty() || choice < 50) {
      enqueue();
    } else if (choice < 90) {
      cancel(any_lock());
    } else if (choice < 97) {
      convert(any_lock());
    } else {
      evict(rng_.below(kClients));
    }
    check();
  }

  // Holders give back what they are asked for, and nobody asks for more: all are granted.
  void drain() {
    while (locks_.waiting_count() > 0) {
      const auto held = std::ranges::find_if(known_, [](const auto& entry) {
        return entry.second.granted && entry.second.called_back;
      });
      ASSERT_NE(held, known_.end()) << "somebody waits, and nobody was asked";
      cancel(held->first);
      check();
    }
  }

 private:
  LockHandle any_lock() {
    return std::next(known_.begin(), static_cast<std::ptrdiff_t>(rng_.below(known_.size())))->first;
  }

  LockRequest any_request() {
    LockRequest request;
    request.client = rng_.below(kClients);
    request.mode = static_cast<LockMode>(rng_.below(kLockModes));
    request.group = request.mode == LockMode::group ? rng_.below(2) : 0;
    request.non_blocking = rng_.chance(1, 10);
    if (type_ == LockType::extent) {
      const sim::Bytes begin = rng_.below(40) * 4096;
      const bool to_the_end = rng_.chance(1, 10);
      request.extent = {begin, to_the_end ? sim::kEof : begin + (1 + rng_.below(8)) * 4096};
      request.no_expansion = rng_.chance(1, 2);
    } else {
      const std::uint64_t some = rng_.below(kAllInodeBits + 1);
      request.bits = static_cast<InodeBits>(some & rng_.next());
      request.try_bits = static_cast<InodeBits>(rng_.below(kAllInodeBits + 1));
    }
    return request;
  }

  void enqueue() {
    const LockRequest request = any_request();
    const EnqueueResult result = locks_.enqueue(request, {}, out_);
    Known lock{request.mode, request.client, request.group, request.extent, request.bits, {}, {}};
    if (type_ == LockType::extent) {
      lock.bits = kAllInodeBits;
    }
    const bool free = std::ranges::none_of(
        known_, [&](const auto& entry) { return conflicting(entry.second, lock); });
    EXPECT_TRUE(free || result.outcome != EnqueueOutcome::granted);
    EXPECT_TRUE(!free || result.outcome != EnqueueOutcome::waiting);
    if (result.outcome == EnqueueOutcome::would_block) {
      EXPECT_TRUE(request.non_blocking || request.bits == 0);
      EXPECT_TRUE(out_.blocking.empty());
      return;
    }
    if (result.outcome == EnqueueOutcome::granted) {
      EXPECT_EQ(result.extent.intersect(lock.extent), lock.extent);
      EXPECT_EQ(result.bits & lock.bits, lock.bits);
      lock = {lock.mode, lock.client, lock.group, result.extent, result.bits, true, false};
    }
    known_[result.handle] = lock;
    learn();
  }

  void cancel(LockHandle handle) {
    known_.erase(handle);
    EXPECT_TRUE(locks_.cancel(handle, out_));
    learn();
  }

  void convert(LockHandle handle) {
    const InodeBits drop = 1u << rng_.below(7);
    const bool can = type_ == LockType::inode_bits && known_[handle].granted;
    EXPECT_EQ(locks_.convert(handle, drop, out_), can);
    if (can) {
      known_[handle].bits &= ~drop;
      known_[handle].called_back = false;
      if (known_[handle].bits == 0) {
        known_.erase(handle);
      }
      learn();
    }
  }

  void evict(ClientId client) {
    std::erase_if(known_, [&](const auto& entry) { return entry.second.client == client; });
    locks_.evict(client, out_);
    learn();
  }

  void learn() {
    for (const CompletionCallback& callback : out_.completions) {
      const auto entry = known_.find(callback.handle);
      ASSERT_NE(entry, known_.end());
      Known& lock = entry->second;
      EXPECT_FALSE(lock.granted);
      EXPECT_EQ(callback.extent.intersect(lock.extent), lock.extent);
      EXPECT_EQ(callback.bits & lock.bits, lock.bits);
      lock = {lock.mode,     lock.client, lock.group,          callback.extent,
              callback.bits, true,        callback.wanted != 0};
    }
    for (const BlockingCallback& callback : out_.blocking) {
      const auto entry = known_.find(callback.handle);
      ASSERT_NE(entry, known_.end());
      EXPECT_TRUE(entry->second.granted);
      EXPECT_FALSE(entry->second.called_back) << "a second callback for one lock";
      entry->second.called_back = true;
    }
  }

  void check() {
    std::size_t granted = 0;
    for (auto a = known_.begin(); a != known_.end(); ++a) {
      granted += a->second.granted ? 1 : 0;
      bool blocked = false;
      for (auto b = known_.begin(); b != known_.end(); ++b) {
        if (a != b && conflicting(a->second, b->second)) {
          ASSERT_FALSE(a->second.granted && b->second.granted) << "two that conflict are granted";
          ASSERT_TRUE(a->second.granted || !b->second.granted || b->second.called_back)
              << "somebody waits for a lock that was not called back";
          blocked = blocked || b->second.granted || b->first < a->first;
        }
      }
      ASSERT_TRUE(a->second.granted || blocked) << "somebody waits for nothing";
    }
    ASSERT_EQ(locks_.granted_count(), granted);
    ASSERT_EQ(locks_.waiting_count(), known_.size() - granted);
    ASSERT_EQ(locks_.resource_count(), known_.empty() ? 0u : 1u);
  }

  LockType type_;
  sim::Rng rng_;
  LockNamespace locks_;
  LockCallbacks out_;
  std::map<LockHandle, Known> known_;
};

void run(LockType type) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Server server(type, seed);
    for (int i = 0; i < 250 && !testing::Test::HasFailure(); ++i) {
      server.step();
    }
    server.drain();
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  }
}

TEST(LockNamespaceLaw, HoldsForExtents) { run(LockType::extent); }
TEST(LockNamespaceLaw, HoldsForInodeBits) { run(LockType::inode_bits); }

}  // namespace
}  // namespace cachemodel
