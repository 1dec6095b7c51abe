#include "scenarios/run/recorder.h"

#include <algorithm>

namespace scenarios {
namespace {
constexpr std::size_t kErrorsKept = 20;
}  // namespace

sim::TimePoint PhaseRecord::start() const {
  sim::TimePoint start = sim::TimePoint::max();
  for (const RankTimes& rank : ranks) {
    if (rank.active) {
      start = std::min(start, rank.first);
    }
  }
  return start == sim::TimePoint::max() ? sim::TimePoint() : start;
}

sim::TimePoint PhaseRecord::end() const {
  sim::TimePoint end;
  for (const RankTimes& rank : ranks) {
    if (rank.active) {
      end = std::max(end, rank.last);
    }
  }
  return end;
}

Recorder::Recorder(std::size_t phases, std::uint32_t ranks) : phases_(phases) {
  for (PhaseRecord& phase : phases_) {
    phase.ranks.resize(ranks);
  }
}

void Recorder::record(std::uint32_t phase, std::uint32_t rank, OpKind kind, sim::TimePoint begin,
                      sim::TimePoint end, const stripe::Outcome& outcome) {
  PhaseRecord& record = phases_[phase];
  PhaseRecord::RankTimes& times = record.ranks[rank];
  times.first = times.active ? times.first : begin;
  times.last = end;
  times.active = true;
  ++record.ops;
  ++ops_done_;
  if (kind == OpKind::read || kind == OpKind::write) {
    record.bytes += outcome.bytes;
  }
  record.latency[static_cast<std::size_t>(kind)].record(end - begin);
  outcome.timeline.add_to(record.foreground);
}

void Recorder::verified(std::uint32_t phase, const VerifyCount& count) {
  VerifyCount& sum = phases_[phase].verify;
  sum.words_checked += count.words_checked;
  sum.words_bad += count.words_bad;
  sum.words_undecodable += count.words_undecodable;
}

void Recorder::error(std::string sentence) {
  ++error_count_;
  if (errors_.size() < kErrorsKept) {
    errors_.push_back(std::move(sentence));
  }
}

}  // namespace scenarios
