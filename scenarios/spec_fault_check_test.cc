#include "scenarios/spec_fault_check.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/spec_printer.h"
#include "scenarios/testing.h"

namespace scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The smallest scenario, two nodes of a group "g", with these faults.
sim::Result<Scenario> with(std::string faults) {
  return read(fmt::format(R"({{"name": "s", "cluster": {{"osts": 2}},
      "clients": [{{"name": "g", "count": 2, "workload": {{"ior": "-w"}}}}], "faults": [{}]}})",
                          faults));
}

TEST(FaultSpec, IsReadAndPrintedBack) {
  const auto scenario = with(R"(
      {"at": "10s", "for": "200s", "silent_client": "g1"},
      {"at": "0s", "for": "1s", "link_down": {"from": "g0", "to": "oss1"}},
      {"at": "0s", "for": "1s", "link_delay": {"from": "mds0", "to": "oss1", "delay": "50ms"}},
      {"at": "5s", "for": "1min", "restart": "oss0"})");
  ASSERT_TRUE(scenario.ok()) << refusal(scenario);
  ASSERT_EQ(scenario->faults.size(), 4u);
  EXPECT_EQ(scenario->faults[0].silent_client, "g1");
  EXPECT_EQ(scenario->faults[0].at, sim::seconds(10));
  EXPECT_EQ(scenario->faults[2].link_delay->delay, sim::milliseconds(50));
  EXPECT_EQ(scenario->faults[3].duration, sim::seconds(60));
  const auto again = read(print_config(*scenario));
  ASSERT_TRUE(again.ok()) << refusal(again);
  EXPECT_EQ(again->faults, scenario->faults);
}

TEST(FaultSpec, AScenarioWithoutFaultsPrintsNone) {
  const auto scenario = with("");
  ASSERT_TRUE(scenario.ok());
  EXPECT_EQ(print_config(*scenario).find("faults"), std::string::npos);
}

TEST(FaultSpec, IsExactlyOneThing) {
  EXPECT_THAT(refusal(with(R"({"at": "1s", "for": "1s"})")), HasSubstr("found 0 of"));
  EXPECT_THAT(refusal(with(R"({"at": "1s", "for": "1s", "silent_client": "g0",
                              "restart": "oss0"})")),
              HasSubstr("found 2 of"));
}

TEST(FaultSpec, LastsLongerThanNothing) {
  EXPECT_THAT(refusal(with(R"({"at": "1s", "for": "0s", "restart": "oss0"})")),
              HasSubstr("faults[0].for"));
}

TEST(FaultSpec, NamesNodesThatAreThere) {
  const auto silent = [](std::string name) {
    return refusal(with(R"({"at": "1s", "for": "1s", "silent_client": ")" + name + "\"}"));
  };
  EXPECT_EQ(silent("g1"), "accepted");
  EXPECT_THAT(silent("g2"), HasSubstr("\"g2\" is no client"));
  EXPECT_THAT(silent("g01"), HasSubstr("is no client"));
  EXPECT_THAT(silent("oss0"), HasSubstr("is no client"));
  const auto restart = [](std::string name) {
    return refusal(with(R"({"at": "1s", "for": "1s", "restart": ")" + name + "\"}"));
  };
  EXPECT_EQ(restart("oss1"), "accepted");
  EXPECT_THAT(restart("oss2"), HasSubstr("mds0 and oss0 to oss1 are"));
  EXPECT_THAT(restart("g0"), HasSubstr("is no server"));
}

TEST(FaultSpec, ALinkIsBetweenTwoNodes) {
  EXPECT_THAT(refusal(with(R"({"at": "1s", "for": "1s",
                              "link_down": {"from": "g0", "to": "g0"}})")),
              HasSubstr("to itself"));
  EXPECT_THAT(refusal(with(R"({"at": "1s", "for": "1s",
                              "link_delay": {"from": "g0", "to": "oss0"}})")),
              HasSubstr("a delay of 0s changes nothing"));
  EXPECT_THAT(refusal(with(R"({"at": "1s", "for": "1s",
                              "link_down": {"from": "g0", "to": "oss0", "delay": "1s"}})")),
              HasSubstr("not late"));
}

TEST(FaultSpec, AServerIsNotDownTwiceAtOnce) {
  const auto twice = [](std::string second) {
    return refusal(with(R"({"at": "10s", "for": "5s", "restart": "oss0"},
                           {"at": ")" +
                        second + R"(", "for": "5s", "restart": "oss0"})"));
  };
  EXPECT_THAT(twice("15s"), HasSubstr("oss0 is down from"));
  EXPECT_EQ(twice("15001ms"), "accepted");
  EXPECT_THAT(twice("5s"), HasSubstr("oss0 is down from"));
  EXPECT_EQ(twice("4999ms"), "accepted");
}

// A restart of `server` in this world, of whose two groups the second has this coherence.
std::string restart_in(const char* world, const char* server, const char* coherence) {
  return refusal(read(fmt::format(R"({{"name": "s", "world": "{}",
      "cluster": {{"osts": 1, "overrides": {{"store": "memory"}}}},
      "clients": [{{"name": "a", "workload": {{"ior": "-w"}}}},
                  {{"name": "b", "design": {{"coherence": "{}"}}, "workload": {{"ior": "-w"}}}}],
      "faults": [{{"at": "1s", "for": "1s", "restart": "{}"}}]}})",
                                  world, coherence, server)));
}

TEST(FaultSpec, WhatCannotBeDoneIsRefusedByName) {
  for (const char* server : {"oss0", "mds0"}) {
    for (const char* coherence : {"oplock", "oplock_clustered", "split"}) {
      EXPECT_THAT(restart_in("socket", server, coherence),
                  HasSubstr("faults[0].restart: in the socket world a server's node stops"))
          << coherence;
      EXPECT_THAT(restart_in("sim", server, coherence), Not(HasSubstr("restart"))) << coherence;
    }
  }
}

TEST(FaultSpec, EveryServerRestartsInTheSocketWorldWhereNobodyUsesShares) {
  for (const char* server : {"oss0", "mds0"}) {
    for (const char* coherence : {"unshared", "ttl", "ldlm"}) {
      EXPECT_EQ(restart_in("socket", server, coherence), "accepted") << coherence;
    }
  }
}

TEST(FaultSpec, EveryServerOfTheSimWorldRestarts) {
  for (const char* server : {"oss0", "oss1", "mds0"}) {
    EXPECT_EQ(refusal(with(fmt::format(R"({{"at": "1s", "for": "1s", "restart": "{}"}})", server))),
              "accepted");
  }
}

}  // namespace
}  // namespace scenarios
