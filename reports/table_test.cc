#include "reports/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/sweep_sample.h"

namespace reports {
namespace {

using testing::ElementsAre;

std::vector<std::string> titles(const std::vector<Column>& table) {
  std::vector<std::string> all;
  for (const Column& column : table) {
    all.push_back(column.title);
  }
  return all;
}

// The cells under `title`; empty without such a column.
std::vector<std::string> cells(const SweepResult& sweep, const std::string& title) {
  for (const Column& column : comparison(sweep)) {
    if (column.title == title) {
      return column.cells;
    }
  }
  return {};
}

TEST(Table, HasWhatVariesThenWhatWasMeasured) {
  EXPECT_THAT(titles(comparison(sample_sweep())),
              ElementsAre("clients[0].design", "layout", "read", "RPCs", "read limited by"));
  EXPECT_THAT(cells(sample_sweep(), "layout"), ElementsAre("-c 1", "-c 8"));
  EXPECT_THAT(cells(sample_sweep(), "read"), ElementsAre("11.1 GiB/s", "22.2 GiB/s"));
  EXPECT_THAT(cells(sample_sweep(), "RPCs"), ElementsAre("1272", "1272"));
}

TEST(Table, PhaseThatOneVariantLacksHasADash) {
  SweepResult sweep = sample_sweep();
  sweep.variants[1].result.phases[0].name = "write";
  EXPECT_THAT(cells(sweep, "read"), ElementsAre("11.1 GiB/s", "-"));
  EXPECT_THAT(cells(sweep, "write"), ElementsAre("-", "22.2 GiB/s"));
  EXPECT_THAT(cells(sweep, "write limited by"), ElementsAre("-", "oss0.nic.out"));
}

TEST(Table, PhaseThatMovesNothingIsShownOnlyWhereNoneDoes) {
  SweepResult sweep = sample_sweep();
  for (VariantResult& variant : sweep.variants) {
    PhaseResult remove = variant.result.phases[0];
    remove.name = "remove";
    remove.bytes = 0;
    remove.end = remove.start + sim::seconds(1);
    variant.result.phases.push_back(remove);
  }
  EXPECT_THAT(cells(sweep, "remove"), ElementsAre());
  for (VariantResult& variant : sweep.variants) {
    variant.result.phases.erase(variant.result.phases.begin());
  }
  EXPECT_THAT(cells(sweep, "remove"), ElementsAre("512 ops/s", "512 ops/s"));
}

TEST(Table, CallbacksAreShownWhereThereAreSome) {
  SweepResult sweep = sample_sweep();
  EXPECT_THAT(cells(sweep, "callbacks"), ElementsAre());
  sweep.variants[1].result.phases[0].rpcs.push_back({"LDLM_BL_CALLBACK", 7});
  EXPECT_THAT(cells(sweep, "callbacks"), ElementsAre("-", "7"));
  EXPECT_THAT(cells(sweep, "RPCs"), ElementsAre("1272", "1279"));
}

TEST(Table, ErrorsAreCountedWhereThereAreSome) {
  SweepResult sweep = sample_sweep();
  sweep.variants[1].result.errors = {"one", "two"};
  EXPECT_THAT(cells(sweep, "errors"), ElementsAre("0", "2"));
}

TEST(Table, LatencyBoundNamesItsStage) {
  SweepResult sweep = sample_sweep();
  sweep.variants[0].result.phases[0].limit = {Limit::Kind::latency_bound, "device", 0.75};
  sweep.variants[1].result.phases[0].limit = {};
  EXPECT_THAT(cells(sweep, "read limited by"), ElementsAre("latency: device", "-"));
}

}  // namespace
}  // namespace reports
