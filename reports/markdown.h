// The comparison of a sweep's variants as a Markdown table, for documents made from runs.
#pragma once

#include <iosfwd>

#include "reports/sweep.h"
#include "sim/status.h"

namespace reports {

// The table alone (GitHub's dialect). In the sim world the same sweep gives the same bytes. Fails
// (io_error) when the stream does.
sim::Status write_markdown(const SweepResult& sweep, std::ostream& out);

}  // namespace reports
