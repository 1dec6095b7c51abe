// A sweep as JSON: one document, or a line for each variant.
#pragma once

#include <iosfwd>
#include <string_view>

#include "reports/sweep.h"
#include "sim/status.h"

namespace reports {

// Raised when a key changes its meaning or goes away; a new key keeps it.
inline constexpr int kSweepSchemaVersion = 1;

// The published JSON Schema (draft-07) of a sweep's document; it refers to that of a result.
std::string_view sweep_schema();

// One document. A single run's is that of write_json, with the key "thresholds" if there are any.
// Fails (io_error) when the stream does.
sim::Status write_sweep_json(const SweepResult& sweep, std::ostream& out);

// A line for each variant: {"variant", "labels", "result"}. Made to be appended to what earlier
// runs left. Fails as above.
sim::Status write_sweep_lines(const SweepResult& sweep, std::ostream& out);

}  // namespace reports
