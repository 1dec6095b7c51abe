#include "cachemodel/history/story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"

namespace cachemodel {
namespace {

using testing::HasSubstr;

TEST(Story, InstantsAreExactToTheNanosecond) {
  EXPECT_EQ(format_instant(sim::TimePoint(0)), "0.000000000 s");
  EXPECT_EQ(format_instant(sim::TimePoint(1500000001)), "1.500000001 s");
  EXPECT_EQ(format_instant(sim::TimePoint(-1)), "-0.000000001 s");
}

TEST(Story, TheFirstFewOfEachKindAreKept) {
  Storybook book(2);
  for (const std::int64_t at : {50, 30, 40, 10}) {
    book.add({"a", sim::TimePoint(at), ""});
  }
  book.add({"b", sim::TimePoint(20), ""});
  EXPECT_FALSE(book.wants("a", sim::TimePoint(30)));
  EXPECT_TRUE(book.wants("a", sim::TimePoint(29)));
  const std::vector<Story> kept = book.take();
  ASSERT_EQ(kept.size(), 3u);
  EXPECT_EQ(kept[0].at, sim::TimePoint(10));
  EXPECT_EQ(kept[1].kind, "b");
  EXPECT_EQ(kept[2].at, sim::TimePoint(30));
  EXPECT_FALSE(Storybook(0).wants("a", sim::TimePoint(0)));
}

TEST(Story, AStaleReadIsToldInFull) {
  Script script;
  script.write(stamp_of(1, 17), blocks(0, 2), call(1000, 2000));
  script.write(stamp_of(2, 4), blocks(1, 3), call(3000, 5000));
  script.apply(stamp_of(1, 17), blocks(0, 2), 1500);
  script.apply(stamp_of(2, 4), blocks(1, 3), 4000);
  script.read(3, 0, {{2 * kBlock, stamp_of(1, 17), Basis::attributes, sim::TimePoint(2500)}},
              call(6000, 6100));
  const Verdict verdict = script.check();
  ASSERT_FALSE(verdict.stories.empty());
  const auto stale = std::ranges::find(verdict.stories, "stale read", &Story::kind);
  ASSERT_NE(stale, verdict.stories.end());
  EXPECT_EQ(stale->text,
            "stale read: client 3 read [4096 B, 8192 B) of file 7 from 0.000006000 s to "
            "0.000006100 s\n"
            "  seen: write 17 of client 1 to [0 B, 8192 B), issued at 0.000001000 s, acknowledged "
            "at 0.000002000 s\n"
            "  newer: write 4 of client 2 to [4096 B, 12288 B), issued at 0.000003000 s, "
            "acknowledged at 0.000005000 s\n"
            "  why: cached, believed valid because attributes were checked at 0.000002500 s\n"
            "  age: what is newer was known 1 us before the read");
}

TEST(Story, EachKindOfViolationIsTold) {
  Script script;
  script.write(stamp_of(1, 1), blocks(0, 1), call(0, 10));
  script.write(stamp_of(1, 2), blocks(0, 1), call(20, 30));
  script.mark(FileCall::fsync, 1, 0, call(30, 40));
  script.mark(FileCall::open, 1, 1, call(50, 60));
  script.read(1, blocks(0, 1), stamp_of(1, 2), call(70, 80), 1);
  script.read(1, blocks(0, 1), stamp_of(1, 1), call(90, 95), 1);
  script.read(1, blocks(0, 1), stamp_of(5, 5), call(90, 95), 1);
  script.read_size(1, 0, call(90, 95), 1);
  script.read_size(1, 1, call(90, 95), 1);
  script.write(stamp_of(1, 3), blocks(9, 10), call(0, 10));
  script.drop(DropCause::lost, 1, blocks(9, 10), 100, stamp_of(1, 3));
  std::vector<std::string> kinds;
  for (const Story& story : script.check().stories) {
    EXPECT_THAT(story.text, HasSubstr("file 7"));
    kinds.push_back(story.kind);
  }
  EXPECT_THAT(kinds, testing::UnorderedElementsAre(
                         "stale read", "close_to_open", "monotonic_reads", "read_your_writes",
                         "linearizable", "impossible read", "stale size", "close_to_open of size",
                         "read_your_writes of size", "impossible size", "lost after fsync"));
}

}  // namespace
}  // namespace cachemodel
