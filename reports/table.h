// The variants of a sweep side by side: one row each, the main metrics as columns.
#pragma once

#include <string>
#include <vector>

#include "reports/sweep.h"

namespace reports {

struct Column {
  std::string title;
  bool number = false;             // reads best aligned to the right
  std::vector<std::string> cells;  // one for each variant; "-" for what it did not measure
};

// Columns: what is varied; each phase's bandwidth, or operations per second where none moves data;
// stale block reads per million, the oldest stale read, RPCs and callbacks, where runs tell of
// them; what limits each phase; errors if there are any.
std::vector<Column> comparison(const SweepResult& sweep);

}  // namespace reports
