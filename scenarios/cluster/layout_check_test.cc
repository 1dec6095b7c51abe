#include "scenarios/cluster/layout_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/cluster/notes.h"
#include "stripe/layout/setstripe.h"

namespace scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// OSTs 0 to 3, of which "fast" has 1 and 3.
ClusterSpec cluster() {
  ClusterSpec spec;
  spec.osts = spec.oss = 4;
  spec.pools["fast"] = {1, 3};
  return spec;
}

std::string fault_of(const std::string& layout) {
  const sim::Status status = check_layout(stripe::parse_setstripe(layout).value(), cluster());
  return status.ok() ? "" : status.error().message;
}

std::vector<std::string> notes_of(const std::string& layout) {
  return layout_notes(stripe::parse_setstripe(layout).value(), cluster());
}

TEST(LayoutCheck, AFirstOstIsThere) {
  EXPECT_EQ(fault_of("-c 1 -i 3"), "");
  EXPECT_EQ(fault_of("-c 1 -i 4"), "component 1: there is no OST 4; OSTs 0 to 3 are");
}

TEST(LayoutCheck, EveryOstOfAListIsThere) {
  EXPECT_EQ(fault_of("-o 0,3"), "");
  EXPECT_EQ(fault_of("-o 0,4"), "component 1: there is no OST 4; OSTs 0 to 3 are");
}

TEST(LayoutCheck, APoolIsThereAndHasTheFirstOst) {
  EXPECT_EQ(fault_of("-c 1 -p fast"), "");
  EXPECT_EQ(fault_of("-c 1 -p fast -i 3"), "");
  EXPECT_THAT(fault_of("-c 1 -p slow"), HasSubstr("no pool \"slow\"; one of fast"));
  EXPECT_THAT(fault_of("-c 1 -p fast -i 0"), HasSubstr("OST 0 is not in the pool \"fast\""));
}

TEST(LayoutCheck, DataOnTheMdtKeepsItsLimit) {
  EXPECT_EQ(fault_of("-E 1M -L mdt -E -1 -c 1"), "");
  EXPECT_THAT(fault_of("-E 1088K -L mdt -E -1 -c 1"), HasSubstr("at most 1MiB (mds.dom_max)"));
}

TEST(LayoutCheck, EveryComponentOfEveryMirrorIsLookedAt) {
  EXPECT_EQ(fault_of("-N -E 1M -c 1 -E -1 -c 2 -N -c 1 -i 3"), "");
  EXPECT_NE(fault_of("-N -E 1M -c 1 -E -1 -c 2 -i 4 -N -c 1"), "");
  EXPECT_THAT(fault_of("-N -c 1 -N -c 1 -i 4"), HasSubstr("component 2: there is no OST 4"));
}

TEST(LayoutNotes, TellOfStripesThatAreNotGiven) {
  EXPECT_THAT(notes_of("-c 4"), IsEmpty());
  EXPECT_THAT(notes_of("-c -1"), IsEmpty());
  EXPECT_THAT(notes_of("-c 5"), ElementsAre(HasSubstr("5 stripes are asked for, files get 4")));
  EXPECT_THAT(notes_of("-c 3 -p fast"),
              ElementsAre(HasSubstr("3 stripes are asked for, files get 2")));
}

TEST(LayoutNotes, TellThatNosyncDoesNothing) {
  EXPECT_THAT(notes_of("-N -c 1 -N -c 1 --component-flags nosync"),
              ElementsAre(HasSubstr("nosync changes nothing")));
}

TEST(WorldNotes, NameWhatCannotActInTheSocketWorld) {
  Scenario scenario;
  EXPECT_THAT(world_notes(scenario), IsEmpty());
  scenario.world = World::socket;
  EXPECT_THAT(
      world_notes(scenario),
      ElementsAre(HasSubstr("copy_rate, page_rate and checksum_rate"), HasSubstr("oss.cpu_per_io"),
                  HasSubstr("fabric.latency"), HasSubstr("devices are modelled")));
}

}  // namespace
}  // namespace scenarios
