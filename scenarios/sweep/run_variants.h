// Runs the variants of a sweep, several at a time if asked to.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "scenarios/run/run.h"
#include "scenarios/sweep/variants.h"

namespace scenarios {

// How far all variants together have come.
struct SweepProgress {
  std::size_t variants = 0;
  std::size_t done = 0;    // of them
  double share = 0;        // 0 to 1; a variant that cannot say how far it is counts when it is done
  std::size_t latest = 0;  // the variant that has something to tell
  RunProgress run;         // its own
};

// Runs one scenario: run_scenario, or what stands for it.
using RunOne =
    std::function<sim::Result<reports::Result>(const Scenario& scenario, const RunHooks& hooks)>;

// Runs every variant, also after one has failed, on up to `jobs` threads (at least 1); each run
// keeps to one of them. The results are in the order of the variants, and in the sim world the same
// for any `jobs`. `run` is called from those threads, `progress`, which may be empty, by one at a
// time.
std::vector<sim::Result<reports::Result>> run_variants(
    const std::vector<Variant>& variants, std::size_t jobs, const RunOne& run,
    const std::function<void(const SweepProgress&)>& progress = {});

}  // namespace scenarios
