#include "scenarios/workload/ior_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using ::testing::HasSubstr;

std::string error_of(std::string_view text) {
  const auto tests = parse_ior_script(text);
  return tests.ok() ? "accepted" : tests.error().message;
}

TEST(IorScript, SettingsPersistFromRunToRun) {
  const auto tests = parse_ior_script(
      "ignored before\n"
      "IOR START\n"
      "  blockSize=8m, transferSize=1m # both\n"
      "# a comment\n"
      "filePerProc=1\n"
      "RUN\n"
      "\n"
      "filePerProc=0\n"
      "run\n"
      "RUN\n"
      "IOR STOP\n"
      "ignored after\n");
  ASSERT_TRUE(tests.ok()) << tests.error().message;
  ASSERT_EQ(tests->size(), 3u);
  EXPECT_TRUE((*tests)[0].file_per_process);
  EXPECT_FALSE((*tests)[1].file_per_process);
  EXPECT_EQ((*tests)[1].block_size, 8 * sim::kMiB);
  EXPECT_EQ((*tests)[1], (*tests)[2]);
}

TEST(IorScript, DefaultPhasesDoNotPersist) {
  const auto tests = parse_ior_script("IOR START\nRUN\nreadFile=1\nRUN\nIOR STOP\n");
  ASSERT_TRUE(tests.ok());
  EXPECT_TRUE((*tests)[0].write);
  EXPECT_FALSE((*tests)[1].write);
}

TEST(IorScript, ErrorsNameTheLine) {
  EXPECT_EQ(error_of("IOR START\nblokSize=1m\nRUN\nIOR STOP\n"),
            "line 2: unknown IOR key \"blokSize\" (did you mean blockSize?)");
  EXPECT_THAT(error_of("IOR START\nblockSize=1m\ntransferSize=3m\nRUN\nIOR STOP\n"),
              HasSubstr("line 4: -b: block size"));
}

TEST(IorScript, CutScriptIsRefused) {
  EXPECT_THAT(error_of("IOR START\nRUN\n"), HasSubstr("without IOR STOP"));
  EXPECT_THAT(error_of("RUN\nIOR STOP\n"), HasSubstr("no line says IOR START"));
}

TEST(IorScript, SettingsWithoutARunAreRunAtTheEnd) {
  const auto count = [](std::string_view text) {
    const auto tests = parse_ior_script(text);
    return tests.ok() ? tests->size() : 0;
  };
  EXPECT_EQ(count("IOR START\nIOR STOP\n"), 1u);
  EXPECT_EQ(count("IOR START\nfsync=1\nIOR STOP\n"), 1u);
  EXPECT_EQ(count("IOR START\nfsync=1\nRUN\nIOR STOP\n"), 1u);
  EXPECT_EQ(count("IOR START\nRUN\nfsync=1\nIOR STOP\n"), 2u);
  EXPECT_THAT(error_of("IOR START\nblockSize=1m\ntransferSize=3m\nIOR STOP\n"),
              HasSubstr("line 4: -b: block size"));
}

TEST(IorScript, IsToldFromACommandLine) {
  EXPECT_TRUE(is_ior_script("x\r\n ior start\r\n"));
  EXPECT_FALSE(is_ior_script("ior -o start"));
}

}  // namespace
}  // namespace scenarios
