#include "reports/writers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/sweep_sample.h"

namespace reports {
namespace {

TEST(Writers, EveryFormatInTheTableWritesSomething) {
  for (const Writer& w : writers()) {
    std::ostringstream out;
    EXPECT_TRUE(write(sample_result(), w.format, out).ok()) << w.format;
    EXPECT_FALSE(out.str().empty()) << w.format;
  }
}

TEST(Writers, EveryFormatWritesSweeps) {
  for (const Writer& w : writers()) {
    std::ostringstream out;
    EXPECT_TRUE(write(sample_sweep(), w.format, {}, out).ok()) << w.format;
    EXPECT_FALSE(out.str().empty()) << w.format;
  }
}

TEST(Writers, UnknownFormatIsRefusedNamingTheKnownOnes) {
  std::ostringstream out;
  const sim::Status status = write(sample_result(), "yaml", out);
  EXPECT_EQ(status.code(), sim::Errc::invalid_argument);
  EXPECT_THAT(status.error().message, testing::HasSubstr("text, json"));
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace reports
