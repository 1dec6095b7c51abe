// The JSON Schema of scenarios and hardware files, from the same lists of fields that read them.
#pragma once

#include <string>

#include "scenarios/json_text.h"

namespace scenarios {

// draft-07. It knows keys, types, bounds of numbers and the form of quantities; bounds of
// quantities and rules across fields are the reader's. reports/schema/scenario.schema.json holds
// its text, for editors ("$schema" in a scenario), and hardware.schema.json the other's.
Json scenario_schema();
Json hardware_schema();

// The text of the published file.
std::string schema_text(const Json& schema);

}  // namespace scenarios
