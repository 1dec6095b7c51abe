#include "reports/junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

#include "reports/sweep_sample.h"

namespace reports {
namespace {

using boost::property_tree::ptree;

// The suite of what was written; a text that is no XML fails the test.
ptree suite(const SweepResult& sweep) {
  std::stringstream text;
  EXPECT_TRUE(write_junit(sweep, text).ok());
  ptree tree;
  boost::property_tree::read_xml(text, tree);
  return tree.get_child("testsuite");
}

std::vector<ptree> cases(const ptree& suite) {
  std::vector<ptree> all;
  for (const auto& [name, child] : suite) {
    if (name == "testcase") {
      all.push_back(child);
    }
  }
  return all;
}

TEST(Junit, HasACaseForTheRunAndOneForEachThreshold) {
  const ptree tree = suite(sample_sweep());
  EXPECT_EQ(tree.get<int>("<xmlattr>.tests"), 4);
  EXPECT_EQ(tree.get<int>("<xmlattr>.failures"), 2);
  EXPECT_EQ(tree.get<int>("<xmlattr>.errors"), 0);
  const auto all = cases(tree);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].get<std::string>("<xmlattr>.name"), "run");
  EXPECT_EQ(all[1].get<std::string>("<xmlattr>.name"),
            "read.bandwidth[-c 8] / read.bandwidth[-c 1] >= 2");
  EXPECT_FALSE(all[1].get_child_optional("failure"));
}

TEST(Junit, FailureTellsWhatWasFoundAndWhatWouldBeRight) {
  const auto all = cases(suite(sample_sweep()));
  EXPECT_EQ(all[2].get<std::string>("failure.<xmlattr>.message"),
            "found 11.1 GiB/s in lustre, -c 1; >= 20GiB/s would be right");
  EXPECT_EQ(all[3].count("failure"), 1u);
  EXPECT_THAT(all[3].get<std::string>("failure"), testing::HasSubstr("lustre, -c 8"));
}

TEST(Junit, ErrorsOfTheRunsAreThoseOfTheCaseRun) {
  SweepResult sweep = sample_sweep();
  sweep.variants[1].result.errors = {"read of <a> & \"b\"\n failed"};
  const ptree tree = suite(sweep);
  EXPECT_EQ(tree.get<int>("<xmlattr>.errors"), 1);
  EXPECT_EQ(cases(tree)[0].get<std::string>("error.<xmlattr>.message"),
            "read of <a> & \"b\"  failed in lustre, -c 8");
}

TEST(Junit, BytesThatAreNoTextAreReplaced) {
  SweepResult sweep = sample_sweep();
  sweep.scenario = "bad\x01\xff name";
  std::stringstream text;
  ASSERT_TRUE(write_junit(sweep, text).ok());
  EXPECT_THAT(text.str(), testing::HasSubstr("name=\"bad \xef\xbf\xbd name\""));
}

}  // namespace
}  // namespace reports
