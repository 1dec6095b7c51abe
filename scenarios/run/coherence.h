// What the checker found, in the words of the report.
#pragma once

#include "cachemodel/history/verdict.h"
#include "reports/result.h"
#include "scenarios/run/assemble.h"
#include "scenarios/run/witness.h"

namespace scenarios {

// Ends the witness's history, judges it, and adds what was found to the result: to each phase and
// group of `result.phases`, which stand as assemble() made them, and to the run. The evictions of
// `result.liveness`, if it is there, excuse what they explain. `bound`: what
// bounded staleness allows. An error if the history is none that a run can have.
sim::Status judge_coherence(const std::vector<GroupMeasured>& groups, Witness& witness,
                            sim::Duration bound, reports::Result& result);

}  // namespace scenarios
