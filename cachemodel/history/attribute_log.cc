#include "cachemodel/history/attribute_log.h"

#include <algorithm>
#include <tuple>

namespace cachemodel {

AttributeLog::AttributeLog(const FileHistory& file, const Versions& versions, Attribute attribute,
                           const Clocks& clocks)
    : clocks_(clocks) {
  if (attribute == Attribute::size) {
    add_writes(file, versions);
  }
  for (const AttrChange& change : file.changes) {
    if (change.attribute == attribute) {
      AttributeStep step;
      step.value = change.value;
      step.exact = change.change == Change::exactly;
      step.clock = change.clock;
      step.client = change.client;
      step.handle = change.handle;
      add(step, change.ending, change.call);
    }
  }
  index();
}

// Writes extend, a punch to the end of all files truncates.
void AttributeLog::add_writes(const FileHistory& file, const Versions& versions) {
  for (std::uint32_t w = 0; w < file.writes.size(); ++w) {
    const Write& write = file.writes[w];
    if (write.zeros && write.range.end != sim::kEof) {
      continue;
    }
    const bool lost = std::ranges::any_of(versions.of(w), &Version::lost);
    const Ending ending = lost ? Ending::unknown : write.ending;
    AttributeStep step;
    step.value = write.zeros ? write.range.begin : write.range.end;
    step.exact = write.zeros;
    if (!write.zeros && !write.range.empty()) {
      step.between = {write.range.begin + 1, write.range.end};
    }
    step.clock = write.clock;
    step.client = client_of(write.stamp);
    step.handle = write.handle;
    add(step, ending, write.call);
  }
}

void AttributeLog::add(AttributeStep step, Ending ending, const Call& call) {
  if (ending == Ending::failed) {
    return;
  }
  const sim::Duration epsilon = clocks_.epsilon(step.clock);
  step.durable = ending == Ending::ok;
  step.early = (call.invoked - epsilon).ns();
  step.late = step.durable ? (call.returned + epsilon).ns() : kNever;
  step.returned = call.returned;
  steps_.push_back(step);
}

void AttributeLog::index() {
  for (const AttributeStep& step : steps_) {
    by_value_.push_back({step.value, {step.early, step.late}});
    if (step.exact) {
      resets_.push_back({step.early, step.late});
    }
    if (step.exact && step.durable) {
      done_.emplace_back(step.returned.ns() + clocks_.epsilon(step.clock).ns(), step.early);
    }
  }
  std::ranges::sort(by_value_, [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second.early) < std::tie(b.first, b.second.early);
  });
  for (std::size_t i = 1; i < by_value_.size(); ++i) {
    if (by_value_[i].first == by_value_[i - 1].first) {
      by_value_[i].second.latest =
          std::max(by_value_[i].second.latest, by_value_[i - 1].second.latest);
    }
  }
  std::ranges::sort(resets_, {}, &Reach::early);
  for (std::size_t i = 1; i < resets_.size(); ++i) {
    resets_[i].latest = std::max(resets_[i].latest, resets_[i - 1].latest);
  }
  std::ranges::sort(done_);
  for (std::size_t i = 1; i < done_.size(); ++i) {
    done_[i].second = std::max(done_[i].second, done_[i - 1].second);
  }
}

std::uint32_t AttributeLog::name_of(std::uint64_t value) const {
  const auto first =
      std::ranges::lower_bound(by_value_, value, {}, [](const auto& step) { return step.first; });
  const bool set = first != by_value_.end() && first->first == value;
  return set ? static_cast<std::uint32_t>(first - by_value_.begin()) : kNobody;
}

Horizon AttributeLog::horizon(const AttrRead& read) const {
  const std::int64_t epsilon = epsilon_of(read);
  const std::int64_t end = read.call.returned.ns() + epsilon;
  Horizon horizon{read.value == 0, kBeginning, kBeginning, kBeginning, kBeginning};
  const auto source = std::upper_bound(
      by_value_.begin(), by_value_.end(), std::pair(read.value, end),
      [](const auto& key, const auto& step) {
        return std::tie(key.first, key.second) < std::tie(step.first, step.second.early);
      });
  if (source != by_value_.begin() && std::prev(source)->first == read.value) {
    horizon.explained = true;
    horizon.source = std::prev(source)->second.latest;
    horizon.source_begun = std::prev(source)->second.early;
  }
  const auto reset = std::ranges::upper_bound(resets_, end, {}, &Reach::early);
  if (reset != resets_.begin()) {
    horizon.reset = std::prev(reset)->latest;
  }
  const auto done = std::ranges::lower_bound(done_, read.call.invoked.ns() - epsilon, {},
                                             [](const auto& pair) { return pair.first; });
  if (done != done_.begin()) {
    horizon.reset_begun = std::prev(done)->second;
  }
  return horizon;
}

std::vector<Horizon> AttributeLog::horizons(std::span<const AttrRead* const> reads) const {
  std::vector<Horizon> horizons;
  for (const AttrRead* read : reads) {
    horizons.push_back(horizon(*read));
  }
  pass_through(reads, horizons);
  return horizons;
}

// A change is under way at a read if it began before the read returned and was not over before the
// read began. If an exact change ran beside it, some of it may have come before that and some
// after, and then a value in between can stay.
void AttributeLog::pass_through(std::span<const AttrRead* const> reads,
                                std::span<Horizon> horizons) const {
  std::vector<std::uint32_t> all;
  std::vector<std::uint32_t> cut;
  for (std::uint32_t s = 0; s < steps_.size(); ++s) {
    if (!steps_[s].between.empty()) {
      all.push_back(s);
      if (beside_exact(steps_[s])) {
        cut.push_back(s);
      }
    }
  }
  for (const auto& [read, step] : latest_through(all, reads)) {
    if (steps_[step].late >= reads[read]->call.invoked.ns() - epsilon_of(*reads[read])) {
      accept(steps_[step], horizons[read]);
    }
  }
  for (const auto& [read, step] : latest_through(cut, reads)) {
    accept(steps_[step], horizons[read]);
  }
}

void AttributeLog::accept(const AttributeStep& step, Horizon& horizon) {
  horizon.source = std::max(horizon.source, step.late);
  horizon.source_begun =
      horizon.explained ? std::max(horizon.source_begun, step.early) : step.early;
  horizon.explained = true;
}

bool AttributeLog::beside_exact(const AttributeStep& step) const {
  const auto after = std::ranges::upper_bound(resets_, step.late, {}, &Reach::early);
  return after != resets_.begin() && std::prev(after)->latest >= step.early;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> AttributeLog::latest_through(
    std::span<const std::uint32_t> steps, std::span<const AttrRead* const> reads) const {
  std::vector<SweepItem> items;
  for (const std::uint32_t s : steps) {
    items.push_back({steps_[s].between, -steps_[s].early, -steps_[s].late, s});
  }
  std::vector<SweepQuery> queries;
  for (std::uint32_t r = 0; r < reads.size() && !items.empty(); ++r) {
    const std::uint64_t value = reads[r]->value;
    if (value != sim::kEof) {
      const std::int64_t end = reads[r]->call.returned.ns() + epsilon_of(*reads[r]);
      queries.push_back({{value, value + 1}, -end - 1, kNever - 1, kNobody, r});
    }
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> latest;
  for (const SweepPiece& piece : sweep(items, queries)) {
    latest.emplace_back(piece.tag, piece.id);
  }
  return latest;
}

}  // namespace cachemodel
