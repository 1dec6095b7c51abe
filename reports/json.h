// The project's own JSON: versioned, checked by schema/result.schema.json, with stable key order.
// Everything outside the block "host" is the same, byte for byte, for the same scenario and seed.
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string_view>

#include "reports/result.h"
#include "sim/status.h"

namespace reports {

// Raised when a key changes its meaning or goes away; a new key keeps it.
inline constexpr int kSchemaVersion = 1;

// The published JSON Schema (draft-07) of what write_json writes.
std::string_view result_schema();

// The document write_json writes.
nlohmann::ordered_json result_document(const Result& result);

// Writes one JSON document. Times are whole nanoseconds, sizes bytes, bandwidths bytes per second,
// shares 0..1; a number that is not finite is written as 0 and a note says so. Fails (io_error)
// when the stream does.
sim::Status write_json(const Result& result, std::ostream& out);

}  // namespace reports
