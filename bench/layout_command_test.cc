#include "bench/layout_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Shown {
  int exit_code = 0;
  std::string out;
  std::string err;
};

Shown show(const std::string& argument, std::optional<std::uint32_t> ost_count = std::nullopt) {
  std::ostringstream out;
  std::ostringstream err;
  const int exit_code = layout_show(argument, ost_count, out, err);
  return {exit_code, out.str(), err.str()};
}

// A file with `content` in the test's own folder.
std::string file_with(const std::string& name, const std::string& content) {
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

// One stripe of 1 MiB on OST 3.
const std::string kHex =
    "d00bd10b01000000 0500000000000000 0900000000000000 0000100001000200\n"
    "0700000000000000 0000000000000000 0000000003000000\n";

TEST(LayoutShow, OptionsGetOstsRoundRobinAndSaySo) {
  const Shown shown = show("-c 4 -S 1M");
  EXPECT_EQ(shown.exit_code, 0);
  EXPECT_THAT(shown.out, AllOf(HasSubstr("options: -c 4 -S 1M"), HasSubstr("round robin from 0"),
                               HasSubstr("4 (assumed)")));
  EXPECT_THAT(shown.out,
              HasSubstr("                  OST 0        OST 1        OST 2        OST 3\n"
                        "     row 0          0 B        1 MiB        2 MiB        3 MiB\n"
                        "     row 1        4 MiB        5 MiB        6 MiB        7 MiB\n"));
  EXPECT_THAT(shown.out, AllOf(HasSubstr("trusted.lov, 128 bytes"), HasSubstr("  0000  d0 0b d1")));
}

TEST(LayoutShow, NewFileHasObjectsOnlyWhereItBegins) {
  const std::string plain = show("-c 1 -S 1M").out;
  EXPECT_THAT(plain, Not(HasSubstr("not instantiated")));
  const std::string pfl = show("-E 64M -c 1 -S 1M -E -1 -c 8 -S 4M").out;
  EXPECT_THAT(pfl, HasSubstr("generation 2, components 2"));
  EXPECT_THAT(pfl, HasSubstr("component 2: [64 MiB, EOF)  RAID-0, stripes: 8, stripe size 4 MiB, "
                             "not instantiated before its first write\n"
                             "               stripe 0     stripe 1"));
  // A head of 32 bytes, 48 for each component, 32 for each layout, 24 for the one object.
  EXPECT_THAT(pfl, HasSubstr("trusted.lov, 216 bytes"));
  EXPECT_THAT(show("-N -E 64M -E -1 -c 2 -N -E 64M -E -1").out, HasSubstr("generation 3"));
}

TEST(LayoutShow, NamedOstsAreShownInTheirOrder) {
  EXPECT_THAT(show("-o 5,2").out, HasSubstr("OST 5        OST 2\n"));
  EXPECT_THAT(show("-i 6 -c 2", 8).out, HasSubstr("OST 6        OST 7\n"));
}

TEST(LayoutShow, PictureLeavesOutChunksBeforeTheComponent) {
  const std::string out = show("-E 2M -c 1 -S 1M -E -1 -c 4").out;
  EXPECT_THAT(out, HasSubstr("     row 0            .            .        2 MiB        3 MiB\n"));
  EXPECT_THAT(out, HasSubstr("component 2: begins on stripe 2, at object offset 0 B"));
}

TEST(LayoutShow, DataOnTheMdtIsDrawnOnTheMdt) {
  const std::string out = show("-E 64k -L mdt -E -1 -c 2 -S 4M").out;
  EXPECT_THAT(out, HasSubstr("component 1: [0 B, 64 KiB)  data on the MDT\n"
                             "                    MDT\n"
                             "     row 0          0 B\n\n"));
}

TEST(LayoutShow, BytesAreReadInHexadecimalAndRaw) {
  const Shown hex = show(file_with("ea.hex", kHex));
  EXPECT_EQ(hex.exit_code, 0) << hex.err;
  EXPECT_THAT(hex.out, AllOf(HasSubstr("OST 3\n"), HasSubstr("generation 2"),
                             Not(HasSubstr("round robin"))));
  std::string digits;
  for (const char c : kHex) {
    digits += c == ' ' || c == '\n' ? "" : std::string(1, c);
  }
  std::string raw;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    raw += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  EXPECT_EQ(show(file_with("ea.bin", raw)).out, hex.out);
  const std::string dump = "# file: mnt/f\ntrusted.lov=0x" + digits + "\n";
  EXPECT_EQ(show(file_with("ea.getfattr", dump)).out, hex.out);
}

TEST(LayoutShow, BadInputExitsWith2AndTheReason) {
  for (const auto& [argument, reason] : std::vector<std::pair<std::string, std::string>>{
           {"-S 100k", "65536 or 131072 would be"},
           {testing::TempDir() + "/absent", "cannot be opened"},
           {file_with("odd.hex", "d00"), "two for each byte"},
           {file_with("not.hex", "hello!"), "not a byte in hexadecimal digits"},
           {file_with("empty", ""), "0 hexadecimal digits"},
           {file_with("big.hex", "0bd10bd0"), "wrong byte order"},
           {file_with("huge", std::string((1 << 20) + 1, '0')), "larger than 1 MiB"}}) {
    const Shown shown = show(argument);
    EXPECT_EQ(shown.exit_code, 2) << argument;
    EXPECT_THAT(shown.err, HasSubstr(reason));
    EXPECT_EQ(shown.out, "");
  }
}

TEST(LayoutShow, OstsThatAreNotThereAreRefused) {
  EXPECT_THAT(show("-i 8 -c 1", 8).err, HasSubstr("OST 8 is not among 8"));
  EXPECT_EQ(show("-c 1", 0).exit_code, 2);
}

}  // namespace
}  // namespace bench
