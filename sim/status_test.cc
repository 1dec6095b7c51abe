#include "sim/status.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>

namespace sim {
namespace {

Error lost() { return {Errc::not_found, "no such object"}; }

TEST(ErrcName, EveryErrorHasItsOwnName) {
  std::set<std::string_view> names;
  const int last = static_cast<int>(Errc::unknown_outcome);
  for (int code = 0; code <= last; ++code) {
    names.insert(errc_name(static_cast<Errc>(code)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_EQ(names.count("invalid"), 0u);
}

TEST(ErrcName, FirstMiddleAndLastMatchTheirSpelling) {
  EXPECT_EQ(errc_name(Errc::ok), "ok");
  EXPECT_EQ(errc_name(Errc::no_space), "no_space");
  EXPECT_EQ(errc_name(Errc::evicted), "evicted");
  EXPECT_EQ(errc_name(Errc::unknown_outcome), "unknown_outcome");
}

TEST(ErrcName, CodePastTheLastIsInvalid) {
  const int past = static_cast<int>(Errc::unknown_outcome) + 1;
  EXPECT_EQ(errc_name(static_cast<Errc>(past)), "invalid");
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> good = 7;
  EXPECT_TRUE(good.ok());
  EXPECT_EQ(*good, 7);
  EXPECT_EQ(good.code(), Errc::ok);
  const Result<int> bad = lost();
  EXPECT_FALSE(bad);
  EXPECT_EQ(bad.error(), lost());
  EXPECT_EQ(bad.code(), Errc::not_found);
}

TEST(Result, MoveOnlyValueCanBeTaken) {
  Result<std::unique_ptr<int>> r = std::make_unique<int>(3);
  const std::unique_ptr<int> taken = *std::move(r);
  EXPECT_EQ(*taken, 3);
}

TEST(Result, ArrowReachesTheValue) {
  Result<std::string> r = std::string("stripe");
  r->append("s");
  EXPECT_EQ(r.value(), "stripes");
}

TEST(ResultDeathTest, ValueOfAFailureStopsTheProgramWithItsMessage) {
  Result<int> bad = lost();
  EXPECT_DEATH(bad.value(), "broken invariant: .*no such object");
}

TEST(Status, IsSuccessUnlessMadeFromAnError) {
  EXPECT_TRUE(Status().ok());
  EXPECT_EQ(Status().code(), Errc::ok);
  const Status failed = lost();
  EXPECT_FALSE(failed);
  EXPECT_EQ(failed.error(), lost());
}

TEST(Check, TrueInvariantGoesOn) { check(true, "never printed"); }

TEST(CheckDeathTest, PrintsTheMessageAndThePlace) {
  EXPECT_DEATH(check(false, "two owners"), "two owners\n.*status_test.cc:[0-9]+");
}

TEST(CheckDeathTest, PrintsSeedAndVirtualTimeOfTheRun) {
  std::int64_t now_ns = 1;
  const RunContext run(42, &now_ns);
  now_ns = 1500;
  EXPECT_DEATH(check(false, "late"), "seed 42, virtual time 1500 ns");
}

TEST(CheckDeathTest, InnermostRunIsPrintedAndTheOuterOneReturns) {
  const std::int64_t now_ns = 10;
  const RunContext outer(1, &now_ns);
  {
    const RunContext inner(2, &now_ns);
    EXPECT_DEATH(fail_check("inside"), "seed 2, virtual time 10 ns");
  }
  EXPECT_DEATH(fail_check("outside"), "seed 1, virtual time 10 ns");
}

TEST(CheckDeathTest, WithoutARunNoSeedIsInvented) {
  EXPECT_DEATH(fail_check("alone"), "alone\n  at [^\n]*\n$");
}

}  // namespace
}  // namespace sim
