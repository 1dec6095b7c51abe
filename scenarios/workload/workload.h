// What clients do, as plain data: every input format becomes a Workload, and a client stack runs
// nothing else. Operations are pulled one at a time, so that 24 TiB of IOR costs no memory.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/units.h"

namespace scenarios {

enum class OpKind : std::uint8_t {
  phase,     // marker: the phase `Op::phase` begins on this rank
  io_begin,  // marker: the phase's transfers follow; a stonewall's clock starts here
  io_end,    // marker: no transfer is left; see OpStream::set_limit
  open,      // open an existing file
  create,    // open, creating the file with its layout when it is not there
  read,
  write,
  fsync,
  close,
  barrier,  // wait for ranks 0 .. parties-1
  think,    // do nothing for `delay`
  stat,
  unlink,
  truncate,  // to `length` bytes
  readdir,
  mkdir,
  rename,  // `file` becomes `target`
  signal,  // marker: the event `target` has happened
  await,   // wait until the event `target` has happened
};
inline constexpr std::size_t kOpKinds = 19;

// The kind's name as written above; also the word in a dump.
std::string_view op_kind_name(OpKind kind);

// One operation of one rank.
struct Op {
  OpKind kind = OpKind::phase;
  // Unlink of a missing file, mkdir of an existing directory, a read that meets the file's end:
  // fine.
  bool lenient = false;
  bool direct = false;  // open/create with O_DIRECT
  bool verify = false;  // compare what was read with what was written
  // Done before the phase's clock starts, and no part of what is measured.
  bool prepares = false;
  std::uint32_t file = 0;     // index into Plan::files
  std::uint32_t target = 0;   // rename: the new name; signal and await: the event's number
  std::uint32_t phase = 0;    // index into Plan::phases
  std::uint32_t parties = 0;  // barrier: how many ranks take part
  sim::Bytes offset = 0;
  sim::Bytes length = 0;
  sim::Duration delay;                      // think
  std::optional<sim::Duration> not_before;  // earliest start, counted from the phase's beginning
  // Set when no file system is asked (IOR's DUMMY backend): the operation just takes this long.
  std::optional<sim::Duration> stand_in;

  bool operator==(const Op&) const = default;
};

// One rank's operations in order. The caller may steer the loop of transfers (reads and writes
// between io_begin and io_end), which is how stonewalls and minimum times are carried out.
class OpStream {
 public:
  virtual ~OpStream() = default;

  // Puts the next operation into `op`; false when there is none left.
  virtual bool next(Op& op) = 0;

  // How many transfers the current loop hands out in all. Lower it to stop early (a stonewall: at
  // most the number already handed out, and io_end is next). Raise it right after io_end to go on
  // from where the loop stopped, wrapping to its first transfer at its end (wear-out, minimum
  // time); another io_end follows. A stream without a loop ignores it. The default is once through.
  virtual void set_limit(std::uint64_t transfers) = 0;

  // How many transfers the current loop has handed out.
  virtual std::uint64_t transfers_done() const = 0;

  // Drops everything before the next phase marker. For phases with a latest_start; all ranks must
  // agree, because barriers are dropped too.
  virtual void skip_phase() = 0;
};

// A name in the file system. The directories above it exist before the run.
struct FileSpec {
  std::string name;
  std::string layout;  // `lfs setstripe` options, empty for the file system's default
  bool directory = false;
  // Set when the file must exist before the run: at least this many bytes long.
  std::optional<sim::Bytes> preexisting_size;
  // Where the traced file's objects were, in stripe order; empty when not known.
  std::vector<std::uint32_t> recorded_osts;

  bool operator==(const FileSpec&) const = default;
};

// A rank stops issuing transfers once `deadline` has passed since io_begin. With wear-out all ranks
// then agree on the largest count any of them reached, and go on to it (IOR -D,
// stoneWallingWearOut).
struct Stonewall {
  sim::Duration deadline;
  bool wear_out = false;
  bool operator==(const Stonewall&) const = default;
};

// A stretch of work that is reported on its own.
struct Phase {
  std::string name;  // "write", "write_check", "read", "remove", "replay"
  std::uint32_t test = 0;
  std::uint32_t repetition = 0;
  std::uint32_t ranks = 0;  // ranks 0 .. ranks-1 take part
  std::optional<Stonewall> stonewall;
  // Transfers are repeated from the first until this long has passed since io_begin.
  sim::Duration minimum_time;
  // The phase is skipped by all when the test has already run this long (IOR -T).
  std::optional<sim::Duration> latest_start;
  // A stonewalled phase whose reached count of transfers, rank by rank, limits this one.
  std::optional<std::uint32_t> limited_by;

  bool operator==(const Phase&) const = default;
};

// Everything known without running.
struct Plan {
  std::uint32_t ranks = 0;
  std::vector<std::uint32_t> node_of_rank;  // one entry per rank
  std::vector<FileSpec> files;
  std::vector<Phase> phases;
  std::uint32_t events = 0;        // that ranks signal to each other, each once
  std::vector<std::string> notes;  // what the input said that changes no operation, and why
  bool verifies = false;           // some operation asks for what it read to be compared

  std::uint32_t nodes() const;  // 1 + the largest node
};

struct Totals {
  sim::Bytes bytes_read = 0;
  sim::Bytes bytes_written = 0;
  std::array<std::uint64_t, kOpKinds> ops{};

  std::uint64_t count(OpKind kind) const { return ops[static_cast<std::size_t>(kind)]; }
  void add(OpKind kind, std::uint64_t n) { ops[static_cast<std::size_t>(kind)] += n; }
  // Counts one operation, and its bytes when it is a read or a write.
  void add(const Op& op);
  Totals& operator+=(const Totals& other);
  bool operator==(const Totals&) const = default;
};

// What a run does when nothing is cut short: per phase and in all.
struct Summary {
  std::vector<Totals> phases;  // as Plan::phases
  Totals total;
  bool operator==(const Summary&) const = default;
};

class Workload {
 public:
  virtual ~Workload() = default;

  const Plan& plan() const { return plan_; }
  // rank < plan().ranks. The stream must not outlive the workload; streams are independent.
  virtual std::unique_ptr<OpStream> stream(std::uint32_t rank) const = 0;
  // Computed, not run: cheap at any size.
  virtual Summary summary() const = 0;

 protected:
  explicit Workload(Plan plan) : plan_(std::move(plan)) {}

 private:
  Plan plan_;
};

// How many operations a run carries out: markers, barriers and pauses are none. Nothing when a
// stonewall or a minimum time decides during the run.
std::optional<std::uint64_t> planned_operations(const Workload& workload);

// A summary counted by running every stream. For checks; time is proportional to the operations.
Summary count_by_running(const Workload& workload);

// Canonical text: files and phases, then each rank's operations, one line at a time. Two workloads
// that dump alike are the same workload; notes do not count. Stops when `line` returns false.
void dump(const Workload& workload, const std::function<bool(std::string_view)>& line);

// A hash of the dump's lines: "is this the same workload?" in one number.
std::uint64_t digest(const Workload& workload);

}  // namespace scenarios
