// What the checker says of a run.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/histogram.h"
#include "sim/units.h"

namespace cachemodel {

// What a file system may promise to its readers.
enum class Guarantee : std::uint8_t {
  // Some order of all calls that respects their times explains every read (Herlihy and Wing,
  // "Linearizability", 1990). Counted: the blocks of files of which that is not so.
  linearizable,
  // A read through an open sees every write whose close or fsync returned before that open was
  // invoked. Counted, as below: block reads.
  close_to_open,
  // No client reads an older version after it has read a newer one.
  monotonic_reads,
  // A client sees its own acknowledged writes, or what is newer.
  read_your_writes,
  // No stale read is older than the bound that was asked for.
  bounded_staleness
};
inline constexpr std::size_t kGuarantees = 5;

// The name as written above.
std::string_view guarantee_name(Guarantee guarantee);

struct GuaranteeCount {
  std::uint64_t violations = 0;
  std::uint64_t undecided = 0;  // might be violations: the clocks or the order leave it open
  bool held() const { return violations == 0; }
};

// Reads of blocks, of sizes or of mtimes. A block of a read counts once, however little of it was
// read.
struct ReadCounts {
  std::uint64_t reads = 0;
  std::uint64_t stale = 0;
  std::uint64_t undecided = 0;
  sim::Histogram age;  // of the stale ones: the read's invocation less the first acknowledgement of
                       // a newer write
  // Stale reads per million, rounded down; 0 if nothing was read.
  std::uint64_t stale_per_million() const;
};

// One kind of register: 4 KiB blocks, sizes, or mtimes.
struct RegisterVerdict {
  ReadCounts total;
  std::vector<ReadCounts> groups;  // as CheckOptions::group_of says
  std::array<GuaranteeCount, kGuarantees> guarantees;
  // Reads of what was never written there, was written only later, or whose write failed. No cache
  // explains them: the history or the file system is broken.
  std::uint64_t impossible = 0;
  std::uint64_t unexcused = 0;  // stale reads that CheckOptions::excuses does not excuse

  GuaranteeCount& operator[](Guarantee g) { return guarantees[static_cast<std::size_t>(g)]; }
  const GuaranteeCount& operator[](Guarantee g) const {
    return guarantees[static_cast<std::size_t>(g)];
  }
};

// One violation, told: what kind it is, when it happened, and some lines of text.
struct Story {
  std::string kind;
  sim::TimePoint at;
  std::string text;
};

struct Verdict {
  RegisterVerdict blocks;
  RegisterVerdict sizes;
  RegisterVerdict mtimes;
  std::uint64_t undecodable = 0;          // block reads of which no writer can be named
  std::uint64_t invalidated = 0;          // blocks dropped because of a conflict
  std::uint64_t false_invalidations = 0;  // of these, blocks that the conflicting write left alone
  std::uint64_t lost = 0;                 // blocks of acknowledged writes that were lost
  std::uint64_t lost_after_fsync = 0;     // of these, blocks that had been synced: never right
  std::uint64_t failed_writes = 0;
  std::uint64_t unknown_writes = 0;
  std::uint64_t unknown_seen = 0;  // of these, writes that some read showed
  std::vector<Story> stories;      // the first few of each kind, by time

  // Nothing is stale, broken or lost after an fsync, and every guarantee held.
  bool clean() const;
};

}  // namespace cachemodel
