// Any bytes as a DXT dump: refused or replayed, never a crash; a replay does what its summary says.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "scenarios/workload/dxt.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto log = scenarios::parse_dxt(text, "input");
  constexpr std::uint32_t kEnough = 4096;  // ranks; more only costs time
  if (!log || log->nprocs > kEnough) {
    return 0;
  }
  for (const auto& record : log->records) {
    if (record.rank > kEnough) {
      return 0;
    }
  }
  const auto workload = scenarios::dxt_workload(*log, {});
  sim::check(workload.ok(), "a parsed log is replayable");
  sim::check((*workload)->summary() == scenarios::count_by_running(**workload),
             "the summary counts what the streams do");
  return 0;
}
