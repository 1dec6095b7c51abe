#include "cachemodel/history/knowledge.h"

#include <algorithm>
#include <utility>

namespace cachemodel {
namespace {

// Which facts are put beside which questions, and by what they are ordered: what the log places is
// compared by the log, everything else by time.
enum class Way { both_in_order, fact_by_time, question_by_time };

// Questions of one clock, answered in one of the ways.
class Inquiry {
 public:
  Inquiry(std::span<const Fact> facts, const Clocks& clocks, std::uint32_t clock, Way way)
      : facts_(facts), clocks_(clocks), clock_(clock), way_(way) {
    any_facts_ = std::ranges::any_of(facts, [this](const Fact& fact) { return concerns(fact); });
  }

  void add(const Question& question) {
    if (any_facts_) {
      questions_.push_back(&question);
      vague_ = vague_ || vague(question.place);
    }
  }

  void answer(Findings& out) {
    if (questions_.empty()) {
      return;
    }
    append(out.sure, run(Key::newer, 1));
    if (clocks_.count() > 1) {
      append(out.maybe, run(Key::newer, -1));
    }
    if (vague_) {
      append(out.maybe, run(Key::not_older, -1));
    }
  }

 private:
  // The relation that facts must have to the version seen. What is not older is newer, or the order
  // is not known.
  enum class Key { newer, not_older };

  bool concerns(const Fact& fact) const {
    return way_ == Way::question_by_time || fact.place.in_order == (way_ == Way::both_in_order);
  }
  bool vague(const Place& place) const { return way_ != Way::both_in_order || !place.exact; }

  std::pair<std::int64_t, std::int64_t> bounds(const Place& place) const {
    return way_ == Way::both_in_order ? std::pair(place.low, place.high)
                                      : std::pair(place.early, place.late);
  }

  static void append(std::vector<SweepPiece>& to, const std::vector<SweepPiece>& from) {
    to.insert(to.end(), from.begin(), from.end());
  }

  // Facts are taken to be known later (`sign` 1) or sooner (-1) by what the clocks may be apart.
  std::vector<SweepPiece> run(Key key, int sign) const {
    std::vector<SweepItem> items;
    items.reserve(facts_.size());
    for (const Fact& fact : facts_) {
      if (concerns(fact)) {
        const auto [low, high] = bounds(fact.place);
        const sim::Duration apart = clocks_.between(fact.clock, clock_) * sign;
        items.push_back(
            {fact.range, key == Key::newer ? low : high, (fact.known + apart).ns(), fact.write});
      }
    }
    std::vector<SweepQuery> queries;
    queries.reserve(questions_.size());
    for (const Question* question : questions_) {
      const auto [low, high] = bounds(question->place);
      if (key == Key::newer || vague(question->place)) {
        queries.push_back({question->range, key == Key::newer ? high : low - 1,
                           question->before.ns() - 1, question->write, question->tag});
      }
    }
    return sweep(items, queries);
  }

  std::span<const Fact> facts_;
  const Clocks& clocks_;
  std::uint32_t clock_;
  Way way_;
  bool any_facts_ = false;
  std::vector<const Question*> questions_;
  bool vague_ = false;
};

}  // namespace

Findings newer_known(std::span<const Fact> facts, std::span<const Question> questions,
                     const Clocks& clocks) {
  Findings findings;
  if (facts.empty()) {
    return findings;
  }
  for (std::uint32_t clock = 0; clock < clocks.count(); ++clock) {
    Inquiry both(facts, clocks, clock, Way::both_in_order);
    Inquiry fact_by_time(facts, clocks, clock, Way::fact_by_time);
    Inquiry by_time(facts, clocks, clock, Way::question_by_time);
    for (const Question& question : questions) {
      if (question.clock != clock) {
        continue;
      }
      if (question.place.in_order) {
        both.add(question);
        fact_by_time.add(question);
      } else {
        by_time.add(question);
      }
    }
    both.answer(findings);
    fact_by_time.answer(findings);
    by_time.answer(findings);
  }
  return findings;
}

}  // namespace cachemodel
