// The JSON Schema of scenarios and hardware files, from the same lists of fields that read them.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/json_text.h"

namespace scenarios {

// draft-07. It knows keys, types, bounds of numbers and the form of quantities; bounds of
// quantities and rules across fields are the reader's. reports/schema/scenario.schema.json holds
// its text, for editors ("$schema" in a scenario), and hardware.schema.json the other's.
Json scenario_schema();
Json hardware_schema();

// "$comment" of the texts that are a file's path, and of those that are one unless they name a file
// of the library. Not "format": valijson fails on a value of another type under it.
inline constexpr std::string_view kPathComment = "path";
inline constexpr std::string_view kNameOrPathComment = "name or path";

// The text of the published file.
std::string schema_text(const Json& schema);

}  // namespace scenarios
