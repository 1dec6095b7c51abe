// What the checker says of clients whose caches nobody invalidates.
#include "scenarios/run/coherence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/run/sharing_scenario_testing.h"

namespace scenarios {
namespace {

using testing::HasSubstr;

const std::string kDirect = R"("design": {"preset": "lustre", "direct_io": true})";

// Clients whose caches are their own.
const std::string kApart = "clients[*].design.coherence=unshared";

reports::Result share_apart(const std::string& clients, std::vector<std::string> sets = {}) {
  sets.push_back(kApart);
  return share(clients, std::move(sets));
}

// One client writes and another reads what it is told of, in a file of 16 records.
reports::Result relay(const std::string& writer, const std::string& reader,
                      const std::string& writes, const std::string& reads) {
  const std::string pattern =
      R"("pattern": "producer_consumer", "rounds": 16, "file_size": "64KiB")";
  return share_apart(group_of(writer, pattern + R"(, "role": "writer")" + writes) + ", " +
                     group_of(reader, pattern + R"(, "role": "reader")" + reads));
}

TEST(Coherence, PrivateCachesGoStaleAndAStoryTellsHow) {
  const reports::Result result =
      share_apart(group_of(R"("count": 4)", R"("pattern": "random_mix", "file_size": "256KiB",
                                         "rounds": 200, "think": "1ms")"));
  const reports::Coherence c = judged(result);
  EXPECT_GT(c.blocks.staleness.stale, 0u);
  EXPECT_EQ(c.blocks.impossible, 0u);
  EXPECT_GT(violations(result, "linearizable"), 0u);
  EXPECT_EQ(violations(result, "read_your_writes"), 0u);
  EXPECT_EQ(violations(result, "monotonic_reads"), 0u);
  ASSERT_FALSE(c.stories.empty());
  EXPECT_THAT(c.stories.front(), HasSubstr("stale read: client"));
  EXPECT_THAT(c.stories.front(), HasSubstr("/shared.0"));
}

TEST(Coherence, AReadIsAsStaleAsItsDelayIsLong) {
  const reports::Result result =
      relay(R"("name": "w")", R"("name": "r", )" + kDirect, "", R"(, "delay": "7ms")");
  const reports::ReadStaleness stale = *phase_of(result, "producer_consumer").coherence;
  EXPECT_EQ(stale.reads, 16u);
  EXPECT_EQ(stale.stale, 16u) << "nothing was brought to the servers";
  EXPECT_EQ(stale.stale_per_million, 1'000'000u);
  EXPECT_EQ(stale.age_max, sim::milliseconds(7));
}

TEST(Coherence, WhatWasSyncedIsSeenByWhoHasNoCache) {
  expect_coherent(relay(R"("name": "w")", R"("name": "r", )" + kDirect, R"(, "fsync": true)", ""));
}

TEST(Coherence, AStaleReadWithinTheBoundKeepsIt) {
  const auto broken = [](const std::string& bound) {
    const std::string pattern =
        R"("pattern": "producer_consumer", "rounds": 4, "file_size": "64KiB", )";
    const reports::Result result = share_apart(
        group_of(R"("name": "w")", pattern + R"("role": "writer")") + ", " +
            group_of(R"("name": "r", )" + kDirect, pattern + R"("role": "reader", "delay": "7ms")"),
        {"staleness_bound=" + bound});
    return violations(result, "bounded_staleness");
  };
  EXPECT_EQ(broken("7ms"), 0u);
  EXPECT_EQ(broken("6.999999ms"), 4u);
}

// Close brings nothing to the servers: an fsync before it does.
TEST(Coherence, CloseToOpenNeedsTheDataAtTheServers) {
  const auto broken = [](const std::string& fsync) {
    return violations(
        share_apart(
            group_of(R"("count": 4, "design": {"preset": "lustre", "page_cache": {"enabled": )" +
                         fsync + "}}",
                     R"("pattern": "reopen", "rounds": 300, "file_size": "1MiB")")),
        "close_to_open");
  };
  EXPECT_EQ(broken("false"), 0u) << "no cache";
  EXPECT_GT(broken("true"), 0u);
}

TEST(Coherence, SizesOfAGrowingLogAreSeenPastTheCaches) {
  const std::string pattern = R"("pattern": "append", "rounds": 10)";
  const auto sizes = [&](const std::string& design) {
    return judged(share_apart(group_of(R"("count": 2)" + design, pattern))).sizes;
  };
  EXPECT_EQ(sizes(", " + kDirect).staleness.reads, 20u);
  EXPECT_EQ(sizes(", " + kDirect).staleness.stale, 0u);
}

TEST(Coherence, JudgingChangesNothingThatHappens) {
  const auto run = [](const std::string& check, const std::string& store) {
    return run_text(
        kFirstLight,
        std::vector<std::string>{"verify=false", "check_coherence=" + check, "clients[0].count=2",
                                 "cluster.hardware=nvme_2023", "cluster.overrides.store=" + store,
                                 kApart, "clients[0].workload.ior=-w -r -C -t 64k -b 1m -s 4"});
  };
  const reports::Result plain = run("false", "modelled");
  EXPECT_FALSE(plain.coherence.has_value());
  EXPECT_FALSE(phase_of(plain, "read").coherence.has_value());
  for (const char* store : {"modelled", "memory"}) {
    const reports::Result judged_run = run("true", store);
    EXPECT_EQ(judged_run.context.digest, plain.context.digest) << store;
    EXPECT_EQ(judged_run.context.events, plain.context.events) << store;
    EXPECT_GT(judged(judged_run).blocks.staleness.stale, 0u) << "nothing was synced";
  }
}

TEST(Coherence, ReadsBelongToThePhaseInWhichTheyWereCalled) {
  const std::vector<std::string> sets = {"check_coherence=true",
                                         "clients[0].workload.ior=-w -W -r -e -t 64k -b 1m"};
  const reports::Result result = run_text(kFirstLight, sets);
  const auto reads = [&result](const char* phase) {
    return phase_of(result, phase).coherence->reads;
  };
  EXPECT_EQ(reads("write"), 0u);
  EXPECT_EQ(reads("write_check"), 256u);
  EXPECT_EQ(reads("read"), 256u);
  EXPECT_EQ(judged(result).blocks.staleness.reads, 512u);
  expect_coherent(result);
}

}  // namespace
}  // namespace scenarios
