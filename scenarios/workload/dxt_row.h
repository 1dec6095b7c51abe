// One row of a DXT dump. darshan-dxt-parser prints
// "%8s%8d%7s%9d%16d%16d%12.4f%12.4f", then "[OST]" for each stripe touched and a thread's number.
#pragma once

#include <cstdint>
#include <string_view>

#include "scenarios/workload/dxt_log.h"
#include "sim/status.h"

namespace scenarios {

struct DxtRow {
  DxtModule module = DxtModule::posix;
  std::uint64_t rank = 0;
  DxtSegment segment;
};

// Columns are minimum widths: a number that fills its column touches the one before it, and a wider
// one moves the rest of the row. Then the columns are told by their widths, a number that has no
// blanks before it being as wide as its digits. The message has no place in it; the caller adds it.
sim::Result<DxtRow> parse_dxt_row(std::string_view line);

}  // namespace scenarios
