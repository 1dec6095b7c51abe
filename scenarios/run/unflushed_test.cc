#include "scenarios/run/unflushed.h"

#include <gmock/gmock.h>

#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// Two clients read what the other has written and not synced.
constexpr std::string_view kExchange = R"({
  "name": "exchange", "cluster": {"osts": 2, "hardware": "null"},
  "clients": [{"count": 2, "workload": {"ior": "-w -r -C -k -F -t 64k -b 64k"}}]
})";

TEST(Unflushed, WithoutLocksARunSaysThatItReadOldData) {
  const std::vector<std::string> sets = {"clients[0].design.coherence=unshared"};
  EXPECT_THAT(run_anyhow(kExchange, sets).notes,
              Contains(HasSubstr("2 reads (128 KiB) were of data")));
}

TEST(Unflushed, UnderLocksTheDataIsBroughtSoNothingIsSaid) {
  const std::vector<std::string> sets = {"clients[0].design.coherence=ldlm"};
  EXPECT_THAT(run_text(kExchange, sets).notes, Not(Contains(HasSubstr("reads ("))));
}

}  // namespace
}  // namespace scenarios
