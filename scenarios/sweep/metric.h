// The metrics of docs/metrics.md by name: which there are, and what a result says of one.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/sweep.h"
#include "sim/status.h"

namespace scenarios {

// The names that may stand where a metric's name has a variable part, by the key before it:
// {"rpcs": {"OST_READ", ...}, "phases": {"write", "read"}}. Where nothing is said, any may.
using KnownNames = std::map<std::string, std::vector<std::string>, std::less<>>;

// The unit of the metric called `name` ("read.latency.read.p99"), by the published schema of
// results. invalid_argument tells the part that no result has, and the nearest that some have.
sim::Result<reports::Unit> metric_unit(std::string_view name, const KnownNames& known);

// Its value in a result (a document as reports::result_document makes it); nothing when that run
// did not measure it. RPCs and stages that are not listed were none: 0.
std::optional<double> metric_value(const nlohmann::ordered_json& result, std::string_view name);

}  // namespace scenarios
