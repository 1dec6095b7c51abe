#include "stripe/layout/setstripe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stripe/layout/layout.h"

namespace stripe {
namespace {

using sim::kEof;
using sim::kKiB;
using sim::kMiB;
using testing::ElementsAre;
using testing::HasSubstr;

LayoutTemplate parsed(std::string_view text) {
  const auto wanted = parse_setstripe(text);
  EXPECT_TRUE(wanted.ok()) << text << ": " << wanted.error().message;
  return wanted.ok() ? *wanted : LayoutTemplate{false, false, {{1, {ComponentTemplate{}}}}};
}

ComponentTemplate only(std::string_view text) { return parsed(text).mirrors[0].components[0]; }

std::string reason(std::string_view text) {
  const auto wanted = parse_setstripe(text);
  return wanted.ok() ? "ok" : wanted.error().message;
}

TEST(Setstripe, ShortAndLongFormsAreTheSame) {
  const LayoutTemplate expected = parsed("-c 4 -S 1M -i 2 -p flash");
  EXPECT_EQ(parsed("-c4 -S1M -i2 -pflash"), expected);
  EXPECT_EQ(parsed("--stripe-count=4 --stripe-size=1m --stripe-index=2 --pool=flash"), expected);
  EXPECT_EQ(parsed("--stripe-count 4 --stripe-size 1048576 --stripe-index 2 --pool flash"),
            expected);
  const ComponentTemplate& c = expected.mirrors[0].components[0];
  EXPECT_EQ(c.stripe_count, 4);
  EXPECT_EQ(c.stripe_size, kMiB);
  EXPECT_EQ(c.first_ost, 2u);
  EXPECT_EQ(c.pool, "flash");
  EXPECT_FALSE(expected.composite);
}

TEST(Setstripe, WholeCommandLosesItsNameAndPath) {
  EXPECT_EQ(parsed("lfs setstripe -c 4 /mnt/lustre/file"), parsed("-c 4"));
  EXPECT_THAT(reason("-c 4 /mnt/lustre/file"), HasSubstr("is not an option"));
}

TEST(Setstripe, NothingIsTheDefaultLayout) {
  EXPECT_EQ(parsed(""), parsed("-c 0 -S 0 -i -1"));
  EXPECT_EQ(only("").stripe_count, 0);
}

TEST(Setstripe, MinusOneIsAllOsts) {
  EXPECT_EQ(only("-c -1").stripe_count, -1);
  EXPECT_THAT(reason("-c -2"), HasSubstr("from -1 to 2000"));
  EXPECT_EQ(only("-C -2").stripe_count, -2);
  EXPECT_TRUE(only("-C -32").overstriped);
  EXPECT_THAT(reason("-C -33"), HasSubstr("from -32 to 2000"));
}

TEST(Setstripe, CountsEndAt2000) {
  EXPECT_EQ(only("-c 2000").stripe_count, 2000);
  EXPECT_NE(reason("-c 2001"), "ok");
  EXPECT_EQ(only("--overstripe-count=2000").stripe_count, 2000);
}

TEST(Setstripe, OddStripeSizesNameTheirNeighbours) {
  EXPECT_EQ(reason("-S 100k"),
            "stripe size 102400 B is not a multiple of 64 KiB; 65536 or 131072 would be");
  EXPECT_THAT(reason("-S 4G"), HasSubstr("not below 4 GiB"));
  EXPECT_THAT(reason("-S 1MiB"), HasSubstr("as 1M"));
}

TEST(Setstripe, ComponentsInheritSizeCountAndPool) {
  const auto c =
      parsed("-E 64M -c 2 -S 1M -p flash -i 3 -E 1G -E -1 -c -1 -p none").mirrors[0].components;
  ASSERT_EQ(c.size(), 3u);
  EXPECT_EQ(c[0].first_ost, 3u);
  EXPECT_EQ(c[1].stripe_count, 2);
  EXPECT_EQ(c[1].stripe_size, kMiB);
  EXPECT_EQ(c[1].pool, "flash");
  EXPECT_EQ(c[1].first_ost, std::nullopt);
  EXPECT_EQ(c[2].end, kEof);
  EXPECT_EQ(c[2].stripe_count, -1);
  EXPECT_EQ(c[2].pool, "");
}

TEST(Setstripe, OverstripingIsNotInherited) {
  const auto c = parsed("-E 1G -C 8 -E 2G -C -2 -E -1").mirrors[0].components;
  EXPECT_TRUE(c[0].overstriped);
  EXPECT_FALSE(c[2].overstriped);
  EXPECT_EQ(c[2].stripe_count, -1);
}

TEST(Setstripe, EofIsSpelledInThreeWays) {
  const LayoutTemplate expected = parsed("-E 1M -E -1");
  EXPECT_EQ(parsed("-E 1M -E eof"), expected);
  EXPECT_EQ(parsed("--component-end=1M --comp-end EOF"), expected);
}

TEST(Setstripe, OptionsBeforeTheFirstEndBelongToTheFirstComponent) {
  EXPECT_EQ(parsed("-c 2 -E 1M -E -1"), parsed("-E 1M -c 2 -E -1"));
}

TEST(Setstripe, EndsAscendOn64KiB) {
  EXPECT_THAT(reason("-E 2M -E 1M"), HasSubstr("component 2: ends at 1048576"));
  EXPECT_THAT(reason("-E 1M -E 1M"), HasSubstr("ends must ascend"));
  EXPECT_THAT(reason("-E -1 -E -1"), HasSubstr("ends must ascend"));
  EXPECT_THAT(reason("-E 1000k"), HasSubstr("983040 or 1048576 would be"));
  EXPECT_THAT(reason("-E 0"), HasSubstr("component end 0"));
}

TEST(Setstripe, StripeSizeDividesTheEnd) {
  EXPECT_EQ(reason("-E 3M -S 1M"), "ok");
  EXPECT_THAT(reason("-E 3M -S 2M"), HasSubstr("1048576 would divide it"));
  EXPECT_EQ(reason("-E -1 -S 3M"), "ok");
}

TEST(Setstripe, DataOnTheMdtIsTheFirstComponentWithoutStripes) {
  const auto c = parsed("-E 64k -L mdt -E -1 -c 1 -S 4M").mirrors[0].components;
  EXPECT_TRUE(c[0].on_mdt);
  EXPECT_EQ(c[0].end, 64 * kKiB);
  EXPECT_FALSE(c[1].on_mdt);
  EXPECT_EQ(parsed("-E 1M -S 1M -L mdt"), parsed("-E 1M -L mdt"));
  EXPECT_THAT(reason("-E 1M -S 64k -L mdt"), HasSubstr("leave it out"));
  EXPECT_THAT(reason("-E 1M -c 2 -L mdt"), HasSubstr("no stripes"));
  EXPECT_THAT(reason("-L mdt"), HasSubstr("with an end"));
  EXPECT_THAT(reason("-E 1M -E 2M -L mdt"), HasSubstr("component 2: only the first"));
  EXPECT_THAT(reason("-L raid5"), HasSubstr("raid0 or mdt"));
}

TEST(Setstripe, ListOfOstsDecidesTheCount) {
  EXPECT_THAT(only("-o 0-2,7").osts, ElementsAre(0, 1, 2, 7));
  EXPECT_EQ(only("-o 0-2,7").stripe_count, 4);
  EXPECT_EQ(parsed("-o 0-2 -o 7"), parsed("--ost='0,1,2,7'"));
  EXPECT_EQ(reason("-c 2 -o 3,4"), "ok");
  EXPECT_THAT(reason("-c 3 -o 3,4"), HasSubstr("stripe count 3 with a list of 2"));
  EXPECT_EQ(reason("-i 4 -o 3,4"), "ok");
  EXPECT_THAT(reason("-i 5 -o 3,4"), HasSubstr("first OST 5 is not in the list"));
}

TEST(Setstripe, AnOstTwiceInTheListIsOverstriping) {
  EXPECT_TRUE(only("-o 0,0,1,1").overstriped);
  EXPECT_FALSE(only("-o 0,1").overstriped);
}

TEST(Setstripe, MirrorsRepeatTheirComponents) {
  const LayoutTemplate wanted = parsed("-N2 -E 1M -E -1 -c 4");
  EXPECT_TRUE(wanted.mirrored);
  ASSERT_EQ(wanted.mirrors.size(), 1u);
  EXPECT_EQ(wanted.mirrors[0].copies, 2u);
  EXPECT_EQ(wanted.mirrors[0].components.size(), 2u);
  EXPECT_EQ(parsed("--mirror-count=2 -c 1"), parsed("-N 2 -c 1"));
  EXPECT_EQ(parsed("-N -c 1"), parsed("-N1 -c 1"));
}

TEST(Setstripe, EachMirrorHasItsOwnOptions) {
  const LayoutTemplate wanted = parsed(
      "-N -E 1M -L mdt -E eof --component-flags=prefer -p flash "
      "-N -E 1G -c 1 -p disk -E eof -c -1");
  ASSERT_EQ(wanted.mirrors.size(), 2u);
  EXPECT_EQ(wanted.mirrors[0].components[1].flags, kComponentPreferRead | kComponentPreferWrite);
  EXPECT_EQ(wanted.mirrors[1].components[1].pool, "disk");
  EXPECT_EQ(wanted.mirrors[1].components[0].flags, 0u);
}

TEST(Setstripe, MirrorsNumberAtMost16AndComeFirst) {
  EXPECT_EQ(reason("-N16"), "ok");
  EXPECT_THAT(reason("-N17"), HasSubstr("from 1 to 16"));
  EXPECT_THAT(reason("-N8 -c 1 -N9 -c 1"), HasSubstr("17 mirrors"));
  EXPECT_THAT(reason("-c 4 -N2"), HasSubstr("put -N first"));
  EXPECT_THAT(reason("-c 1 --comp-flags=prefer"), HasSubstr("put -N first"));
}

TEST(Setstripe, PoolNamesAreChecked) {
  EXPECT_EQ(only("-p fsname.flash").pool, "flash");
  EXPECT_EQ(only("-p ''").pool, "");
  EXPECT_THAT(reason("-p sixteen_letters_"), HasSubstr("1 to 15"));
  EXPECT_THAT(reason("-p inherit"), HasSubstr("names no pool"));
  EXPECT_THAT(reason("-p a,b"), HasSubstr("letters, digits"));
}

TEST(Setstripe, OptionTwiceForOneComponentIsRefused) {
  EXPECT_THAT(reason("-c 1 -c 2"), HasSubstr("stripe count is given twice"));
  EXPECT_THAT(reason("-c 1 -C 2"), HasSubstr("stripe count is given twice"));
  EXPECT_THAT(reason("-S 1M -S 1M"), HasSubstr("stripe size is given twice"));
  EXPECT_EQ(reason("-E 1M -c 1 -E -1 -c 2"), "ok");
}

TEST(Setstripe, UnknownOptionsAndMissingValuesAreNamed) {
  EXPECT_THAT(reason("-z 64M"), HasSubstr("\"-z\" is not an option"));
  EXPECT_THAT(reason("--stripes=4"), HasSubstr("\"--stripes=4\" is not an option"));
  EXPECT_THAT(reason("-c"), HasSubstr("-c needs a value"));
  EXPECT_THAT(reason("-S --pool"), HasSubstr("is not a size"));
}

TEST(Setstripe, PrintedOptionsReadTheSame) {
  for (const char* text :
       {"", "-c 4 -S 1M", "-c -1 -i 3", "-C -4 -S 64k", "-C 10 -o 0-4,0-4", "-o 5,3,4 -i 3",
        "-E 1M -L mdt -E 1G -c 2 -p flash -E -1 -c -1 -p none", "-E 64k -o 1,2 -E -1",
        "-E 1M -c 2 -o 1,2 -E -1 -c 2", "-N2 -c 3", "-N3 -E 1M -L mdt -E -1 -N -p a -E 2M -E -1",
        "-N -c 1 --comp-flags prefrd,nosync -N2 -c 2 --comp-flags prefwr",
        "-E 1G -C 8 -E 2G -C -2 -S 64k -E -1 -S 0 -c 0", "-C 0", "-C 3 -o 1-3"}) {
    const LayoutTemplate wanted = parsed(text);
    EXPECT_EQ(parsed(print_setstripe(wanted)), wanted) << text;
  }
  EXPECT_EQ(print_setstripe(parsed("")), "-c 0");
  EXPECT_EQ(print_setstripe(parsed("-E 4M -c 1 -E -1 -c -1")), "-E 4M -c 1 -E -1 -c -1");
}

}  // namespace
}  // namespace stripe
