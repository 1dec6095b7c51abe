#include "bench/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench/command_line_testing.h"

namespace bench {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(CommandLine, UnknownCommandIsNamedWithTheNearest) {
  const Ran ran = run_stripelab({"imprt", "x"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("there is no command \"imprt\"; did you mean \"import\"?"));
  EXPECT_THAT(run_stripelab({"bogus"}).err,
              HasSubstr("known are: run, layout, ldlm, import, list"));
  EXPECT_THAT(run_stripelab({"layout", "bogus"}).err,
              AllOf(HasSubstr("stripelab layout: there is no command \"bogus\""),
                    HasSubstr("stripelab layout --help")));
}

TEST(CommandLine, MissingCommandSaysWhichThereAre) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, std::vector<std::string>{"layout"}}) {
    const Ran ran = run_stripelab(arguments);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err, HasSubstr("a command is missing: "));
  }
}

TEST(CommandLine, UnknownOptionIsNamedAndHelpIsThatCommands) {
  EXPECT_THAT(run_stripelab({"--nosuch"}).err, HasSubstr("there is no option \"--nosuch\""));
  EXPECT_THAT(run_stripelab({"layout", "-x"}).err, HasSubstr("there is no option \"-x\""));
  const Ran ran = run_stripelab({"run", "ior_easy", "--nosuch"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("--nosuch"), HasSubstr("stripelab run --help")));
}

TEST(CommandLine, OutputThatNobodyTakesFailsTheCommand) {
  std::istringstream in;
  std::ostringstream full;
  std::ostringstream err;
  full.setstate(std::ios::badbit);
  for (const char* command : {"list", "--version"}) {
    EXPECT_EQ(run_command_line({command}, {in, full, err}), 3) << command;
    EXPECT_THAT(err.str(), HasSubstr("did not take all of the output"));
  }
  EXPECT_EQ(run_command_line({"bogus"}, {in, full, err}), 2);
}

TEST(CommandLine, HelpAndVersionGoToStdoutAndAreNoFaults) {
  const Ran version = run_stripelab({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_NE(version.out, "");
  const Ran help = run_stripelab({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_EQ(help.err, "");
}

TEST(CommandLine, EveryHelpEndsInItsOwnExamples) {
  EXPECT_THAT(run_stripelab({"--help"}).out,
              EndsWith("  echo REQ PW 0 1048575 1 | stripelab ldlm extent\n"));
  for (const std::vector<std::string>& command : {std::vector<std::string>{"run"},
                                                  {"import"},
                                                  {"list"},
                                                  {"layout"},
                                                  {"layout", "show"},
                                                  {"ldlm"},
                                                  {"ldlm", "extent"}}) {
    std::vector<std::string> arguments = command;
    arguments.push_back("--help");
    const Ran ran = run_stripelab(arguments);
    EXPECT_EQ(ran.exit_code, 0);
    const std::size_t examples = ran.out.rfind("Examples:\n");
    ASSERT_NE(examples, std::string::npos) << command.back();
    EXPECT_THAT(ran.out.substr(examples), HasSubstr("stripelab " + command.front()));
    EXPECT_THAT(ran.out.substr(examples), Not(HasSubstr("Exit codes"))) << command.back();
  }
}

TEST(CommandLine, ListNamesScenariosHardwareDesignsAndFormats) {
  const Ran all = run_stripelab({"list"});
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_THAT(all.out, AllOf(HasSubstr("  ior_easy"), HasSubstr("  nvme_2023\n"),
                             HasSubstr("  lustre"), HasSubstr("  json")));
  EXPECT_THAT(run_stripelab({"list", "--names"}).out,
              AllOf(HasSubstr("ior_easy\n"), Not(HasSubstr("nvme_2023"))));
}

}  // namespace
}  // namespace bench
