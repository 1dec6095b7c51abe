// In steady state direct reads call the general allocator for no RPC, on either side.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "scenarios/run/run_testing.h"
#include "sim/counting_allocator.h"

namespace scenarios {
namespace {

struct Cost {
  std::size_t allocations = 0;
  std::uint64_t rpcs = 0;
};

// Of direct 1 MiB reads by 16 ranks, `reads` of each, of files with this layout. The files exist
// before: a window as large as they are has their space put down once, not in pieces.
Cost cost_of(std::string_view layout, int reads, std::string_view transfer) {
  const std::string text = fmt::format(
      R"({{"name": "t", "cluster": {{"hardware": "null", "osts": 4,
                                    "overrides": {{"oss": {{"preallocation": "1GiB"}}}}}},
          "layout": "{}",
          "clients": [{{"count": 4, "tasks_per_node": 4, "design": {{"direct_io": true}},
                        "workload": {{"ior": "-r -E -k -F -t {} -b {}m"}}}}]}})",
      layout, transfer, reads);
  const auto scenario = read(text);
  EXPECT_TRUE(scenario.ok());
  Cost cost;
  const std::size_t before = sim::allocations();
  const auto result = run_scenario(*scenario);
  cost.allocations = sim::allocations() - before;
  EXPECT_TRUE(result.ok());
  for (const reports::RpcCount& rpc : phase_of(*result, "read").rpcs) {
    cost.rpcs += rpc.opcode == "OST_READ" ? rpc.count : 0;
  }
  return cost;
}

// One in a hundred is left to queues and tables that still reach a new largest size.
void expect_none_per_rpc(std::string_view layout, std::string_view transfer) {
  const Cost few = cost_of(layout, 64, transfer);
  const Cost many = cost_of(layout, 1024, transfer);
  ASSERT_EQ(many.rpcs - few.rpcs, 16u * (1024 - 64));
  EXPECT_LE(many.allocations - few.allocations, (many.rpcs - few.rpcs) / 100);
}

TEST(StackAllocation, AReadOfOneObjectNeedsNone) { expect_none_per_rpc("-c 1 -S 1M", "1m"); }

TEST(StackAllocation, AReadOfFourObjectsNeedsNone) { expect_none_per_rpc("-c 4 -S 1M", "4m"); }

}  // namespace
}  // namespace scenarios
