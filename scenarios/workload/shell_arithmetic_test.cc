#include "scenarios/workload/shell_arithmetic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using ::testing::HasSubstr;

std::int64_t value_of(std::string_view text) {
  const auto value = shell_arithmetic(text);
  EXPECT_TRUE(value.ok()) << text << ": " << value.error().message;
  return value.ok() ? *value : -1;
}

std::string error_of(std::string_view text) {
  const auto value = shell_arithmetic(text);
  return value.ok() ? "accepted" : value.error().message;
}

TEST(ShellArithmetic, PrecedenceAndBracketsAreTheShells) {
  EXPECT_EQ(value_of("2+3*4"), 14);
  EXPECT_EQ(value_of(" ( 2 + 3 ) * 4 "), 20);
  EXPECT_EQ(value_of("10-4-3"), 3);
  EXPECT_EQ(value_of("100/7/2"), 7);
  EXPECT_EQ(value_of("17%5*2"), 4);
  EXPECT_EQ(value_of("-7/2"), -3);
  EXPECT_EQ(value_of("2*-3"), -6);
}

TEST(ShellArithmetic, BasesAreThoseOfC) {
  EXPECT_EQ(value_of("0x1F"), 31);
  EXPECT_EQ(value_of("010"), 8);
  EXPECT_EQ(value_of("0"), 0);
  EXPECT_NE(error_of("08"), "accepted");
  EXPECT_NE(error_of("0x"), "accepted");
  EXPECT_NE(error_of("0x-5"), "accepted");
}

TEST(ShellArithmetic, WhatDoesNotFitIsRefused) {
  EXPECT_EQ(value_of("9223372036854775807"), 9223372036854775807);
  EXPECT_THAT(error_of("9223372036854775808"), HasSubstr("64 bits"));
  EXPECT_THAT(error_of("9223372036854775807+1"), HasSubstr("64 bits"));
  EXPECT_THAT(error_of("9223372036854775807*2"), HasSubstr("64 bits"));
  EXPECT_THAT(error_of("(-9223372036854775807-1)/-1"), HasSubstr("64 bits"));
  EXPECT_THAT(error_of("1/0"), HasSubstr("division by zero"));
  EXPECT_THAT(error_of("1%0"), HasSubstr("division by zero"));
}

TEST(ShellArithmetic, WhatIsNoneIsRefusedWithItsPlace) {
  EXPECT_THAT(error_of("2*nodes"), HasSubstr("found \"nodes\""));
  for (const char* text : {"", "1 2", "(1", "1)", "1+", "1<<2", "2**3", "$n", "1k", "1.5", "1=1"}) {
    EXPECT_NE(error_of(text), "accepted") << text;
  }
}

// A one behind so many of these.
std::string behind(std::size_t depth, char sign) {
  std::string text(depth, sign);
  text += '1';
  return text;
}

TEST(ShellArithmetic, DepthIsBounded) {
  EXPECT_EQ(value_of(behind(31, '(').append(31, ')')), 1);
  EXPECT_NE(error_of(behind(100000, '(')), "accepted");
  EXPECT_NE(error_of(behind(100000, '-')), "accepted");
}

}  // namespace
}  // namespace scenarios
