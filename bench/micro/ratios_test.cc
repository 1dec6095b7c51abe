#include "bench/micro/ratios.h"

#include <gtest/gtest.h>

namespace bench {
namespace {

TEST(Ratios, OneLineForEveryPairThatRan) {
  const Rates rates = {{"hold_coroutines/pending:1000", {30e6}},
                       {"hold_std_priority_queue/pending:1000", {20e6}},
                       {"hold_std_priority_queue/pending:10000", {20e6}},
                       {"closed_bare_events", {10e6}},
                       {"closed_coroutines_station", {8e6}}};
  EXPECT_EQ(describe_ratios(rates),
            " 1.50 x  hold_coroutines / hold_std_priority_queue/pending:1000\n"
            " 0.80 x  closed_coroutines_station / closed_bare_events\n");
}

TEST(Ratios, OfRepetitionsTheMedianCounts) {
  const Rates rates = {{"closed_bare_events", {10e6, 1e6, 90e6}},
                       {"closed_coroutines_station", {1e6, 8e6, 12e6, 99e6}}};
  EXPECT_EQ(describe_ratios(rates), " 1.00 x  closed_coroutines_station / closed_bare_events\n");
}

TEST(Ratios, NothingIsSaidOfOtherBenchmarks) {
  EXPECT_EQ(describe_ratios({{"split", {1e6}}, {"hold_coroutines_x", {1}}}), "");
}

}  // namespace
}  // namespace bench
