// Sizes against every order of small histories.
#include <gtest/gtest.h>

#include <algorithm>

#include "cachemodel/history/history_testing.h"
#include "sim/rng.h"

namespace cachemodel {
namespace {

// One step of what `Orders` puts in order: a size, and whether the file gets it or at least it.
struct SizeStep {
  Call call;
  sim::Bytes size = 0;
  bool exact = false;
};

// Whether some order of the changes that respects time, with the read at its place, shows the
// value. A write may show any size on its way, and so comes in two steps.
class Orders {
 public:
  Orders(const std::vector<WriteEvent>& changes, const AttributeRead& read) : read_(read) {
    for (const WriteEvent& change : changes) {
      const sim::Extent& range = change.range;
      steps_.push_back({change.call, change.zeros ? range.begin : range.end, change.zeros});
      if (!change.zeros && range.begin < read.value && read.value < range.end) {
        steps_.push_back({change.call, read.value, false});
      }
    }
  }
  bool some_shows(std::uint64_t used = 0, sim::Bytes size = 0) const {
    if (may_follow(used, read_.call) && size == read_.value) {
      return true;
    }
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const SizeStep& step = steps_[i];
      if (!has(used, i) && step.call.invoked <= read_.call.returned &&
          may_follow(used, step.call) &&
          some_shows(used | std::uint64_t{1} << i,
                     step.exact ? step.size : std::max(size, step.size))) {
        return true;
      }
    }
    return false;
  }

 private:
  static bool has(std::uint64_t used, std::size_t i) { return (used >> i & 1) != 0; }
  // Nothing that is left over had to come before it.
  bool may_follow(std::uint64_t used, const Call& call) const {
    bool may = true;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      may = may && (has(used, i) || steps_[i].call.returned >= call.invoked);
    }
    return may;
  }

  const AttributeRead& read_;
  std::vector<SizeStep> steps_;
};

struct Tried {
  std::uint64_t unexplained = 0;
  std::uint64_t found = 0;
};

// One read against a few changes. What some order explains must not be called wrong.
void try_one(sim::Rng& rng, std::uint64_t truncates, Tried& tried) {
  const auto when = [&rng] {
    const auto begin = static_cast<std::int64_t>(rng.below(12));
    return call(begin, begin + static_cast<std::int64_t>(rng.below(5)));
  };
  Script script;
  std::vector<WriteEvent> changes;
  for (std::uint64_t i = 1; i <= 4; ++i) {
    const bool cut = i <= truncates;
    const sim::Bytes size = cut ? rng.below(4) : 1 + rng.below(4);
    const sim::Extent range{cut ? size : rng.below(size), cut ? sim::kEof : size};
    script.write(stamp_of(1, i), range, when(), [cut](WriteEvent& e) { e.zeros = cut; });
  }
  changes.assign(script.history.writes().begin(), script.history.writes().end());
  const sim::Bytes seen = rng.below(5);
  script.read_size(2, seen, when());
  const RegisterVerdict verdict = script.check().sizes;
  const bool wrong = verdict.total.stale + verdict.impossible > 0;
  const bool explained = Orders(changes, script.history.attributes()[0]).some_shows();
  EXPECT_FALSE(wrong && explained);
  if (!explained) {
    ++tried.unexplained;
    tried.found += wrong ? 1u : 0u;
  }
}

TEST(Sizes, WhatSomeOrderExplainsIsNeverCalledStale) {
  sim::Rng rng(1);
  for (std::uint64_t truncates = 0; truncates <= 3; ++truncates) {
    Tried tried;
    for (int i = 0; i < 1500 && !testing::Test::HasFailure(); ++i) {
      try_one(rng, truncates, tried);
    }
    EXPECT_GT(tried.found * 5, tried.unexplained * 4)
        << truncates << " truncates: " << tried.found << " of " << tried.unexplained;
  }
}

}  // namespace
}  // namespace cachemodel
