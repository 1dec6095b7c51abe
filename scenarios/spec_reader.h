// Reads a scenario and tells everything that is wrong with it at once.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/faults.h"
#include "scenarios/json_text.h"
#include "scenarios/library.h"
#include "scenarios/spec.h"
#include "sim/status.h"

namespace scenarios {

// A further check of a scenario that may already have faults: what `faults` touch is not to be
// judged. `file` stands in messages.
using CheckScenario =
    std::function<void(const Scenario& scenario, const std::string& file, Faults& faults)>;

struct ReadOptions {
  std::span<const std::string> sets = {};  // "PATH=VALUE" each, see settings.h
  // Where relative paths in the settings begin; "" = the working directory.
  std::string sets_directory = {};
  OpenHardware open = open_hardware;
  CheckScenario check = {};  // may be empty
};

// Reads `source` after applying the settings. The error's message has a line "FILE: PATH: what was
// found; what would be right" per fault, or "FILE:LINE:COLUMN: ..." when the text is not JSON.
// Workload and layout strings are kept as they are; only `check` may judge them.
sim::Result<Scenario> read_scenario(const SourceText& source, const ReadOptions& options = {});

// The two steps of reading, for whoever makes several scenarios of one text; what is wrong is added
// to `faults`. First the text with its settings: an error if it is no JSON.
sim::Result<Json> scenario_json(const SourceText& source, const ReadOptions& options,
                                Faults& faults);
// Then the scenario in it, whatever stands there; `file` is `source` in messages.
Scenario scenario_of(const Json& json, const SourceText& source, const std::string& file,
                     const ReadOptions& options, Faults& faults);
// What it says of variants and thresholds alone.
SweepSpec sweep_of(const Json& json, const SourceText& source, const ReadOptions& options,
                   Faults& faults);

// Reads the library's scenario of that name, or the file at that path.
sim::Result<Scenario> load_scenario(std::string_view name_or_path, const ReadOptions& options = {});

}  // namespace scenarios
