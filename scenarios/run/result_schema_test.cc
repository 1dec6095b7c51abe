// What real runs print, against the schema that is published for it.
#include <gtest/gtest.h>

#include "reports/json_testing.h"
#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

using Sets = std::vector<std::string>;

// Verified and not, buffered and direct, with errors, with notes, with several groups, with phases
// that move nothing.
std::vector<Sets> settings() {
  return {{},
          {"clients[0].design.direct_io=true", "verify=false"},
          {"clients[0].count=2", "clients[0].workload.ior=-w -r -C -t 1m -b 4m"},
          {"clients[0].workload.ior=-w -W -R -F -u -i 2 -d 1 -t 64k -b 1m"},
          {"clients[0].workload.ior=-a DUMMY -w -r -D 1 --dummy.delay-xfer=300000"},
          {"layout=-E 1M -c 1 -E -1 -c 2 -S 64k"},
          {R"(clients=[{"name": "w", "workload": {"ior": "-w -e -t 1m -b 4m -o /a"}},
                       {"name": "r", "design": {"preset": "lustre", "direct_io": true},
                        "workload": {"ior": "-r -t 1m -b 4m -o /b"}}])"}};
}

void expect_valid(Sets sets, const std::string& world) {
  sets.push_back("world=" + world);
  const reports::Result result = run_anyhow(kFirstLight, sets);
  EXPECT_FALSE(result.phases.empty());
  const nlohmann::json document = nlohmann::json::parse(json_of(result));
  EXPECT_EQ(reports::schema_faults(document), "") << testing::PrintToString(sets);
}

TEST(ResultSchema, JsonOfRunsInVirtualTimeIsValid) {
  for (const Sets& sets : settings()) {
    expect_valid(sets, "sim");
  }
  for (const char* hardware : {"nvme_2023", "hdd_2012", "lab_2006"}) {
    expect_valid({std::string("cluster.hardware=") + hardware}, "sim");
  }
}

TEST(ResultSchema, JsonOfRunsOverTcpIsValid) {
  for (const Sets& sets : settings()) {
    expect_valid(sets, "socket");
  }
}

}  // namespace
}  // namespace scenarios
