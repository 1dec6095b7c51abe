#include "scenarios/workload/ior_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string error_of(std::string_view line) {
  const auto command = parse_ior_command(line);
  return command.ok() ? "accepted" : command.error().message;
}

TEST(IorCommand, OptionsMayStandAloneOrAfterIor) {
  for (const char* line :
       {"-w -r", "ior -w -r", "./IOR -w -r", "/opt/bin/ior -w -r", "LUSTRE=1 ./ior -w -r"}) {
    const auto command = parse_ior_command(line);
    ASSERT_TRUE(command.ok()) << line;
    EXPECT_THAT(command->arguments, ElementsAre("-w", "-r")) << line;
    EXPECT_EQ(command->tasks, 0u);
  }
}

TEST(IorCommand, LaunchersSayHowManyTasks) {
  struct Case {
    const char* line;
    std::uint32_t tasks;
    std::uint32_t per_node;
  };
  const Case cases[] = {
      {"mpirun -n 16 ior -w", 16, 0},
      {"mpiexec.hydra -np 16 -ppn 4 ./ior -w", 16, 4},
      {"mpirun --bind-to core -np 8 -x HOME=/tmp ior -w", 8, 0},
      {"srun -n 32 --ntasks-per-node=8 ior -w", 32, 8},
      {"srun -n32 -N4 ior -w", 32, 8},
      {"srun -N 4 --ntasks-per-node=8 ior -w", 32, 8},
      {"aprun -n 3840 -N 4 ./IOR -w", 3840, 4},
  };
  for (const Case& c : cases) {
    const auto command = parse_ior_command(c.line);
    ASSERT_TRUE(command.ok()) << c.line << ": " << command.error().message;
    EXPECT_EQ(command->tasks, c.tasks) << c.line;
    EXPECT_EQ(command->tasks_per_node, c.per_node) << c.line;
    EXPECT_THAT(command->arguments, ElementsAre("-w")) << c.line;
  }
}

TEST(IorCommand, LauncherCountsAreChecked) {
  EXPECT_THAT(error_of("mpirun -n 0 ior"), HasSubstr("expected a number from 1 to 1048576"));
  EXPECT_THAT(error_of("mpirun -n 1048577 ior"), HasSubstr("found \"1048577\""));
  EXPECT_EQ(error_of("mpirun -n 1048576 ior"), "accepted");
  EXPECT_THAT(error_of("srun -N 1048576 --ntasks-per-node 2 ior"), HasSubstr("2097152 tasks"));
}

TEST(IorCommand, NothingIsNoCommand) {
  for (const char* line : {"", "  \n", "# ior -w", "A=1 B=2"}) {
    EXPECT_THAT(error_of(line), HasSubstr("no IOR command in it")) << line;
  }
  EXPECT_EQ(error_of("ior"), "accepted");
  EXPECT_EQ(error_of("-w"), "accepted");
}

TEST(IorCommand, AnotherProgramIsRefused) {
  EXPECT_THAT(error_of("mdtest -n 4"), HasSubstr("\"mdtest\" starts neither ior"));
  EXPECT_THAT(error_of("strace ior -w"), HasSubstr("\"strace\""));
  EXPECT_THAT(error_of("mpirun -n 4 hacc_io"), HasSubstr("\"mpirun\""));
}

}  // namespace
}  // namespace scenarios
