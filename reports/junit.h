// Thresholds as JUnit XML, which build services show as test cases.
#pragma once

#include <iosfwd>

#include "reports/sweep.h"
#include "sim/status.h"

namespace reports {

// One suite, called as the scenario: the case "run", with an error if something failed in a
// variant, and a case for each threshold, with a failure that tells every verdict which does not
// hold. Fails (io_error) when the stream does.
sim::Status write_junit(const SweepResult& sweep, std::ostream& out);

}  // namespace reports
