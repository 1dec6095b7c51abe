// Runs the micro benchmarks and prints how those that belong together compare.
#include <fmt/core.h>

#include "bench/micro/ratios.h"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  bench::RatesReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  const std::string ratios = bench::describe_ratios(reporter.rates());
  if (!ratios.empty()) {
    fmt::print("\n{}", ratios);
  }
  benchmark::Shutdown();
  return 0;
}
