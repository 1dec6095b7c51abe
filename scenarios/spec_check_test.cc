#include "scenarios/spec_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/testing.h"

namespace scenarios {
namespace {

using testing::HasSubstr;

TEST(Check, AtMostOneObjectServerPerOst) {
  EXPECT_TRUE(smallest_with({"cluster.oss=2"}).ok());
  EXPECT_THAT(refusal(smallest_with({"cluster.oss=3"})),
              HasSubstr("cluster.oss: 3 object servers for 2 OSTs"));
}

TEST(Check, ExactlyOneWorkload) {
  EXPECT_THAT(refusal(smallest_with({"clients[0].workload.dxt=x"})), HasSubstr("found 2 of ior"));
  EXPECT_THAT(refusal(smallest_with({"clients[0].workload.ior="})), HasSubstr("found 0 of ior"));
  EXPECT_TRUE(smallest_with({"clients[0].workload.ior=", "clients[0].workload.dxt=x"}).ok());
}

TEST(Check, RecordedTimesMountsAndRanksBelongToATrace) {
  EXPECT_THAT(refusal(smallest_with({"clients[0].workload.timing=as_recorded"})),
              HasSubstr("needs a dxt"));
  EXPECT_THAT(refusal(smallest_with({"clients[0].workload.mounts=lustre_only"})),
              HasSubstr("needs a dxt"));
  EXPECT_THAT(refusal(smallest_with({"clients[0].workload.ior=", "clients[0].workload.dxt=x",
                                     "clients[0].workload.tasks=4"})),
              HasSubstr("leave out tasks"));
}

TEST(Check, NodesAndRanksOfATraceAreItsOwn) {
  const auto trace_with = [](const std::string& set) {
    return refusal(smallest_with({"clients[0].workload.ior=", "clients[0].workload.dxt=x", set}));
  };
  EXPECT_EQ(trace_with("clients[0].count=1"), "accepted");
  EXPECT_THAT(trace_with("clients[0].count=2"),
              HasSubstr("clients[0].count: the nodes of a dxt are its own"));
  EXPECT_EQ(trace_with("clients[0].tasks_per_node=1"), "accepted");
  EXPECT_THAT(trace_with("clients[0].tasks_per_node=2"), HasSubstr("leave out tasks_per_node"));
}

TEST(Check, RanksAreGivenInOneWay) {
  const auto tasks = smallest_with({"clients[0].count=2", "clients[0].workload.tasks=5"});
  ASSERT_TRUE(tasks.ok());
  EXPECT_EQ(tasks->clients[0].ranks(), 5u);
  EXPECT_EQ(tasks->clients[0].ranks_per_node(), 3u);
  EXPECT_FALSE(smallest_with({"clients[0].tasks_per_node=4", "clients[0].workload.tasks=5"}).ok());
  EXPECT_TRUE(smallest_with({"clients[0].tasks_per_node=4", "clients[0].workload.tasks=4"}).ok());
}

TEST(Check, VerifyingNeedsAStoreThatKeepsData) {
  EXPECT_THAT(refusal(smallest_with({"verify=true"})), HasSubstr("verify: nothing to verify"));
  EXPECT_TRUE(smallest_with({"verify=true", "cluster.overrides.store=memory"}).ok());
}

TEST(Check, SocketWorldKeepsDataAndRefusesAStoreThatDoesNot) {
  const auto open = smallest_with({"world=socket"});
  ASSERT_TRUE(open.ok()) << open.error().message;
  EXPECT_EQ(open->cluster.hardware.store, StoreKind::memory);
  EXPECT_NE(smallest_with({})->cluster.hardware.store, StoreKind::memory);
  EXPECT_TRUE(smallest_with({"world=socket", "cluster.overrides.store=memory"}).ok());
  for (const char* where : {"cluster.overrides.store", "cluster.hardware.store"}) {
    EXPECT_THAT(refusal(smallest_with({"world=socket", std::string(where) + "=modelled"})),
                HasSubstr("world: the socket world"))
        << where;
  }
}

TEST(Check, SeeksGrowWithDistance) {
  const std::string path = "cluster.overrides.ost_device.hdd_array.";
  EXPECT_TRUE(smallest_with({path + "seek_track=8500us"}).ok());
  EXPECT_FALSE(smallest_with({path + "seek_track=8501us"}).ok());
  EXPECT_FALSE(smallest_with({path + "seek_full=8ms"}).ok());
  EXPECT_FALSE(smallest_with({path + "inner_rate=181MB/s"}).ok());
  EXPECT_FALSE(smallest_with({path + "outer_rate=unlimited"}).ok());
}

TEST(Check, ARebuildNeedsParityAndAnotherDisk) {
  const std::string path = "cluster.overrides.ost_device.hdd_array.";
  EXPECT_TRUE(smallest_with({path + "rebuild_percent=1", path + "parity_disks=1"}).ok());
  EXPECT_THAT(refusal(smallest_with({path + "rebuild_percent=1", path + "parity_disks=0"})),
              HasSubstr("a rebuild_percent of 1 with 8 data_disks and 0 parity_disks"));
  EXPECT_TRUE(smallest_with({path + "rebuild_percent=0", path + "parity_disks=0"}).ok());
  EXPECT_TRUE(smallest_with({path + "rebuild_percent=1", path + "data_disks=2"}).ok());
  EXPECT_FALSE(smallest_with({path + "rebuild_percent=1", path + "data_disks=1"}).ok());
}

TEST(Check, TheMdtsDeviceIsCheckedAsTheOstsAre) {
  EXPECT_FALSE(smallest_with({"cluster.overrides.mdt_device.hdd_array.seek_full=8ms"}).ok());
}

TEST(Check, APoolsOstsAreThereAndOnlyOnce) {
  const auto pools = smallest_with({"cluster.pools={\"fast\": [1], \"all\": [1, 0]}"});
  ASSERT_TRUE(pools.ok());
  EXPECT_EQ(pools->cluster.pools.at("all"), (std::vector<std::uint32_t>{1, 0}));
  EXPECT_THAT(refusal(smallest_with({"cluster.pools={\"fast\": [0, 2]}"})),
              HasSubstr("cluster.pools.fast: there is no OST 2; OSTs 0 to 1 are"));
  EXPECT_THAT(refusal(smallest_with({"cluster.pools={\"fast\": [0, 1, 0]}"})),
              HasSubstr("OST 0 stands there twice"));
}

TEST(Check, APoolIsANameAndAListOfNumbers) {
  EXPECT_TRUE(smallest_with({"cluster.pools={\"fifteen_letters\": [0]}"}).ok());
  EXPECT_THAT(refusal(smallest_with({"cluster.pools={\"sixteen_letters_\": [0]}"})),
              HasSubstr("1 to 15 letters"));
  for (const std::string bad :
       {"[0]", "{\"a\": []}", "{\"a\": 0}", "{\"a\": [\"0\"]}", "{\"a\": [-1]}", "{\"\": [0]}",
        "{\"a.b\": [0]}", "{\"none\": [0]}"}) {
    EXPECT_FALSE(smallest_with({"cluster.pools=" + bad}).ok()) << bad;
  }
}

TEST(Check, RpcIsWholePagesAndFitsTheDirtyLimit) {
  const std::string path = "clients[0].design.";
  EXPECT_FALSE(smallest_with({path + "max_rpc_size=5000B"}).ok());
  EXPECT_TRUE(smallest_with({path + "max_dirty_per_ost=4MiB"}).ok());
  EXPECT_FALSE(smallest_with({path + "max_dirty_per_ost=4095KiB"}).ok());
  EXPECT_TRUE(smallest_with({path + "max_dirty_per_ost=0B", path + "direct_io=true"}).ok());
  EXPECT_FALSE(smallest_with({path + "rpc_timeout=0s"}).ok());
}

TEST(Check, PrecreationBoundsAreInOrder) {
  EXPECT_FALSE(smallest_with({"cluster.overrides.mds.precreate_max=31"}).ok());
  EXPECT_TRUE(smallest_with({"cluster.overrides.mds.precreate_max=32"}).ok());
}

TEST(Check, RedirectedIoNeedsAShareOnEveryObjectServer) {
  const auto split_with = [](const std::string& redirect, const std::string& servers) {
    return refusal(smallest_with({"clients[0].design={\"coherence\": \"split\"}",
                                  "clients[0].design.split.redirect=" + redirect, "cluster.oss=2",
                                  "cluster.share_servers=" + servers}));
  };
  EXPECT_EQ(split_with("none", "1"), "accepted");
  for (const char* redirect : {"paging", "all"}) {
    EXPECT_THAT(split_with(redirect, "2"), HasSubstr("2 share servers; 3 would be right"));
    EXPECT_EQ(split_with(redirect, "3"), "accepted");
  }
}

TEST(Check, OnlyWhatIoIsRedirectedPastIsPurged) {
  const auto split_with = [](const std::string& redirect, const std::string& set) {
    return refusal(smallest_with({"clients[0].design={\"coherence\": \"split\"}",
                                  "clients[0].design.split.redirect=" + redirect, "cluster.oss=1",
                                  "cluster.share_servers=2", set}));
  };
  const std::string purge = "clients[0].design.split.purge=open";
  EXPECT_EQ(split_with("paging", purge), "accepted");
  EXPECT_THAT(split_with("all", purge), HasSubstr("past a cache that could be purged"));
  EXPECT_THAT(split_with("none", purge), HasSubstr("past a cache that could be purged"));
  const std::string share = "clients[0].design.share_server=1";
  EXPECT_EQ(split_with("none", share), "accepted");
  EXPECT_THAT(split_with("paging", share), HasSubstr("is not the metadata share"));
}

TEST(Check, TwoGroupsOfOneNameAreRefused) {
  const auto s = read(R"({"name": "s", "cluster": {"osts": 2}, "clients": [
      {"name": "a", "workload": {"ior": "-w"}}, {"name": "a", "workload": {"ior": "-r"}}]})");
  EXPECT_THAT(refusal(s), HasSubstr("clients[1].name: the name \"a\" belongs to an earlier group"));
}

TEST(Check, RanksInAllAreBounded) {
  EXPECT_TRUE(smallest_with({"clients[0].count=100000", "clients[0].tasks_per_node=40"}).ok());
  EXPECT_THAT(refusal(smallest_with({"clients[0].count=100000", "clients[0].tasks_per_node=41"})),
              HasSubstr("4100000 ranks in all"));
}

}  // namespace
}  // namespace scenarios
