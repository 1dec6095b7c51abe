// A made-up result with every field filled, for the tests of the writers.
#pragma once

#include "reports/result.h"

namespace reports {

Result sample_result();

}  // namespace reports
