#include "sim/station.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "sim/rng.h"

namespace sim {
namespace {

constexpr Duration kService = milliseconds(1);

TEST(Station, AnIdleServerServesAtOnce) {
  Loop loop(1);
  Station station(loop, "disk");
  const auto visit = station.reserve(kService);
  EXPECT_EQ(visit.wait, Duration());
  EXPECT_EQ(visit.service, kService);
  EXPECT_EQ(visit.end, TimePoint() + kService);
}

TEST(Station, AsManyAsThereAreServersAreServedAtOnceAndTheNextWaits) {
  Loop loop(1);
  Station station(loop, "cpu", 3);
  EXPECT_EQ(station.servers(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(station.reserve(kService * (i + 1)).wait, Duration());
  }
  EXPECT_EQ(station.reserve(kService).wait, kService);
  EXPECT_EQ(station.reserve(kService).wait, kService * 2);
  EXPECT_EQ(station.visits(), 5u);
  EXPECT_EQ(station.waited(), kService * 3);
}

TEST(Station, AnArrivalAtTheEndOfServiceDoesNotWaitAndOneJustBeforeDoes) {
  Loop loop(1);
  Station station(loop, "disk");
  station.reserve_from(TimePoint(0), Duration(100));
  EXPECT_EQ(station.reserve_from(TimePoint(99), Duration(1)).wait, Duration(1));
  EXPECT_EQ(station.reserve_from(TimePoint(101), Duration(1)).wait, Duration());
}

TEST(StationDeathTest, NonsenseIsRefused) {
  Loop loop(1);
  EXPECT_DEATH(Station(loop, "none", 0), "at least one server");
  Station station(loop, "disk");
  station.reserve(Duration());
  EXPECT_DEATH(station.reserve(Duration(-1)), "negative");
}

TEST(Station, BusyGrowsWithWorkDoneNotWithWorkBooked) {
  Loop loop(1);
  Station station(loop, "cpu", 2);
  station.reserve(Duration(100));
  station.reserve(Duration(30));
  station.reserve(Duration(30));  // second server, from 30 to 60
  const std::pair<std::int64_t, std::int64_t> expected[] = {
      {0, 0}, {30, 60}, {45, 90}, {60, 120}, {99, 159}, {100, 160}, {500, 160}};
  for (const auto& [now, busy] : expected) {
    loop.advance_to(TimePoint(now));
    EXPECT_EQ(station.busy(), Duration(busy)) << now;
  }
}

// The waits of `n` visits to a station at 80 % load, from an empty start.
std::vector<double> waits(std::uint32_t servers, bool exponential_service, std::size_t n) {
  Loop loop(7);
  Rng rng = loop.rng("visits");
  Station station(loop, "queue", servers);
  const Duration between = kService * 5 / (4 * std::int64_t{servers});
  TimePoint arrival;
  std::vector<double> out;
  for (std::size_t i = 0; i < n; ++i) {
    arrival = arrival + rng.exponential(between);
    const Duration service = exponential_service ? rng.exponential(kService) : kService;
    out.push_back(station.reserve_from(arrival, service).wait.seconds() * 1000);
  }
  return out;
}

// Batch means: 20 batches after one for warming up; Student's t for 99 % and 19 degrees is 2.861.
void expect_mean(const std::vector<double>& values, double expected) {
  constexpr std::size_t kBatches = 20;
  const std::size_t size = values.size() / (kBatches + 1);
  std::vector<double> means;
  for (std::size_t b = 1; b <= kBatches; ++b) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(b * size);
    means.push_back(std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(size), 0.0) /
                    static_cast<double>(size));
  }
  const double mean = std::accumulate(means.begin(), means.end(), 0.0) / kBatches;
  double squares = 0;
  for (const double m : means) {
    squares += (m - mean) * (m - mean);
  }
  const double half_width = 2.861 * std::sqrt(squares / (kBatches - 1) / kBatches);
  EXPECT_NEAR(mean, expected, half_width);
  EXPECT_LT(half_width, 0.05 * expected) << "too short a run to tell anything";
}

TEST(Station, MeanWaitIsThatOfAnMM1Queue) {
  expect_mean(waits(1, true, 2100000), 0.8 / (1 - 0.8));  // rho / (1 - rho) services
}

TEST(Station, MeanWaitIsThatOfAnMD1Queue) {
  expect_mean(waits(1, false, 2100000), 0.8 / (1 - 0.8) / 2);  // Pollaczek and Khinchine
}

TEST(Station, MeanWaitIsThatOfAnMM4Queue) {
  double all = 0;  // Erlang's C formula for an offered load of 3.2
  double term = 1;
  for (int k = 0; k < 4; ++k) {
    all += term;
    term *= 3.2 / (k + 1);
  }
  const double all_busy = term / (1 - 0.8) / (all + term / (1 - 0.8));
  expect_mean(waits(4, true, 2100000), all_busy / (4 * (1 - 0.8)));
}

// Time worked by `now` on visits that were booked.
Duration worked(const std::vector<Station::Visit>& visits, TimePoint now) {
  Duration sum;
  for (const Station::Visit& visit : visits) {
    sum += std::clamp(now - (visit.end - visit.service), Duration(), visit.service);
  }
  return sum;
}

TEST(Station, BusyIsTheTimeWorkedAlsoWhenVisitsAreBookedAheadOfTheirArrival) {
  for (const std::uint32_t servers : {1u, 3u}) {
    Loop loop(servers);
    Station station(loop, "channels", servers);
    Rng rng = loop.rng("visits");
    std::vector<Station::Visit> visits;
    TimePoint arrival;
    for (int i = 0; i < 2000; ++i) {
      loop.advance_to(loop.now() + rng.exponential(kService));
      arrival = std::max(arrival, loop.now()) + rng.exponential(kService / 2);
      visits.push_back(station.reserve_from(arrival, rng.exponential(kService / 2)));
      ASSERT_EQ(station.busy(), worked(visits, loop.now())) << "after visit " << i;
    }
    loop.advance_to(arrival + kService * 100);
    EXPECT_EQ(station.busy(), worked(visits, TimePoint::max()));
  }
}

// Counts customers in the system by what is seen from outside.
struct Census {
  void move(TimePoint now, int by) {
    area += (now - since) * inside;
    since = now;
    inside += by;
  }
  Duration area;
  TimePoint since;
  std::int64_t inside = 0;
};

Task<> customer(Loop& loop, Station& station, Census& census, Duration service, Duration& sojourn) {
  const TimePoint arrival = loop.now();
  census.move(arrival, 1);
  const auto visit = co_await station.use(service);
  EXPECT_EQ(loop.now(), visit.end);
  EXPECT_EQ(visit.end - arrival, visit.wait + visit.service);
  sojourn += visit.wait + visit.service;
  census.move(loop.now(), -1);
}

Task<> source(Loop& loop, TaskGroup& group, Station& station, Census& census, Duration& sojourn) {
  Rng rng = loop.rng("customers");
  for (int i = 0; i < 5000; ++i) {
    co_await sleep_for(loop, rng.exponential(kService));
    group.spawn(customer(loop, station, census, rng.exponential(kService * 2), sojourn), "c");
  }
}

TEST(Station, LittlesLawHoldsToTheNanosecondOverAWholeRun) {
  Loop loop(1);
  Station station(loop, "queue", 2);
  TaskGroup group(loop);
  Census census;
  Duration sojourn;
  group.spawn(source(loop, group, station, census, sojourn), "source");
  ASSERT_TRUE(run_virtual(loop).ok());
  EXPECT_EQ(census.inside, 0);
  EXPECT_EQ(census.area, sojourn);  // mean number inside x period = visits x mean sojourn
  EXPECT_EQ(station.visits(), 5000u);
  EXPECT_EQ(station.busy() + station.waited(), sojourn);
}

}  // namespace
}  // namespace sim
