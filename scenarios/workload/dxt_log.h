// A Darshan DXT text dump (the output of darshan-dxt-parser) as plain records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/status.h"
#include "sim/units.h"

namespace scenarios {

enum class DxtModule : std::uint8_t { posix, mpiio };

// One row: a read or a write that the traced program made.
struct DxtSegment {
  bool write = false;
  std::uint64_t number = 0;  // counted separately for writes and reads
  sim::Bytes offset = 0;
  sim::Bytes length = 0;  // bytes moved, 0 at the end of a file
  sim::Duration start;    // since the job's start, printed to 100 us
  sim::Duration end;
  bool operator==(const DxtSegment&) const = default;
};

// A component of a Lustre layout. Data on the MDT has no stripes.
struct DxtComponent {
  sim::Extent extent{0, sim::kEof};
  sim::Bytes stripe_size = 0;
  std::vector<std::uint32_t> osts;
  bool operator==(const DxtComponent&) const = default;
};

// What one rank did to one file through one module.
struct DxtRecord {
  DxtModule module = DxtModule::posix;
  std::uint64_t file_id = 0;
  std::string file_name;  // "(null)" when Darshan did not keep it
  std::uint32_t rank = 0;
  std::string hostname;
  std::uint64_t threads = 1;  // 1 in dialects that do not say
  std::uint64_t write_count = 0;
  std::uint64_t read_count = 0;
  std::string mount_point;
  std::string fs_type;
  std::vector<DxtComponent> layout;  // empty when the file is not on Lustre
  std::vector<DxtSegment> segments;  // in the dump's order: writes, then reads
  std::size_t line = 0;              // where the record begins
};

struct DxtLog {
  std::string exe;
  std::uint32_t nprocs = 0;
  std::vector<DxtRecord> records;
  std::vector<std::string> incomplete_modules;  // Darshan ran out of memory for these
};

// Reads all three dialects: up to 3.3.1 (plain Lustre stripe lines), from 3.4.6 (stripe
// components), after 3.5.0 (threads). `name` stands in messages, as "name:line: ...". Refused: a
// file cut in the middle, a row whose columns do not parse, counts that do not match the rows.
sim::Result<DxtLog> parse_dxt(std::string_view text, std::string_view name);

}  // namespace scenarios
