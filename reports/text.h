// The result for people: one screen, units on every number.
#pragma once

#include <iosfwd>

#include "reports/result.h"
#include "sim/status.h"

namespace reports {

// At most this many entries of a list (stages, RPCs, errors) are shown; the rest is counted.
inline constexpr std::size_t kListShown = 6;

// Writes the report. Fails (io_error) when the stream does.
sim::Status write_text(const Result& result, std::ostream& out);

}  // namespace reports
