// One rank's way through the phases of an IOR job.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/workload/ior_test_plan.h"
#include "scenarios/workload/workload.h"

namespace scenarios {

enum class IorPhaseKind : std::uint8_t { write, write_check, read, remove };

struct IorPhase {
  IorPhaseKind kind = IorPhaseKind::write;
  std::uint32_t test = 0;
  std::uint32_t repetition = 0;
  bool closing_barrier = false;  // the repetition ends here and keeps its files
  bool ends_test = false;        // another test follows: all tasks meet
};

// The phases of one repetition of `test` in IOR's order, without names or limits.
std::vector<IorPhaseKind> ior_phases(const IorOptions& options);

IorAccess ior_access(IorPhaseKind kind);

struct IorLayout {
  std::vector<IorTest> tests;
  std::vector<IorPhase> phases;  // as Plan::phases
  std::uint32_t tasks = 1;
};

// What a phase does, counted without running it.
Totals ior_phase_totals(const IorLayout& layout, std::uint32_t phase);

class IorStream : public OpStream {
 public:
  // `layout` must outlive the stream.
  IorStream(const IorLayout& layout, std::uint32_t rank);

  bool next(Op& op) override;
  void set_limit(std::uint64_t transfers) override;
  std::uint64_t transfers_done() const override { return done_; }
  void skip_phase() override;

 private:
  enum class Stage : std::uint8_t { head, loop, ended, tail };

  const IorTest& test() const { return layout_.tests[layout_.phases[phase_].test]; }
  void begin_phase();
  void build_head(const IorPhase& phase);
  void build_tail(const IorPhase& phase);
  void build_removal(const IorPhase& phase);
  bool next_in_loop(Op& op);
  Op transfer();
  Op make(OpKind kind, std::uint32_t file = 0) const;
  Op barrier(std::uint32_t parties) const;
  std::optional<sim::Duration> stand_in(OpKind kind) const;

  const IorLayout& layout_;
  std::uint32_t rank_;
  std::uint32_t phase_ = 0;
  Stage stage_ = Stage::head;
  std::vector<Op> head_;
  std::vector<Op> tail_;
  std::size_t at_ = 0;  // in head_ or tail_
  std::optional<IorTransfers> transfers_;
  std::uint32_t file_ = 0;
  std::uint64_t loop_length_ = 0;
  std::uint64_t limit_ = 0;
  std::uint64_t done_ = 0;
  std::vector<Op> after_transfer_;  // still to come after the last transfer, in reverse
};

}  // namespace scenarios
