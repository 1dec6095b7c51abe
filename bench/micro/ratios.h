// Rates of benchmarks beside each other: what a line of its own cannot tell.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace bench {

// The rates of a run by benchmark, in items per second. Of several repetitions the median counts.
using Rates = std::map<std::string, std::vector<double>>;

// One line for every pair that both ran: how often the first rate contains the second. Empty if
// none did.
std::string describe_ratios(const Rates& rates);

// Prints what Google Benchmark's console reporter prints, and keeps the rates.
class RatesReporter final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override;
  const Rates& rates() const { return rates_; }

 private:
  Rates rates_;
};

}  // namespace bench
