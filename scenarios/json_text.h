// JSON with comments, from text that may be anything.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "sim/status.h"

namespace scenarios {

// Keeps the order of keys, so that faults come in the file's order.
using Json = nlohmann::ordered_json;

// Values nest at most this deep, which bounds every recursion over them.
inline constexpr std::size_t kMaxDepth = 32;
// Keys of one object; looking for a key given twice costs their square.
inline constexpr std::size_t kMaxKeys = 256;

// Reads one JSON value; // and /* */ comments are skipped. invalid_argument says
// "NAME:LINE:COLUMN:" and what is wrong: not JSON, a key given twice in one object, more than
// kMaxDepth levels or kMaxKeys keys.
sim::Result<Json> parse_json(std::string_view text, std::string_view name);

// What a value is called where it is one of several: a text as it is, anything else as its JSON, on
// one line of at most 60 bytes.
std::string plain_label(const Json& value);

// A value as a fault shows it: at most `limit` bytes of its text.
std::string shown(const Json& value, std::size_t limit = 60);

}  // namespace scenarios
