// What a scenario file says of variants and thresholds, as the reader and the printer see it.
#include "scenarios/spec_sweep.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/json_text.h"
#include "scenarios/spec_printer.h"
#include "scenarios/testing.h"

namespace scenarios {
namespace {

using testing::HasSubstr;

sim::Result<Scenario> with_vary(const std::string& vary) { return smallest_with({"vary=" + vary}); }

std::vector<std::string> labels_of(const Axis& axis) {
  std::vector<std::string> labels;
  for (const Choice& choice : axis.choices) {
    labels.push_back(choice.label);
  }
  return labels;
}

TEST(SweepSpec, PlainValueSetsTheAxisAndIsCalledAsItIs) {
  const auto s = with_vary(R"({"layout": ["-c 1", ""], "cluster.osts": [2, 4]})");
  ASSERT_TRUE(s.ok()) << refusal(s);
  ASSERT_EQ(s->sweep.axes.size(), 2u);
  EXPECT_EQ(s->sweep.axes[0].name, "layout");
  EXPECT_EQ(labels_of(s->sweep.axes[0]), (std::vector<std::string>{"-c 1", "\"\""}));
  EXPECT_EQ(labels_of(s->sweep.axes[1]), (std::vector<std::string>{"2", "4"}));
  EXPECT_EQ(s->sweep.axes[1].choices[1].settings, (std::vector<Setting>{{"cluster.osts", "4"}}));
}

TEST(SweepSpec, CaseSetsSeveralPathsUnderItsLabel) {
  const auto s = with_vary(
      R"({"cases": [{"label": "few", "set": {"cluster.osts": 2, "layout": "-c 2"}},
                    {"label": "as it is", "set": {}}]})");
  ASSERT_TRUE(s.ok()) << refusal(s);
  const Axis& axis = s->sweep.axes[0];
  EXPECT_EQ(labels_of(axis), (std::vector<std::string>{"few", "as it is"}));
  EXPECT_EQ(axis.choices[0].settings,
            (std::vector<Setting>{{"cluster.osts", "2"}, {"layout", "\"-c 2\""}}));
  EXPECT_TRUE(axis.choices[1].settings.empty());
}

TEST(SweepSpec, FormThatIsNoneIsRefusedWithItsPlace) {
  EXPECT_THAT(refusal(with_vary("3")), HasSubstr("t.json: vary: found 3"));
  EXPECT_THAT(refusal(with_vary(R"({"layout": "-c 1"})")), HasSubstr("t.json: vary.layout: found"));
  EXPECT_THAT(refusal(with_vary(R"({"layout": []})")), HasSubstr("a list [...] of 1 to 1000"));
  for (const char* wrong :
       {R"({"label": "a"})", R"({"set": {}})", R"({"label": 1, "set": {}})",
        R"({"label": "a", "set": []})", R"({"label": "", "set": {}})",
        R"({"label": "a\nb", "set": {}})", R"({"label": "a", "set": {}, "more": 1})"}) {
    EXPECT_THAT(refusal(with_vary(fmt::format(R"({{"x": [{}]}})", wrong))),
                HasSubstr("t.json: vary.x[0]"))
        << wrong;
  }
}

TEST(SweepSpec, LabelIsGivenOnceOnAnAxis) {
  EXPECT_THAT(refusal(with_vary(R"({"seed": [1, "1"]})")),
              HasSubstr("vary.seed[1]: the label \"1\" belongs to an earlier value"));
  EXPECT_TRUE(with_vary(R"({"seed": [1, 2], "cluster.osts": [1, 2]})").ok());
}

TEST(SweepSpec, LongValueIsShortenedToALabelOnOneLine) {
  const auto s = with_vary(fmt::format(R"({{"layout": ["a\n{}"]}})", std::string(70, 'b')));
  ASSERT_TRUE(s.ok()) << refusal(s);
  EXPECT_EQ(labels_of(s->sweep.axes[0])[0], "a " + std::string(55, 'b') + "...");
}

std::string seeds(std::size_t n) {
  std::string list;
  for (std::size_t i = 0; i < n; ++i) {
    list += fmt::format("{}{}", list.empty() ? "" : ", ", i);
  }
  return "[" + list + "]";
}

TEST(SweepSpec, AThousandVariantsAreTheMost) {
  const auto axes = [](std::size_t n) {
    return fmt::format(R"({{"seed": {}, "cluster.osts": [1, 2]}})", seeds(n));
  };
  EXPECT_TRUE(with_vary(axes(500)).ok());
  EXPECT_THAT(refusal(with_vary(axes(501))), HasSubstr("vary: the lists make more than 1000"));
}

TEST(SweepSpec, ThresholdsAreTexts) {
  const auto s = smallest_with({R"(thresholds={"write.bandwidth": "> 0", "write.ops": "== 1"})"});
  ASSERT_TRUE(s.ok()) << refusal(s);
  EXPECT_EQ(s->sweep.thresholds,
            (std::vector<ThresholdSpec>{{"write.bandwidth", "> 0"}, {"write.ops", "== 1"}}));
  EXPECT_THAT(refusal(smallest_with({R"(thresholds={"write.ops": 1})"})),
              HasSubstr("thresholds.write.ops: found 1"));
  EXPECT_THAT(refusal(smallest_with({"thresholds=[]"})), HasSubstr("thresholds: found []"));
}

TEST(SweepSpec, ReadingWhatWasPrintedGivesTheSame) {
  const auto first = smallest_with(
      {R"(vary={"layout": ["-c 1", "", {"label": "both", "set": {"layout": "-c 2", "seed": 3}}],
               "clients[*].design": ["lustre", {"preset": "lustre", "direct_io": true},
                                     {"label": "same", "set": {"clients[*].design": "lustre"}}]})",
       R"(thresholds={"write.bandwidth[both] / write.bandwidth[-c 1]": ">= 1"})"});
  ASSERT_TRUE(first.ok()) << refusal(first);
  const auto second = read(print_config(*first));
  ASSERT_TRUE(second.ok()) << refusal(second);
  EXPECT_EQ(*first, *second);
}

TEST(SweepSpec, HashIsThatOfTheScenarioAlone) {
  const auto plain = read(kSmallest);
  const auto varied = smallest_with({R"(vary={"seed": [1, 2]})", R"(thresholds={"a": "b"})"});
  EXPECT_EQ(scenario_hash(*plain), scenario_hash(*varied));
}

}  // namespace
}  // namespace scenarios
