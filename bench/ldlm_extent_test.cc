#include "bench/ldlm_extent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <vector>

namespace bench {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string ask(std::string_view line) { return answer_ldlm_extent(line); }

TEST(LdlmExtent, AnswersTheGrownRangeWithItsEndIncluded) {
  EXPECT_EQ(ask("REQ PW 0 1048575 1"), "0 18446744073709551615 changed");
  EXPECT_EQ(ask("REQ PW 1048576 2097151 1 G PW 0 1048575"), "1048576 18446744073709551615 changed");
  EXPECT_EQ(ask("REQ PW 4194304 5242879 1 G PW 0 1048575 G PW 8388608 9437183"),
            "4194304 8388607 changed");
  EXPECT_EQ(ask("REQ PW 1048576 2097151 1 W PW 2097152 3145727 2"), "0 2097151 changed");
}

TEST(LdlmExtent, SaysSameIfNothingWasGained) {
  EXPECT_EQ(ask("REQ PW 0 18446744073709551615 1"), "0 18446744073709551615 same");
  EXPECT_EQ(ask("REQ PW 4096 8191 1 G PW 0 4095 G PW 8192 12287"), "4096 8191 same");
}

TEST(LdlmExtent, TheClientOfAWaitingRequestMatters) {
  EXPECT_EQ(ask("REQ PR 0 4095 1 W PR 8192 12287 2"), "0 18446744073709551615 changed");
  EXPECT_EQ(ask("REQ PR 0 4095 1 W PR 8192 12287 1"), "0 8191 changed");
}

TEST(LdlmExtent, AWaitingRequestMayHaveAskedForLess) {
  EXPECT_EQ(ask("REQ PW 4096 8191 1 W PW 0 18446744073709551615 2 65536 69631"),
            "4096 65535 changed");
}

TEST(LdlmExtent, LocksMayStandInAnyOrder) {
  EXPECT_EQ(ask("REQ PW 4096 8191 1 W PW 16384 20479 2 G PW 0 4095"), "4096 16383 changed");
}

TEST(LdlmExtent, BadLinesSayWhatWouldBeRight) {
  for (const auto& [line, reason] : std::vector<std::pair<std::string, std::string>>{
           {"", "write REQ MODE START END CLIENT"},
           {"G PW 0 4095", "no request"},
           {"REQ PW 0 4095", "REQ has 3 words"},
           {"REQ PW 0 4095 1 2", "REQ has 5 words"},
           {"REQ XX 0 4095 1", "\"XX\" is no lock mode"},
           {"REQ PW 4096 4095 1", "ends before it begins"},
           {"REQ PW -1 4095 1", "\"-1\" is not a whole number"},
           {"REQ PW 0 18446744073709551616 1", "above 2^64-1"},
           {"REQ PW 0 18446744073709551614 1", "does not fit"},
           {"REQ PW 18446744073709551615 18446744073709551615 1", "does not fit"},
           {"REQ PW 0 4095 me", "client \"me\""},
           {"REQ PW 0 4095 1 G PW 0", "G has 2 words"},
           {"REQ PW 0 4095 1 G PW 8 9 1", "G has 4 words"},
           {"REQ PW 0 4095 1 W PW 8 9", "W has 3 words"},
           {"REQ PW 0 4095 1 W PW 8 9 2 8", "W has 5 words"},
           {"REQ PW 0 4095 1 W PW 8 9 2 9 8", "ends before it begins"},
           {"REQ PW 0 4095 1 G", "G has 0 words"},
           {std::string((1 << 20) + 1, 'x'), "longer than 1048576"}}) {
    EXPECT_THAT(ask(line), StartsWith("error: ")) << line.substr(0, 100);
    EXPECT_THAT(ask(line), HasSubstr(reason));
  }
}

TEST(LdlmExtent, TheLastBytesCanBeNamed) {
  EXPECT_EQ(ask("REQ PW 18446744073709551613 18446744073709551613 1 G PW 0 4095"),
            "18446744073709551613 18446744073709551615 changed");
}

TEST(LdlmExtent, ABadLineDoesNotEndTheRest) {
  std::istringstream in("REQ PW 0 4095 1\n\nrubbish\r\nREQ PW 4096 8191 1 G PW 0 4095\r\n");
  std::ostringstream out;
  EXPECT_EQ(ldlm_extent(in, out), 0);
  std::istringstream answers(out.str());
  std::vector<std::string> lines;
  for (std::string line; std::getline(answers, line);) {
    lines.push_back(line);
  }
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "0 18446744073709551615 changed");
  EXPECT_THAT(lines[1], StartsWith("error: "));
  EXPECT_THAT(lines[2], StartsWith("error: "));
  EXPECT_EQ(lines[3], "4096 18446744073709551615 changed");
}

}  // namespace
}  // namespace bench
