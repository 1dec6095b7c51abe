#include "tools/tidy/layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/tidy/findings_for_test.h"

namespace tools {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Whether a file in `from` may include `included`.
bool allowed(const std::string& from, const std::string& included) {
  return check_layers(tree_of({{from + "/x.cc", "#include \"" + included + "\"\n"}})).empty();
}

TEST(Layers, EveryArrowOfTheHouseIsAllowed) {
  EXPECT_TRUE(allowed("bench", "scenarios/run.h"));
  EXPECT_TRUE(allowed("scenarios", "stripe/client/file.h"));
  EXPECT_TRUE(allowed("scenarios/workload", "reports/result.h"));
  EXPECT_TRUE(allowed("stripe/client", "transport/import.h"));
  EXPECT_TRUE(allowed("stripe/client", "cachemodel/ldlm.h"));
  EXPECT_TRUE(allowed("transport/nrs", "transport/service.h"));
  EXPECT_TRUE(allowed("transport", "sim/loop.h"));
  EXPECT_TRUE(allowed("cachemodel/policy", "sim/units.h"));
  EXPECT_TRUE(allowed("reports", "sim/status.h"));
  EXPECT_TRUE(allowed("bench", "sim/units.h"));
}

TEST(Layers, EveryArrowBackwardsIsRefused) {
  EXPECT_FALSE(allowed("sim", "transport/network.h"));
  EXPECT_FALSE(allowed("transport", "stripe/layout/layout.h"));
  EXPECT_FALSE(allowed("transport", "cachemodel/ldlm.h"));
  EXPECT_FALSE(allowed("cachemodel", "transport/network.h"));
  EXPECT_FALSE(allowed("stripe/client", "scenarios/spec.h"));
  EXPECT_FALSE(allowed("stripe/server", "reports/result.h"));
  EXPECT_FALSE(allowed("reports", "scenarios/spec.h"));
  EXPECT_FALSE(allowed("scenarios", "bench/main.h"));
}

TEST(Layers, InsideStripeClientAndServerNeverMeet) {
  EXPECT_TRUE(allowed("stripe/protocol", "stripe/layout/layout.h"));
  EXPECT_TRUE(allowed("stripe/server", "stripe/protocol/messages.h"));
  EXPECT_TRUE(allowed("stripe/client", "stripe/layout/split.h"));
  EXPECT_TRUE(allowed("stripe/gateway", "stripe/client/file.h"));
  EXPECT_FALSE(allowed("stripe/client", "stripe/server/ost.h"));
  EXPECT_FALSE(allowed("stripe/server", "stripe/client/file.h"));
  EXPECT_FALSE(allowed("stripe/gateway", "stripe/server/ost.h"));
  EXPECT_FALSE(allowed("stripe/client", "stripe/gateway/share.h"));
  EXPECT_FALSE(allowed("stripe/layout", "stripe/protocol/messages.h"));
  EXPECT_FALSE(allowed("stripe/protocol", "stripe/server/ost.h"));
}

TEST(Layers, PathsStartAtTheWorkspaceRoot) {
  EXPECT_FALSE(allowed("sim", "units.h"));
  EXPECT_FALSE(allowed("sim", "../sim/units.h"));
  EXPECT_TRUE(allowed("sim", "sim/units.h"));
}

TEST(Layers, OnlyRealIncludesOfOurOwnCount) {
  EXPECT_THAT(check_layers(tree_of({{"sim/x.cc",
                                     "// #include \"bench/a.h\"\n"
                                     "#include <bench/a.h>\n"
                                     "auto s = R\"(\n#include \"bench/a.h\"\n)\";\n"}})),
              IsEmpty());
}

TEST(Layers, FindingNamesTheLine) {
  EXPECT_THAT(places(check_layers(
                  tree_of({{"sim/x.cc", "#include \"sim/a.h\"\n#include \"bench/a.h\"\n"}}))),
              ElementsAre("sim/x.cc:2"));
}

}  // namespace
}  // namespace tools
