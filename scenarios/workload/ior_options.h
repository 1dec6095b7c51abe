// IOR's options, as far as they change what is read, written or measured. Names, letters, defaults
// and rules are those of IOR 4.1 (`ior -h` and its user guide); older spellings that still stand in
// people's job scripts (-B, -H, lustreStripeCount=) are understood too.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/status.h"
#include "sim/units.h"

namespace scenarios {

enum class IorApi : std::uint8_t { posix, mpiio, dummy };

// IOR's no-I/O backend: each call takes this long and does nothing. Its fsync takes no time.
struct IorDummy {
  sim::Duration create;
  sim::Duration close;
  sim::Duration transfer;
  bool only_rank0 = false;
  bool operator==(const IorDummy&) const = default;
};

// One test: a command line, or what a script holds at a RUN.
struct IorOptions {
  IorApi api = IorApi::posix;                  // -a
  sim::Bytes block_size = sim::kMiB;           // -b: contiguous bytes of one task in a segment
  sim::Bytes transfer_size = 256 * sim::kKiB;  // -t
  std::uint64_t segments = 1;                  // -s
  std::uint64_t repetitions = 1;               // -i
  bool write = false;                          // -w
  bool read = false;                           // -r
  bool check_write = false;                    // -W: read back and compare, after the writing
  bool check_read = false;                     // -R: compare what is read
  bool file_per_process = false;               // -F
  bool unique_dir = false;                     // -u
  bool multi_file = false;                     // -m: a new file every repetition
  bool keep = false;                           // -k
  bool use_existing = false;                   // -E: do not remove the file before writing
  bool fsync = false;                          // -e
  bool fsync_per_write = false;                // -Y
  bool intra_test_barriers = false;            // -g
  bool collective = false;                     // -c
  std::uint64_t random_offset = 0;             // -z: 1 shuffled within a block, 2 random blocks
  std::optional<std::int64_t> random_offset_seed;
  bool reorder_constant = false;             // -C
  std::uint64_t reorder_random = 0;          // -Z: 1 random, 2 shuffled
  std::optional<std::int64_t> reorder_seed;  // -X; negative: another order each repetition
  std::uint64_t task_offset = 1;             // -Q
  std::uint64_t stonewall_seconds = 0;       // -D
  bool wear_out = false;
  std::uint64_t wear_out_iterations = 0;  // transfers per rank after which each phase stops
  std::string stonewall_status_file;
  std::uint64_t minimum_seconds = 0;
  std::uint64_t maximum_minutes = 0;   // -T
  std::uint64_t inter_test_delay = 0;  // -d, seconds
  std::uint64_t inter_io_delay = 0;    // microseconds after each transfer
  std::uint64_t tasks = 0;             // -N; 0: all there are
  std::uint64_t tasks_on_node0 = 0;    // numTasksOnNode0; 0: as placed
  std::string test_file = "testFile";  // -o; several separated by @
  bool stamp_given = false;            // -G
  bool direct = false;                 // --posix.odirect
  std::int64_t stripe_count = 0;       // --posix.lustre.*; 0: the default, -1: all OSTs
  sim::Bytes stripe_size = 0;
  std::optional<std::uint64_t> start_ost;
  std::string pool;
  IorDummy dummy;
  std::vector<std::string> notes;  // options accepted without effect here, and why

  bool operator==(const IorOptions&) const = default;

  // The `lfs setstripe` options the --posix.lustre ones amount to; empty when none is given.
  std::string layout() const;
  // With neither -w, -r, -W nor -R IOR writes and reads.
  void apply_defaults();
};

// Applies the words after `ior`: "-b 4m", "-b4m", "-b=4m", "-wrFe", "--posix.odirect",
// "-O key=value,key=value". An unknown option is refused with the nearest known one.
sim::Status apply_ior_arguments(std::span<const std::string> arguments, IorOptions& options);

// Applies "key=value, key=value # comment" of -O or of a script's line. Keys ignore case.
sim::Status apply_ior_directives(std::string_view text, IorOptions& options);

// Bytes as IOR writes them: a number, or one followed by k, m, g, t or p (powers of 1024).
sim::Result<std::uint64_t> parse_ior_size(std::string_view text);

// IOR's own consistency rules (its ValidateTests), and what is not modelled here.
sim::Status check_ior_options(const IorOptions& options);

}  // namespace scenarios
