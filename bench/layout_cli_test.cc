#include "bench/layout_cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench/command_line_testing.h"

namespace bench {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// One stripe of 1 MiB on OST 3.
constexpr const char* kHex =
    "d00bd10b01000000 0500000000000000 0900000000000000 0000100001000200\n"
    "0700000000000000 0000000000000000 0000000003000000\n";

TEST(LayoutCli, OptionsAreOneWordThatBeginsWithADash) {
  const Ran ran = run_stripelab({"layout", "show", "-E 64M -c 1 -S 1M -E -1 -c 8 -S 4M"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, StartsWith("options: -E 64M -c 1 -S 1M -E -1 -c 8 -S 4M\n"));
  EXPECT_EQ(run_stripelab({"layout", "show", "-E 64M -c 1"}).exit_code, 0);
}

TEST(LayoutCli, OptionsMayBeManyWords) {
  const Ran one = run_stripelab({"layout", "show", "-E 64M -c 1 -p fast -E -1 -c 8 -p ''"});
  const Ran many = run_stripelab(
      {"layout", "show", "-E", "64M", "-c", "1", "-p", "fast", "-E", "-1", "-c", "8", "-p", ""});
  EXPECT_EQ(many.exit_code, 0) << many.err;
  EXPECT_EQ(many.out, one.out);
  EXPECT_EQ(run_stripelab({"layout", "show", "--", "-c", "4"}).exit_code, 0);
}

TEST(LayoutCli, OwnOptionsStandBeforeOrBehind) {
  const Ran before = run_stripelab({"layout", "show", "--osts", "4", "-c 9"});
  EXPECT_EQ(before.exit_code, 0) << before.err;
  EXPECT_THAT(before.out, HasSubstr("stripe count 9 on 4 OSTs"));
  EXPECT_EQ(run_stripelab({"layout", "show", "-c 9", "--osts", "4"}).out, before.out);
}

TEST(LayoutCli, OstsAreFrom1To65536) {
  for (const char* wrong : {"0", "-1", "65537", "x"}) {
    EXPECT_EQ(run_stripelab({"layout", "show", "-c 1", "--osts", wrong}).exit_code, 2) << wrong;
  }
  EXPECT_EQ(run_stripelab({"layout", "show", "-c 1", "--osts", "65536"}).exit_code, 0);
}

TEST(LayoutCli, WholeCommandIsNoPathWhereverTheUserIs) {
  const UserIn user(fresh_folder("command"));
  const Ran ran = run_stripelab({"layout", "show", "lfs setstripe -c 4"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_EQ(ran.out, run_stripelab({"layout", "show", "-c 4"}).out);
  EXPECT_EQ(ran.out, run_stripelab({"layout", "show", "lfs", "setstripe", "-c", "4"}).out);
}

TEST(LayoutCli, FileIsTheUsers) {
  const auto folder = fresh_folder("file");
  write_text(folder / "ea", kHex);
  const UserIn user(folder);
  const Ran ran = run_stripelab({"layout", "show", "ea"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("OST 3\n"));
}

TEST(LayoutCli, NothingAndTooMuchAreRefused) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{}, {"a", "b"}, {"absent"}}) {
    std::vector<std::string> arguments = {"layout", "show"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    const Ran ran = run_stripelab(arguments);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err, StartsWith("stripelab: layout show: "));
    EXPECT_EQ(ran.out, "");
  }
}

TEST(LayoutCli, QuestionsComeFromStdin) {
  const Ran ran = run_stripelab({"layout", "query"}, "map 1048576 4 5243003\n");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, "1 1048699\n");
}

}  // namespace
}  // namespace bench
