// Any bytes as an IOR line or script: refused or laid out, never a crash; small jobs do what their
// summary says.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "scenarios/workload/ior.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const scenarios::IorContext context;
  const auto job = scenarios::parse_ior(text, context);
  constexpr std::uint32_t kFewTasks = 64;
  if (!job || job->tasks > kFewTasks) {
    return 0;
  }
  for (const auto& test : job->tests) {
    if (test.repetitions > kFewTasks) {
      return 0;
    }
  }
  const auto workload = scenarios::ior_workload(*job, context);
  if (!workload) {
    return 0;
  }
  const scenarios::Summary summary = (*workload)->summary();
  constexpr std::uint64_t kFewOps = 20000;
  std::uint64_t ops = 0;
  for (const std::uint64_t count : summary.total.ops) {
    ops += count < kFewOps ? count : kFewOps;
  }
  if (ops < kFewOps) {
    sim::check(summary == scenarios::count_by_running(**workload),
               "the summary counts what the streams do");
  }
  return 0;
}
