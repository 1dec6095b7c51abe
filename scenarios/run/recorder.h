// Measures a workload phase by phase.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "scenarios/workload/workload.h"
#include "sim/histogram.h"
#include "sim/timeline.h"
#include "stripe/client/outcome.h"

namespace scenarios {

// 8-byte words of read data compared with what was written to their place.
struct VerifyCount {
  std::uint64_t words_checked = 0;
  std::uint64_t words_bad = 0;
  std::uint64_t words_undecodable = 0;  // several small writes met in one word
};

// One phase of one group of clients. All instants are the loop's.
struct PhaseRecord {
  struct RankTimes {
    bool active = false;  // the rank did something in this phase
    sim::TimePoint first;
    sim::TimePoint last;
  };

  sim::Bytes bytes = 0;
  std::uint64_t ops = 0;
  std::vector<RankTimes> ranks;
  std::array<sim::Histogram, kOpKinds> latency;
  sim::StageTimes foreground{};
  VerifyCount verify;

  // The first measured operation's begin and the last one's end; equal if nothing happened.
  sim::TimePoint start() const;
  sim::TimePoint end() const;
};

// Collects records. One per group; `phases` and `ranks` are the plan's.
class Recorder {
 public:
  Recorder(std::size_t phases, std::uint32_t ranks);

  // One operation of `rank`, from `begin` to `end`. Transfers count their bytes. Failed operations
  // count as operations, with the bytes they moved.
  void record(std::uint32_t phase, std::uint32_t rank, OpKind kind, sim::TimePoint begin,
              sim::TimePoint end, const stripe::Outcome& outcome);
  // One operation that is no part of what is measured.
  void prepared() { ++ops_done_; }
  void verified(std::uint32_t phase, const VerifyCount& count);
  // Keeps the first few; counts all.
  void error(std::string sentence);

  const std::vector<PhaseRecord>& phases() const { return phases_; }
  const std::vector<std::string>& errors() const { return errors_; }
  std::uint64_t error_count() const { return error_count_; }
  std::uint64_t ops_done() const { return ops_done_; }

 private:
  std::vector<PhaseRecord> phases_;
  std::vector<std::string> errors_;
  std::uint64_t error_count_ = 0;
  std::uint64_t ops_done_ = 0;
};

}  // namespace scenarios
