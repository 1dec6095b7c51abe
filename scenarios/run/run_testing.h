// What the tests of whole runs share.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "reports/writers.h"
#include "scenarios/run/run.h"
#include "scenarios/testing.h"

namespace scenarios {

// One client writes 16 MiB over two OSTs that keep their contents, and reads them back.
inline constexpr std::string_view kFirstLight = R"({
  "name": "t",
  "cluster": {"osts": 2, "hardware": "null", "overrides": {"store": "memory"}},
  "clients": [{"workload": {"ior": "-w -r -e -t 1m -b 16m"}}],
  "layout": "-c 2 -S 1M",
  "verify": true
})";

// Runs `text` with these settings, whatever comes of its operations. A scenario that cannot be read
// or run fails the test.
inline reports::Result run_anyhow(std::string_view text, std::span<const std::string> sets) {
  const auto scenario = read(text, sets);
  if (!scenario) {
    ADD_FAILURE() << scenario.error().message;
    return {};
  }
  auto result = run_scenario(*scenario);
  if (!result.ok()) {
    ADD_FAILURE() << result.error().message;
    return {};
  }
  return std::move(*result);
}

// As run_anyhow; an operation that fails, or a word that is bad, fails the test as well.
inline reports::Result run_text(std::string_view text, std::span<const std::string> sets) {
  reports::Result result = run_anyhow(text, sets);
  EXPECT_EQ(result.errors, std::vector<std::string>());
  return result;
}

// The phase of that name, which must be there.
inline reports::PhaseResult phase_of(const reports::Result& result, std::string_view name) {
  for (const reports::PhaseResult& phase : result.phases) {
    if (phase.name == name) {
      return phase;
    }
  }
  ADD_FAILURE() << "no phase is called " << name;
  return {};
}

// Nanoseconds by stage along what users waited for; stages that took none are left out.
inline std::map<std::string, std::int64_t> stages_of(const reports::PhaseResult& phase) {
  std::map<std::string, std::int64_t> stages;
  for (const reports::StageTime& stage : phase.foreground) {
    if (stage.time.ns() != 0) {
      stages[stage.stage] = stage.time.ns();
    }
  }
  return stages;
}

inline std::string json_of(const reports::Result& result) {
  std::ostringstream out;
  EXPECT_TRUE(reports::write(result, "json", out).ok());
  return out.str();
}

}  // namespace scenarios
