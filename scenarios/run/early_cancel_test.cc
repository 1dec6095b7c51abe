// A lock that goes with a request is given up even if that request has to wait.
#include <gtest/gtest.h>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

// Three nodes with two ranks each write a file whose second component no one has written to yet.
// The MDT has one thread: while it waits for the layout locks of the other nodes, their own
// requests to begin the component wait behind it, and carry those locks.
TEST(EarlyCancel, ALockCalledBackWhileARequestCarriesItIsGivenUpAtOnce) {
  constexpr std::string_view kCrowd = R"({
    "name": "t",
    "cluster": {"osts": 1, "hardware": "null",
                "overrides": {"store": "memory", "fabric": {"latency": "500us"},
                              "mds": {"threads": 1}}},
    "clients": [{"count": 3, "tasks_per_node": 2,
                 "workload": {"ior": "-w -t 1000 -b 8000 -s 2 -C -g --posix.odirect"}}],
    "layout": "-E 64k -L mdt -E -1 -c 1 -S 1M"
  })";
  const reports::Result result = run_text(kCrowd, {});
  EXPECT_LT(phase_of(result, "write").time(), sim::seconds(1));
}

}  // namespace
}  // namespace scenarios
