// A sweep for people: the variants side by side, and the thresholds.
#pragma once

#include <iosfwd>

#include "reports/sweep.h"
#include "sim/status.h"

namespace reports {

// A single run is written as write_text does, with its thresholds behind. Of several there is a
// table, and with `full` each one's whole text behind it. Fails (io_error) when the stream does.
sim::Status write_sweep_text(const SweepResult& sweep, bool full, std::ostream& out);

}  // namespace reports
