#include "scenarios/workload/ior_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/workload/scan.h"

namespace scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view word : scan::words(line)) {
    words.emplace_back(word);
  }
  return words;
}

IorOptions parse(std::string_view line) {
  IorOptions options;
  const sim::Status status = apply_ior_arguments(split(line), options);
  EXPECT_TRUE(status.ok()) << line << ": " << status.error().message;
  return options;
}

// The error of reading or, if that went well, of checking.
std::string error_of(std::string_view line) {
  IorOptions options;
  sim::Status status = apply_ior_arguments(split(line), options);
  if (status) {
    options.apply_defaults();
    status = check_ior_options(options);
  }
  return status ? "accepted" : status.error().message;
}

TEST(IorSize, SuffixesAreBinary) {
  EXPECT_EQ(*parse_ior_size("8"), 8u);
  EXPECT_EQ(*parse_ior_size("4k"), 4096u);
  EXPECT_EQ(*parse_ior_size("4K"), 4096u);
  EXPECT_EQ(*parse_ior_size("2m"), 2u << 20);
  EXPECT_EQ(*parse_ior_size("1g"), 1u << 30);
  EXPECT_EQ(*parse_ior_size("1t"), std::uint64_t{1} << 40);
  EXPECT_EQ(*parse_ior_size("1p"), std::uint64_t{1} << 50);
}

TEST(IorSize, OverflowAndOtherTextAreRefused) {
  EXPECT_TRUE(parse_ior_size("16383p").ok());
  for (const char* wrong : {"16384p", "", "k", "4x", "4KiB", "-1", "1.5m", "4 m"}) {
    EXPECT_FALSE(parse_ior_size(wrong).ok()) << wrong;
  }
}

TEST(IorArguments, ValueMayBeApartAttachedOrAfterEquals) {
  for (const char* line : {"-b 4m", "-b4m", "-b=4m"}) {
    EXPECT_EQ(parse(line).block_size, 4 * sim::kMiB) << line;
  }
  EXPECT_EQ(parse("--dummy.delay-xfer=5 -a DUMMY").dummy.transfer, sim::microseconds(5));
  EXPECT_EQ(parse("--dummy.delay-xfer 5 -a DUMMY").dummy.transfer, sim::microseconds(5));
}

TEST(IorArguments, FlagsMayBeClusteredAndTheLastMayTakeAValue) {
  EXPECT_EQ(parse("-wrFe"), parse("-w -r -F -e"));
  EXPECT_EQ(parse("-wb4m"), parse("-w -b 4m"));
  EXPECT_EQ(parse("-wb 4m"), parse("-w -b 4m"));
}

TEST(IorArguments, RepeatedFlagCountsUp) {
  EXPECT_EQ(parse("-z").random_offset, 1u);
  EXPECT_EQ(parse("-z -z").random_offset, 2u);
  EXPECT_EQ(parse("-zz").random_offset, 2u);
  EXPECT_EQ(parse("-ZZ").reorder_random, 2u);
}

TEST(IorArguments, DirectivesSayTheSameAsLetters) {
  EXPECT_EQ(parse("-O blockSize=4m,filePerProc=1,writeFile=1"), parse("-b 4m -F -w"));
  EXPECT_EQ(parse("-O BLOCKSIZE=4m"), parse("-b 4m"));
  EXPECT_EQ(parse("-w -O writeFile=0"), IorOptions());
  EXPECT_EQ(parse("-O useO_DIRECT=1"), parse("--posix.odirect"));
  EXPECT_EQ(parse("-B"), parse("--posix.odirect"));
  EXPECT_TRUE(parse("-D 30 -O stoneWallingWearOut=1").wear_out);
}

TEST(IorArguments, EveryDefaultIsIors) {
  const IorOptions options = parse("");
  EXPECT_EQ(options.block_size, sim::kMiB);
  EXPECT_EQ(options.transfer_size, 256 * sim::kKiB);
  EXPECT_EQ(options.segments, 1u);
  EXPECT_EQ(options.repetitions, 1u);
  EXPECT_EQ(options.task_offset, 1u);
  EXPECT_EQ(options.test_file, "testFile");
}

TEST(IorArguments, WithoutAPhaseItWritesAndReads) {
  IorOptions options = parse("-F");
  options.apply_defaults();
  EXPECT_TRUE(options.write && options.read);
  options = parse("-W");
  options.apply_defaults();
  EXPECT_FALSE(options.write || options.read);
}

TEST(IorArguments, LustreOptionsBecomeSetstripeOptions) {
  EXPECT_EQ(parse("-w").layout(), "");
  EXPECT_EQ(parse("--posix.lustre.stripecount=-1 --posix.lustre.stripesize=8m "
                  "--posix.lustre.startost=3 --posix.lustre.pool=flash")
                .layout(),
            "-c -1 -S 8388608 -i 3 -p flash");
  EXPECT_EQ(parse("--posix.lustre.startost=-1").layout(), "");
  EXPECT_EQ(parse("-O lustreStripeCount=4").layout(), "-c 4");
}

TEST(IorArguments, OptionsWithoutEffectAreNoted) {
  const IorOptions options = parse("-v -v -O summaryFormat=JSON");
  EXPECT_THAT(options.notes,
              ElementsAre(HasSubstr("-v has no effect"), HasSubstr("summaryFormat")));
}

TEST(IorArguments, UnknownOptionIsRefusedWithTheNearest) {
  EXPECT_THAT(error_of("--posix.odirekt"), HasSubstr("did you mean posix.odirect?"));
  EXPECT_THAT(error_of("-O blokSize=1m"), HasSubstr("did you mean blockSize?"));
  EXPECT_THAT(error_of("-S"), HasSubstr("unknown IOR option \"-S\""));
  EXPECT_THAT(error_of("-S"), HasSubstr("did you mean -s, segmentCount?"));
  EXPECT_THAT(error_of("write"), HasSubstr("is no option"));
  EXPECT_THAT(error_of("-"), HasSubstr("is no option"));
}

TEST(IorArguments, MissingValueIsRefused) {
  EXPECT_THAT(error_of("-w -b"), HasSubstr("-b needs a value"));
  EXPECT_THAT(error_of("-O"), HasSubstr("-O needs a value"));
  EXPECT_THAT(error_of("-O fsync"), HasSubstr("expected key=value"));
  EXPECT_THAT(error_of("-O fsync="), HasSubstr("expected one word"));
}

TEST(IorArguments, WhatIsNotModelledIsRefusedByName) {
  EXPECT_THAT(error_of("-a MPIIO -c"), HasSubstr("collective buffering is not modelled"));
  for (const char* api : {"HDF5", "NCMPI", "DFS"}) {
    EXPECT_THAT(error_of(std::string("-a ") + api), HasSubstr(api));
  }
  EXPECT_THAT(error_of("-f script"), HasSubstr("the text of the script"));
  EXPECT_THAT(error_of("--dryRun"), HasSubstr("--dryRun"));
  EXPECT_THAT(error_of("--randomPrefill=2m"), HasSubstr("prefilling is not modelled"));
  EXPECT_EQ(error_of("--randomPrefill=0"), "accepted");
}

TEST(IorRules, BlockIsAMultipleOfTheTransfer) {
  EXPECT_EQ(error_of("-b 1m -t 256k"), "accepted");
  EXPECT_THAT(error_of("-b 1m -t 768k"), HasSubstr("multiple of the transfer size"));
  EXPECT_THAT(error_of("-b 128k -t 256k"), HasSubstr("multiple of the transfer size"));
  EXPECT_THAT(error_of("-b 0"), HasSubstr("block size is 0"));
  EXPECT_EQ(error_of("-b 8 -t 8"), "accepted");
  EXPECT_THAT(error_of("-b 14 -t 7"), HasSubstr("multiple of 8"));
  EXPECT_THAT(error_of("-t 0"), HasSubstr("transfer size is 0"));
}

TEST(IorRules, OrdersThatExcludeEachOtherAreRefused) {
  EXPECT_THAT(error_of("-C -Z"), HasSubstr("exclude each other"));
  EXPECT_THAT(error_of("-z -C"), HasSubstr("needs -F"));
  EXPECT_EQ(error_of("-z -C -F"), "accepted");
  EXPECT_THAT(error_of("-z -b 1m -t 1m"), HasSubstr("shuffles transfers within a block"));
  EXPECT_EQ(error_of("-z -z -b 1m -t 1m"), "accepted");
  EXPECT_THAT(error_of("-w -R -z"), HasSubstr("--random-offset-seed"));
  EXPECT_EQ(error_of("-w -R -z --random-offset-seed=1"), "accepted");
  EXPECT_THAT(error_of("-zzz"), HasSubstr("more than twice"));
}

TEST(IorRules, StonewallOptionsNeedEachOther) {
  EXPECT_THAT(error_of("-O stoneWallingWearOut=1"), HasSubstr("give -D"));
  EXPECT_EQ(error_of("-D 1 -O stoneWallingWearOut=1"), "accepted");
  EXPECT_THAT(error_of("-r -O stoneWallingStatusFile=f"), HasSubstr("give -k"));
  EXPECT_THAT(error_of("-w -k -O stoneWallingStatusFile=f"), HasSubstr("stoneWallingWearOut=1"));
}

TEST(IorRules, ReadingNeedsSomethingToRead) {
  EXPECT_THAT(error_of("-R"), HasSubstr("needs -G"));
  EXPECT_EQ(error_of("-R -G 1"), "accepted");
  EXPECT_THAT(error_of("-r -i 2"), HasSubstr("give -k"));
  EXPECT_EQ(error_of("-r -i 2 -k"), "accepted");
  EXPECT_EQ(error_of("-r -i 2 -m"), "accepted");
}

TEST(IorRules, NamesAreChecked) {
  EXPECT_THAT(error_of("-o a@@b"), HasSubstr("separated by '@'"));
  EXPECT_THAT(error_of("-u -o a@b"), HasSubstr("-u"));
  EXPECT_THAT(error_of("--posix.lustre.pool=a;b"), HasSubstr("no pool name"));
  EXPECT_THAT(error_of("-E --posix.lustre.stripecount=2"), HasSubstr("-E keeps"));
}

}  // namespace
}  // namespace scenarios
