#include "stripe/layout/gather.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "stripe/layout/layout_testing.h"
#include "stripe/layout/split.h"

namespace stripe {
namespace {

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// [0, 6) of a file with 2-byte stripes on two objects: "ABEF" and "CD".
SplitPlan six_bytes() {
  SplitPlan plan;
  EXPECT_TRUE(split(plain_layout(2, 2), std::vector<sim::Extent>{{0, 6}}, {}, plan));
  return plan;
}

std::string gathered(const SplitPlan& plan, std::string_view first, std::string_view second) {
  std::string file = "......";
  const auto out = std::as_writable_bytes(std::span(file.data(), file.size()));
  gather(plan, plan.requests[0], bytes(first), 0, out);
  gather(plan, plan.requests[1], bytes(second), 0, out);
  return file;
}

TEST(Gather, InterleavesTheObjects) { EXPECT_EQ(gathered(six_bytes(), "ABEF", "CD"), "ABCDEF"); }

TEST(Gather, ShortObjectsReadAsZeros) {
  EXPECT_EQ(gathered(six_bytes(), "ABE", ""), std::string("AB\0\0E\0", 6));
}

TEST(Gather, DropsWhatWasOverFetched) {
  SplitOptions options;
  options.coalesce = Coalesce::read_through;
  SplitPlan plan;
  const std::vector<sim::Extent> extents = {{10, 11}, {12, 13}};
  ASSERT_TRUE(split(plain_layout(100, 1), extents, options, plan));
  std::string file = "...";
  gather(plan, plan.requests[0], bytes("AxB"), 10,
         std::as_writable_bytes(std::span(file.data(), file.size())));
  EXPECT_EQ(file, "A.B");
}

TEST(Gather, FailureAtTheLowestOffsetDecides) {
  const SplitPlan plan = six_bytes();
  const auto done = [&](sim::Bytes first, sim::Bytes second) {
    return bytes_before_failure(plan, std::vector<sim::Bytes>{first, second});
  };
  EXPECT_EQ(done(4, 2), 6u);
  EXPECT_EQ(done(4, 1), 3u);
  EXPECT_EQ(done(4, 0), 2u);
  EXPECT_EQ(done(3, 2), 5u);
  EXPECT_EQ(done(2, 2), 4u);
  EXPECT_EQ(done(1, 2), 1u);
  EXPECT_EQ(done(0, 2), 0u);
}

}  // namespace
}  // namespace stripe
