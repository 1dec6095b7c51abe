#include "bench/import_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench/command_line_testing.h"

namespace bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// One rank writes 1 MiB.
constexpr const char* kDump =
    "# darshan log version: 3.21\n"
    "# exe: /bin/app\n"
    "# nprocs: 1\n"
    "\n"
    "# DXT, file_id: 11, file_name: /m/f\n"
    "# DXT, rank: 0, hostname: node0\n"
    "# DXT, write_count: 1, read_count: 0\n"
    "# DXT, mnt_pt: /m, fs_type: lustre\n"
    " X_POSIX       0  write        0               0         1048576      0.0000      0.1000\n";

Ran import(const std::string& input, const std::vector<std::string>& options = {},
           const std::string& on_stdin = "") {
  std::vector<std::string> arguments = {"import", input};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return run_stripelab(arguments, on_stdin);
}

TEST(ImportCommand, WhatItWritesRuns) {
  const auto folder = fresh_folder("runs");
  const UserIn user(folder);
  const Ran ran = import("mpirun -n 2 ior -w -r -C -e -b 1m -t 1m", {"--osts", "2"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  write_text(folder / "mine.json", ran.out);
  EXPECT_EQ(run_stripelab({"run", "mine.json", "-q"}).exit_code, 0);
}

TEST(ImportCommand, HardwareIsChosenAndSaid) {
  const Ran chosen = import("ior -w", {"--hardware", "hdd_2012"});
  EXPECT_THAT(chosen.out, HasSubstr("\"hardware\": \"hdd_2012\""));
  EXPECT_EQ(chosen.err, "");
  const Ran open = import("ior -w");
  EXPECT_THAT(open.out, HasSubstr("\"hardware\": \"nvme_2023\""));
  EXPECT_THAT(open.err, AllOf(HasSubstr("nvme_2023"), HasSubstr("--hardware")));
  EXPECT_THAT(import("ior -w", {"--hardware", "hdd_2021"}).err, HasSubstr("\"hdd_2012\""));
}

TEST(ImportCommand, AScriptMayComeOnStandardInputADumpMayNot) {
  const Ran script = import("-", {}, "IOR START\nnumTasks=2\nRUN\nIOR STOP\n");
  EXPECT_EQ(script.exit_code, 0) << script.err;
  EXPECT_THAT(script.out, HasSubstr("numTasks=2"));
  EXPECT_THAT(import("-", {}, "ior --nosuch").err, HasSubstr("standard input: "));
  const Ran dump = import("-", {}, kDump);
  EXPECT_EQ(dump.exit_code, 2);
  EXPECT_THAT(dump.err, HasSubstr("give it as a file"));
}

TEST(ImportCommand, AnOptionThatTheInputCannotUseIsRefused) {
  const Ran ior = import("ior -w", {"--timing", "as_recorded"});
  EXPECT_EQ(ior.exit_code, 2);
  EXPECT_THAT(ior.err, HasSubstr("--timing is for DXT text dumps"));
  const auto folder = fresh_folder("unusable");
  const UserIn user(folder);
  write_text(folder / "dump", kDump);
  for (const char* option : {"--tasks", "--tasks-per-node"}) {
    const Ran dump = import("dump", {option, "2"});
    EXPECT_EQ(dump.exit_code, 2);
    EXPECT_THAT(dump.err, HasSubstr("are for IOR"));
  }
  EXPECT_EQ(import("dump", {"--timing", "as_recorded"}).exit_code, 0);
}

TEST(ImportCommand, TextWithoutACommandIsRefused) {
  for (const char* text : {"", " \n", "# only a comment", "A=1 B=2"}) {
    const Ran ran = import(text);
    EXPECT_EQ(ran.exit_code, 2) << text;
    EXPECT_THAT(ran.err, HasSubstr("there is no IOR command in it")) << text;
    EXPECT_EQ(ran.out, "");
  }
  const auto folder = fresh_folder("comments");
  write_text(folder / "notes", "# nothing\n# to run\n");
  EXPECT_EQ(import((folder / "notes").string()).exit_code, 2);
}

TEST(ImportCommand, DumpCutAnywhereInItsHeadIsRefusedAsADump) {
  const auto folder = fresh_folder("cut");
  const std::string whole = kDump;
  write_text(folder / "whole", whole);
  EXPECT_EQ(import((folder / "whole").string()).exit_code, 0);
  for (const std::size_t size : {30u, 60u, 100u, 150u, 220u}) {
    write_text(folder / "cut", whole.substr(0, size));
    const Ran ran = import((folder / "cut").string());
    EXPECT_EQ(ran.exit_code, 2) << size;
    EXPECT_THAT(ran.err, HasSubstr("cut:")) << size;
    EXPECT_THAT(ran.err, Not(HasSubstr("IOR command in it"))) << size;
  }
}

TEST(ImportCommand, CommentThatSpeaksOfDxtMakesNoDump) {
  const auto folder = fresh_folder("comment");
  write_text(folder / "line", "# the DXT of this run is elsewhere\nior -w -e -b 1m -t 1m\n");
  const Ran ran = import((folder / "line").string());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("\"ior\""));
}

TEST(ImportCommand, MissingFileIsSaidToBeMissing) {
  const Ran ran = import("nofile.txt");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("cannot read nofile.txt: No such file"),
                             HasSubstr("an IOR script (- reads it from standard input) or a DXT "
                                       "text dump")));
  EXPECT_THAT(import(fresh_folder("directory").string()).err, HasSubstr("cannot read"));
  EXPECT_EQ(import("ior").exit_code, 0);
  EXPECT_THAT(import("mdtest -n 4").err, HasSubstr("starts neither ior"));
}

TEST(ImportCommand, FileIsTheUsersAndADumpIsNamedInFull) {
  const auto folder = fresh_folder("user");
  write_text(folder / "job.txt", kDump);
  const UserIn user(folder);
  const Ran ran = import("job.txt", {"--timing", "as_fast_as_possible"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr(std::filesystem::absolute(folder / "job.txt").string()));
}

TEST(ImportCommand, CountsAreFrom1On) {
  for (const char* option : {"--tasks", "--tasks-per-node", "--osts", "--oss"}) {
    EXPECT_EQ(import("ior -w", {option, "0"}).exit_code, 2) << option;
    EXPECT_EQ(import("ior -w", {option, "-1"}).exit_code, 2) << option;
    EXPECT_EQ(import("ior -w", {option, "1"}).exit_code, 0) << option;
  }
}

TEST(ImportCommand, WhatRunWouldRefuseIsRefused) {
  const Ran ran = import("ior -w", {"--name", "two words"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("name: found \"two words\""));
  EXPECT_THAT(import("ior -w --posix.lustre.startost=8", {"--osts", "8"}).err,
              HasSubstr("there is no OST 8"));
  EXPECT_EQ(import("ior -w --posix.lustre.startost=7", {"--osts", "8"}).exit_code, 0);
}

}  // namespace
}  // namespace bench
