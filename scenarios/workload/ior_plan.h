// Turns a checked IOR job into files, phases and a workload.
#pragma once

#include "scenarios/workload/ior.h"
#include "scenarios/workload/ior_stream.h"

namespace scenarios {

// The files and directories of all tests, each name once, entered into `plan`; every test learns
// its own. A file that a test reads without anybody having written it before is marked as
// pre-existing in full.
void plan_ior_files(std::vector<IorTest>& tests, Plan& plan);

}  // namespace scenarios
