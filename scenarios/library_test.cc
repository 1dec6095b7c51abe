#include "scenarios/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "scenarios/spec_reader.h"

namespace scenarios {
namespace {

using testing::HasSubstr;

std::string temporary(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST(Library, EveryScenarioIsReadAndCarriesItsFilesName) {
  EXPECT_FALSE(scenario_names().empty());
  for (const std::string_view name : scenario_names()) {
    const auto scenario = load_scenario(name);
    ASSERT_TRUE(scenario.ok()) << scenario.error().message;
    EXPECT_EQ(scenario->name, name);
    EXPECT_FALSE(scenario->description.empty()) << name;
  }
}

TEST(Library, EveryHardwareIsReadAndCarriesItsFilesName) {
  EXPECT_FALSE(hardware_names().empty());
  for (const std::string_view name : hardware_names()) {
    const std::string set = "cluster.hardware=" + std::string(name);
    const auto scenario = load_scenario("ior_easy", {.sets = std::vector{set}});
    ASSERT_TRUE(scenario.ok()) << scenario.error().message;
    EXPECT_EQ(scenario->cluster.hardware.name, name);
    EXPECT_FALSE(scenario->cluster.hardware.description.empty()) << name;
  }
}

TEST(Library, UnknownNameIsRefusedWithTheNearest) {
  const auto source = open_scenario("ior_esay");
  EXPECT_EQ(source.code(), sim::Errc::not_found);
  EXPECT_THAT(source.error().message, HasSubstr("did you mean \"ior_easy\"?"));
  EXPECT_THAT(open_hardware("lab_2007").error().message, HasSubstr("\"lab_2006\""));
}

TEST(Library, PathIsReadFromDiskRelativeToItsDirectory) {
  const std::string path = temporary("own.json", "{}");
  const auto whole = open_scenario(path);
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(whole->text, "{}");
  const auto relative = open_hardware("own.json", testing::TempDir());
  ASSERT_TRUE(relative.ok());
  EXPECT_EQ(relative->text, "{}");
}

TEST(Library, FileThatIsMissingOrNoFileIsRefused) {
  EXPECT_EQ(open_scenario("./absent.json").code(), sim::Errc::not_found);
  EXPECT_EQ(open_scenario("/").code(), sim::Errc::not_found);
  EXPECT_EQ(open_scenario("/dev/zero").code(), sim::Errc::not_found);
}

TEST(Library, FilePastAMebibyteIsRefused) {
  const std::string text(1 << 20, ' ');
  EXPECT_TRUE(open_scenario(temporary("large.json", text)).ok());
  EXPECT_EQ(open_scenario(temporary("larger.json", text + " ")).code(), sim::Errc::too_large);
}

TEST(Library, HardwareOfTheLibraryAloneIgnoresTheDisk) {
  EXPECT_EQ(library_hardware(temporary("own.json", "{}")).code(), sim::Errc::not_found);
}

}  // namespace
}  // namespace scenarios
