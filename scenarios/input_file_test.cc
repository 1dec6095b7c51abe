#include "scenarios/input_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace scenarios {
namespace {

using ::testing::HasSubstr;

TEST(InputFile, HoldsWhatTheFileHolds) {
  const std::string path = testing::TempDir() + "/input";
  for (const std::size_t size : {0u, 1u, 65535u, 65536u, 65537u, 200000u}) {
    std::string text(size, 'x');
    if (size > 0) {
      text.back() = '\0';
    }
    std::ofstream(path, std::ios::binary) << text;
    EXPECT_EQ(*read_input_file(path), text);
  }
}

TEST(InputFile, WhatIsNoRegularFileIsNotWaitedFor) {
  EXPECT_THAT(read_input_file("/dev/null").error().message, HasSubstr("not a regular file"));
  EXPECT_THAT(read_input_file(testing::TempDir()).error().message, HasSubstr("not a regular file"));
  EXPECT_THAT(read_input_file(testing::TempDir() + "/absent").error().message,
              HasSubstr("absent: No such file"));
}

TEST(InputStream, IsReadToItsEndOrRefusedByName) {
  std::istringstream in("one\ntwo");
  EXPECT_EQ(*read_input_stream(in, "stdin"), "one\ntwo");
  std::istringstream broken("x");
  broken.setstate(std::ios::badbit);
  EXPECT_THAT(read_input_stream(broken, "stdin").error().message, HasSubstr("cannot read stdin"));
}

}  // namespace
}  // namespace scenarios
