// From what was measured to the record that is reported.
#pragma once

#include <string>
#include <vector>

#include "reports/result.h"
#include "scenarios/run/meter.h"
#include "scenarios/run/recorder.h"
#include "scenarios/workload/workload.h"

namespace scenarios {

// The measurements of one group, with what names them.
struct GroupMeasured {
  std::string name;
  std::string design;
  std::uint32_t clients = 0;
  std::uint32_t first_client = 0;  // the number of the first of them in the cluster
  const Workload* workload = nullptr;
  const Recorder* recorder = nullptr;
};

// What a phase of a plan is reported as: its name, numbered when a plan has several of that name.
std::string phase_label(const Plan& plan, std::uint32_t phase);

// What to say of the phases in which words were read that nobody wrote there: a sentence each.
std::vector<std::string> verification_errors(const std::vector<reports::PhaseResult>& phases);

// One record per label, in the order in which the phases began. Phases in which nothing was done
// are left out.
std::vector<reports::PhaseResult> assemble(const std::vector<GroupMeasured>& groups,
                                           const Meter& meter);

}  // namespace scenarios
