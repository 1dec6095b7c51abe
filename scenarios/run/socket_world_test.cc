// What real machines do with figures that are meant for modelled ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(SocketWorld, NeverSleepsForTheTimeOfModelledProcessors) {
  const std::vector<std::string> sets = {"world=socket",
                                         "cluster.overrides.oss.cpu_per_io=1h",
                                         "cluster.overrides.mds.cpu_per_modify=1h",
                                         "cluster.overrides.mds.cpu_per_lookup=1h",
                                         "cluster.overrides.mds.cpu_per_close=1h",
                                         "cluster.overrides.oss.cpu_per_object=1h"};
  for (const reports::PhaseResult& phase : run_text(kFirstLight, sets).phases) {
    EXPECT_LT(phase.time(), sim::seconds(1800)) << phase.name;
  }
}

TEST(SocketWorld, ChargesWhatItsProcessorsReallyDid) {
  const std::vector<std::string> sets = {"world=socket", "clients[0].design.direct_io=true"};
  for (const reports::PhaseResult& phase : run_text(kFirstLight, sets).phases) {
    const char* stage = phase.name == "remove" ? "metadata" : "server_cpu";
    EXPECT_GT(stages_of(phase)[stage], 0) << phase.name;
  }
}

TEST(SocketWorld, ResultNamesTheFiguresThatPlayNoPart) {
  const std::vector<std::string> sets = {"world=socket"};
  EXPECT_THAT(run_text(kFirstLight, sets).notes, Contains(HasSubstr("nic_rate")));
  EXPECT_THAT(run_text(kFirstLight, {}).notes, Not(Contains(HasSubstr("nic_rate"))));
}

}  // namespace
}  // namespace scenarios
