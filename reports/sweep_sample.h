// A made-up sweep of two variants, for the tests of the writers.
#pragma once

#include "reports/sample.h"
#include "reports/sweep.h"

namespace reports {

// The sample result twice, the second reading twice as fast; a threshold that holds, one that does
// not in the first variant, and one that was not measured.
inline SweepResult sample_sweep() {
  SweepResult sweep;
  sweep.version = "0.1.0";
  sweep.scenario = "sample";
  sweep.axes = {"clients[0].design", "layout"};
  sweep.variants = {{{{"clients[0].design", "lustre"}, {"layout", "-c 1"}}, sample_result()},
                    {{{"clients[0].design", "lustre"}, {"layout", "-c 8"}}, sample_result()}};
  for (VariantResult& variant : sweep.variants) {
    variant.result.errors.clear();
    // Its clients share nothing.
    variant.result.coherence.reset();
    variant.result.liveness.reset();
    for (PhaseResult& phase : variant.result.phases) {
      phase.coherence.reset();
    }
  }
  sweep.variants[1].result.phases[0].bytes *= 2;
  const std::string pair = "lustre, -c 8 / lustre, -c 1";
  sweep.thresholds = {
      {"read.bandwidth[-c 8] / read.bandwidth[-c 1]", ">= 2", Unit::none, {{pair, 2, true}}, 0},
      {"read.bandwidth",
       ">= 20GiB/s",
       Unit::rate,
       {{"lustre, -c 1", 11.1 * sim::kGiB, false}, {"lustre, -c 8", 22.2 * sim::kGiB, true}},
       0},
      {"read.latency.open.p99",
       "<= 1ms",
       Unit::time,
       {{"lustre, -c 1", {}, false}, {"lustre, -c 8", {}, false}},
       0}};
  return sweep;
}

// One run on its own, with those thresholds that are about no other.
inline SweepResult sample_single() {
  SweepResult sweep = sample_sweep();
  sweep.axes.clear();
  sweep.variants.resize(1);
  sweep.variants[0].labels.clear();
  sweep.thresholds = {
      {"read.bandwidth", ">= 1GiB/s", Unit::rate, {{"", 11.1 * sim::kGiB, true}}, 0}};
  return sweep;
}

}  // namespace reports
