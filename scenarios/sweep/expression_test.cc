#include "scenarios/sweep/expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using testing::HasSubstr;

Axis axis(std::string name, std::vector<std::string> labels) {
  Axis made{std::move(name), {}};
  for (std::string& label : labels) {
    made.choices.push_back({std::move(label), {}});
  }
  return made;
}

std::vector<Axis> axes() {
  return {axis("clients[0].design", {"lustre", "nfs"}),
          axis("layout", {"-c 4", "-c 4, -S 1M", "4"}), axis("cluster.osts", {"4", "8"})};
}

using Pins = std::vector<std::optional<std::string>>;
constexpr auto kAny = std::nullopt;

Expression parse(std::string_view text) {
  const auto parsed = parse_expression(text, axes());
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().message);
  return parsed.ok() ? *parsed : Expression();
}

std::string refusal_of(std::string_view text) {
  const auto parsed = parse_expression(text, axes());
  return parsed.ok() ? "accepted" : parsed.error().message;
}

TEST(Expression, MetricAloneIsMeantInEveryVariant) {
  const Expression e = parse("read.latency.read.p99");
  EXPECT_EQ(e.combination, Combination::value);
  EXPECT_EQ(e.first.metric, "read.latency.read.p99");
  EXPECT_EQ(e.first.pinned, (Pins{kAny, kAny, kAny}));
}

TEST(Expression, RatioAndDifferenceHaveTwoMetrics) {
  const Expression ratio = parse("read.bandwidth[lustre] / read.bandwidth[nfs]");
  EXPECT_EQ(ratio.combination, Combination::ratio);
  EXPECT_EQ(ratio.first.pinned, (Pins{"lustre", kAny, kAny}));
  EXPECT_EQ(ratio.second.pinned, (Pins{"nfs", kAny, kAny}));
  const Expression difference = parse("write.end - read.start");
  EXPECT_EQ(difference.combination, Combination::difference);
  EXPECT_EQ(difference.second.metric, "read.start");
}

TEST(Expression, OperatorsInsideBracketsAndNamesAreText) {
  EXPECT_EQ(parse("write-1.bandwidth").first.metric, "write-1.bandwidth");
  const std::vector<Axis> odd = {axis("a", {"x / y", "x - y"})};
  const auto e = parse_expression("m[x / y] - m[x - y]", odd);
  ASSERT_TRUE(e.ok()) << e.error().message;
  EXPECT_EQ(e->combination, Combination::difference);
  EXPECT_EQ(e->first.pinned, (Pins{"x / y"}));
}

TEST(Expression, LabelsOfSeveralAxesAreJoinedByCommas) {
  EXPECT_EQ(parse("m[nfs, 8]").first.pinned, (Pins{"nfs", kAny, "8"}));
  EXPECT_EQ(parse("m[ 8,nfs ]").first.pinned, (Pins{"nfs", kAny, "8"}));
}

TEST(Expression, LongestLabelIsMeant) {
  EXPECT_EQ(parse("m[-c 4, -S 1M]").first.pinned, (Pins{kAny, "-c 4, -S 1M", kAny}));
  EXPECT_EQ(parse("m[-c 4, nfs]").first.pinned, (Pins{"nfs", "-c 4", kAny}));
}

TEST(Expression, LabelOnTwoAxesNeedsItsAxis) {
  EXPECT_THAT(refusal_of("m[4]"), HasSubstr("the label \"4\" is on several axes"));
  EXPECT_EQ(parse("m[layout=4]").first.pinned, (Pins{kAny, "4", kAny}));
  EXPECT_EQ(parse("m[cluster.osts=4, layout=4]").first.pinned, (Pins{kAny, "4", "4"}));
  EXPECT_EQ(parse("m[clients[0].design=nfs] / m").first.pinned, (Pins{"nfs", kAny, kAny}));
}

TEST(Expression, UnknownLabelIsRefusedWithTheNearest) {
  EXPECT_THAT(refusal_of("m[lutsre]"), HasSubstr("did you mean \"lustre\"?"));
  const auto single = parse_expression("m[lustre]", {});
  EXPECT_THAT(single.error().message, HasSubstr("nothing is varied"));
}

TEST(Expression, TwoLabelsOfOneAxisAreRefused) {
  EXPECT_THAT(refusal_of("m[lustre, nfs]"), HasSubstr("no variant has two"));
}

TEST(Expression, TextThatIsNoneIsRefused) {
  for (const char* text : {"", " ", "[lustre]", "a b", "m[lustre", "m[]", "m[lustre] x", "m / ",
                           "a / b / c", "a - b / c", "m[lustre,]x"}) {
    EXPECT_NE(refusal_of(text), "accepted") << text;
  }
}

TEST(Expression, SelectsVariantsWithAllItsLabels) {
  const MetricTerm term = parse("m[nfs, 8]").first;
  EXPECT_TRUE(term.selects({{"", "nfs"}, {"", "-c 4"}, {"", "8"}}));
  EXPECT_FALSE(term.selects({{"", "nfs"}, {"", "-c 4"}, {"", "4"}}));
  EXPECT_FALSE(term.selects({{"", "lustre"}, {"", "-c 4"}, {"", "8"}}));
}

}  // namespace
}  // namespace scenarios
