// From the kernel's measuring instruments to the record.
#pragma once

#include <string>
#include <vector>

#include "reports/result.h"
#include "sim/histogram.h"
#include "sim/timeline.h"

namespace reports {

LatencySummary summarize(std::string op, const sim::Histogram& histogram);

// Every stage in the timeline's order, zero ones left out. `prefix` is "" or "gateway.".
std::vector<StageTime> stage_times(const sim::StageTimes& times, std::string_view prefix = "");

// The range of one metric over all OSTs: `values[i]` belongs to OST i. Among equals the lowest
// index is named. Empty values give a range of zeros.
OstRange ost_range(const std::vector<double>& values);

}  // namespace reports
