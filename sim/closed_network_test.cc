// The kernel against exact mean value analysis: 8,000 requests circulate between a network that
// delays each by Exp(1) and 100 servers with Exp(1) service, chosen at random.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sim/rng.h"
#include "sim/station.h"

namespace sim {
namespace {

constexpr std::size_t kTokens = 8000;
constexpr std::size_t kServers = 100;
constexpr Duration kUnit = milliseconds(1);

struct Throughput {
  double rate;        // per unit of time
  double per_server;  // mean number at each server
};

// Reiser and Lavenberg, 1980: R(n) = 1 + Q(n-1), X = n / (Z + R), Q = X R / M.
Throughput mean_value_analysis() {
  double rate = 0;
  double queue = 0;
  for (std::size_t n = 1; n <= kTokens; ++n) {
    const double response = 1 + queue;
    rate = static_cast<double>(n) / (1 + response);
    queue = rate * response / static_cast<double>(kServers);
  }
  return {rate, queue};
}

TEST(ClosedNetwork, TheAnalysisItselfGivesTheKnownRate) {
  EXPECT_NEAR(mean_value_analysis().rate, 98.7625, 5e-5);
}

// `first` is where a token stands at the beginning; kServers means in the network.
Task<> token(Loop& loop, std::vector<Station>& servers, Rng& rng, std::size_t first,
             std::uint64_t& served) {
  for (std::size_t at = first;; at = rng.below(kServers)) {
    if (at < kServers) {
      co_await servers[at].use(rng.exponential(kUnit));
      ++served;
    }
    co_await sleep_for(loop, rng.exponential(kUnit));
  }
}

// Where every token stands in the steady state: all ways to spread n over the queues are equally
// likely, so the bars between queues fall anywhere. Starting there makes a warm-up, which would
// take thousands of units, needless.
std::vector<std::size_t> steady_places(Rng& rng, std::size_t in_network) {
  const std::size_t queued = kTokens - in_network;
  std::vector<bool> bar(queued + kServers - 1);
  for (std::size_t placed = 0; placed < kServers - 1;) {
    const std::size_t i = rng.below(bar.size());
    placed += bar[i] ? 0 : 1;
    bar[i] = true;
  }
  std::vector<std::size_t> places(in_network, kServers);
  std::size_t server = 0;
  for (const bool b : bar) {
    if (b) {
      ++server;
    } else {
      places.push_back(server);
    }
  }
  return places;
}

TEST(ClosedNetwork, ThroughputIsThatOfMeanValueAnalysis) {
  Loop loop(1);
  Rng rng = loop.rng("tokens");
  std::vector<Station> servers;
  for (std::size_t i = 0; i < kServers; ++i) {
    servers.emplace_back(loop, "server");
  }
  const double expected = mean_value_analysis().rate;
  std::uint64_t served = 0;
  TaskGroup group(loop);
  for (const std::size_t place : steady_places(rng, 99)) {
    group.spawn(token(loop, servers, rng, place, served), "token");
  }
  constexpr std::int64_t kUnits = 4000;
  while (loop.step(TimePoint() + kUnit * kUnits)) {
  }
  const double rate = static_cast<double>(served) / static_cast<double>(kUnits);
  // 400,000 services scatter by 0.16 %; 0.6 % tells the rate from 100, which is every server busy.
  EXPECT_NEAR(rate, expected, 0.006 * expected);
  Duration busy;
  for (const Station& server : servers) {
    busy += server.busy();
  }
  EXPECT_NEAR(busy.seconds() / (kUnit * kUnits).seconds(), expected, 0.006 * expected);
  EXPECT_EQ(group.size(), kTokens);
}

}  // namespace
}  // namespace sim
