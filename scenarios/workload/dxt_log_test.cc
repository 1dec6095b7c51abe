#include "scenarios/workload/dxt_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/workload/dxt_samples.h"

namespace scenarios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string error_of(std::string_view text) {
  const auto log = parse_dxt(text, "t.txt");
  return log.ok() ? "accepted" : log.error().message;
}

// `text` with the first `from` made `to`.
std::string changed(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(DxtLog, RecordsOfEveryDialectAreRead) {
  for (const DxtDialect dialect : {DxtDialect::v331, DxtDialect::v347, DxtDialect::threads}) {
    const auto log = parse_dxt(small_run(dialect).text(), "t.txt");
    ASSERT_TRUE(log.ok()) << log.error().message;
    EXPECT_EQ(log->nprocs, 3u);
    EXPECT_EQ(log->exe, "/bin/app");
    ASSERT_EQ(log->records.size(), 3u);
    const DxtRecord& first = log->records[0];
    EXPECT_EQ(first.file_name, "/m/a, b") << "names may hold blanks and commas";
    EXPECT_EQ(first.hostname, "node0");
    EXPECT_EQ(first.fs_type, "lustre");
    EXPECT_THAT(first.layout, ElementsAre(DxtComponent{{0, sim::kEof}, 1048576, {4, 9}}));
    EXPECT_EQ(first.segments.size(), 3u);
    EXPECT_TRUE(log->records[2].layout.empty());
  }
}

TEST(DxtLog, CarriageReturnsDoNotMatter) {
  std::string text;
  for (const char c : small_run(DxtDialect::v347).text()) {
    text += c == '\n' ? "\r\n" : std::string(1, c);
  }
  EXPECT_EQ(error_of(text), "accepted");
}

TEST(DxtLog, CutAnywhereIsRefused) {
  for (const DxtDialect dialect : {DxtDialect::v331, DxtDialect::v347, DxtDialect::threads}) {
    const std::string text = small_run(dialect).text();
    for (std::size_t size = 0; size < text.size(); ++size) {
      const std::string_view cut = std::string_view(text).substr(0, size);
      // A cut between two records is one that nothing in the text can tell.
      const bool between = cut.ends_with("\n") && text[size] == '\n';
      const bool after_separator = cut.ends_with("\n\n");
      const bool some = cut.find("X_POSIX") != std::string_view::npos;
      if (!(some && (between || after_separator))) {
        EXPECT_NE(error_of(cut), "accepted") << size;
      }
    }
  }
}

TEST(DxtLog, CountsMustMatchTheRows) {
  const std::string text = small_run(DxtDialect::v347).text();
  EXPECT_THAT(error_of(changed(text, "write_count: 2", "write_count: 3")),
              HasSubstr("says write_count 3, read_count 1 but has 2 and 1 rows"));
  EXPECT_THAT(error_of(changed(text, "read_count: 1", "read_count: 0")),
              HasSubstr("read_count 0 but has"));
}

TEST(DxtLog, SegmentsAreNumberedWithoutGaps) {
  DxtSample sample(DxtDialect::v347);
  sample.record("/m/f", 0, 2, 0).row("write", 0, 0, 1, "0.0000", "0.0000");
  sample.row("write", 2, 1, 1, "0.0000", "0.0000");
  EXPECT_THAT(error_of(sample.text()), HasSubstr("column Segment: found 2, expected 1"));
}

TEST(DxtLog, ErrorsNameFileAndLine) {
  EXPECT_THAT(error_of("# nprocs: 0\n"), StartsWith("t.txt:1: nprocs: expected 1 to 1048576"));
  EXPECT_THAT(error_of("# a\n\nnonsense\n"), StartsWith("t.txt:3: "));
  EXPECT_THAT(error_of("# a\n"), HasSubstr("no DXT record"));
  EXPECT_THAT(error_of(""), HasSubstr("no DXT record"));
}

TEST(DxtLog, RowsMustBelongToTheirRecord) {
  const std::string text = small_run(DxtDialect::v347).text();
  EXPECT_THAT(error_of(changed(text, "# DXT, rank: 0", "# DXT, rank: 1")),
              HasSubstr("a row of rank 0 in the record of rank 1"));
  EXPECT_THAT(error_of(changed(text, "# DXT, rank: 0", "# DXT, rank: 3")),
              HasSubstr("expected rank: 0 to 2"));
  EXPECT_THAT(error_of(" X_POSIX 0 read 0 0 1 0.0000 0.0000\n"), HasSubstr("a row before"));
  EXPECT_THAT(error_of("# DXT, rank: 0, hostname: x\n"), HasSubstr("file_id line first"));
  EXPECT_THAT(error_of(changed(text, "mnt_pt", "mount")), HasSubstr("unknown header line"));
}

TEST(DxtLog, PlainLayoutNeedsItsOsts) {
  const std::string text = small_run(DxtDialect::v331).text();
  EXPECT_THAT(error_of(changed(text, "obdidx: 4 9", "obdidx: 4")),
              HasSubstr("stripe_count is 2 but 1 OSTs"));
  EXPECT_THAT(error_of(changed(text, "# DXT, Lustre OST obdidx: 4 9\n", "")),
              HasSubstr("no OST obdidx line"));
}

TEST(DxtLog, IncompleteModulesAreRemembered) {
  DxtSample sample = small_run(DxtDialect::v347);
  sample.add("\n# *WARNING*: The DXT_POSIX module contains incomplete data!\n");
  const auto log = parse_dxt(sample.text(), "t.txt");
  ASSERT_TRUE(log.ok()) << log.error().message;
  EXPECT_THAT(log->incomplete_modules, ElementsAre("DXT_POSIX"));
}

}  // namespace
}  // namespace scenarios
