#include "scenarios/workload/sharing/sharing.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "scenarios/workload/sharing/pattern.h"

namespace scenarios {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kSeed = 7;

ClientGroup group(const SharingSpec& spec, std::uint32_t count, std::uint32_t per_node = 1) {
  ClientGroup group;
  group.count = count;
  group.tasks_per_node = per_node;
  group.workload.sharing = spec;
  return group;
}

SharingSpec spec_of(SharingPattern pattern) {
  SharingSpec spec;
  spec.pattern = pattern;
  spec.rounds = 17;
  spec.files = 3;
  spec.file_size = spec.pattern == SharingPattern::append ? spec.file_size : 40 * spec.record;
  return spec;
}

std::unique_ptr<Workload> workload(const std::vector<ClientGroup>& clients, std::size_t index) {
  auto made = sharing_workload(clients, index, kSeed);
  EXPECT_TRUE(made.ok()) << made.error().message;
  return std::move(*made);
}

std::string refusal(const std::vector<ClientGroup>& clients, std::size_t index = 0) {
  const auto made = sharing_workload(clients, index, kSeed);
  return made.ok() ? "accepted" : made.error().message;
}

std::vector<Op> ops_of(const Workload& workload, std::uint32_t rank) {
  std::vector<Op> ops;
  const auto stream = workload.stream(rank);
  for (Op op; stream->next(op);) {
    ops.push_back(op);
  }
  return ops;
}

class EveryPattern : public testing::TestWithParam<int> {
 protected:
  SharingSpec spec() const { return spec_of(static_cast<SharingPattern>(GetParam())); }
  // The pattern's set: one group of all roles, and then writers and readers apart.
  std::vector<std::vector<ClientGroup>> sets() const {
    SharingSpec writer = spec();
    writer.role = SharingRole::writer;
    writer.fsync = true;
    writer.think = sim::milliseconds(1);
    SharingSpec reader = spec();
    reader.role = SharingRole::reader;
    const SharingPatternRow& row = sharing_pattern(spec().pattern);
    reader.delay = row.told ? sim::milliseconds(2) : sim::Duration();
    reader.open_per_round = !row.visits;
    const std::uint32_t writers = row.split == SharingSplit::first ? 1 : 2;
    return {{group(spec(), 3, 2)}, {group(writer, writers), group(reader, 3)}};
  }
};

TEST_P(EveryPattern, SummaryIsWhatStreamsDo) {
  for (const std::vector<ClientGroup>& clients : sets()) {
    for (std::size_t i = 0; i < clients.size(); ++i) {
      const auto made = workload(clients, i);
      EXPECT_EQ(made->summary(), count_by_running(*made)) << i;
    }
  }
}

// Whoever waits is told, nobody is told twice, and all come to each meeting.
TEST_P(EveryPattern, EveryEventIsSignalledOnceAndMeetingsAreOfAll) {
  for (const std::vector<ClientGroup>& clients : sets()) {
    std::map<std::uint32_t, int> signalled;
    std::map<std::uint32_t, int> awaited;
    std::vector<std::uint64_t> meetings;
    std::uint32_t ranks = 0;
    for (std::size_t i = 0; i < clients.size(); ++i) {
      const auto made = workload(clients, i);
      ranks += made->plan().ranks;
      for (std::uint32_t rank = 0; rank < made->plan().ranks; ++rank) {
        meetings.push_back(0);
        for (const Op& op : ops_of(*made, rank)) {
          EXPECT_TRUE(op.kind != OpKind::signal || ++signalled[op.target] == 1);
          awaited[op.target] += op.kind == OpKind::await ? 1 : 0;
          meetings.back() += op.kind == OpKind::barrier ? 1u : 0u;
        }
      }
      EXPECT_TRUE(signalled.empty() || signalled.rbegin()->first < made->plan().events);
    }
    for (const auto& [event, times] : awaited) {
      EXPECT_TRUE(times == 0 || signalled.contains(event)) << event;
    }
    EXPECT_EQ(std::ranges::count(meetings, meetings.front()), ranks);
  }
}

// Opens, accesses and closes of each file alternate as a file system wants it, and nothing lies
// beyond the file's end unless it grows.
TEST_P(EveryPattern, FilesAreOpenWhenUsedAndAccessesLieWithinThem) {
  for (const std::vector<ClientGroup>& clients : sets()) {
    for (std::size_t i = 0; i < clients.size(); ++i) {
      const auto made = workload(clients, i);
      const bool grows = spec().pattern == SharingPattern::append;
      for (std::uint32_t rank = 0; rank < made->plan().ranks; ++rank) {
        std::map<std::uint32_t, bool> open;
        for (const Op& op : ops_of(*made, rank)) {
          if (op.kind == OpKind::open || op.kind == OpKind::close) {
            EXPECT_EQ(open[op.file], op.kind == OpKind::close);
            open[op.file] = op.kind == OpKind::open;
          } else if (op.kind == OpKind::read || op.kind == OpKind::write) {
            EXPECT_TRUE(open[op.file]);
            EXPECT_TRUE(grows || op.offset + op.length <= spec().file_size);
            EXPECT_EQ(op.offset % spec().record, 0u);
          }
        }
        EXPECT_TRUE(std::ranges::none_of(open, [](const auto& f) { return f.second; }));
      }
    }
  }
}

TEST_P(EveryPattern, TheSeedDecidesAndNothingElse) {
  const std::vector<ClientGroup> clients = sets().front();
  EXPECT_EQ(digest(*workload(clients, 0)), digest(*workload(clients, 0)));
  const auto other = sharing_workload(clients, 0, kSeed + 1);
  const bool chance = sharing_pattern(spec().pattern).picks;
  EXPECT_EQ(digest(**other) != digest(*workload(clients, 0)), chance);
}

INSTANTIATE_TEST_SUITE_P(Patterns, EveryPattern, testing::Range(0, 7), [](const auto& instance) {
  return std::string(sharing_pattern(static_cast<SharingPattern>(instance.param)).name);
});

TEST(Sharing, OnlyTheFirstGroupOfASetMakesItsFiles) {
  SharingSpec other = spec_of(SharingPattern::random_mix);
  other.name = "other";
  const SharingSpec one = spec_of(SharingPattern::random_mix);
  const std::vector<ClientGroup> clients = {group(one, 1), group(other, 1), group(one, 1)};
  EXPECT_EQ(workload(clients, 0)->plan().files[0].preexisting_size, one.file_size);
  EXPECT_EQ(workload(clients, 1)->plan().files[0].preexisting_size, one.file_size);
  EXPECT_FALSE(workload(clients, 2)->plan().files[0].preexisting_size.has_value());
  EXPECT_EQ(workload(clients, 0)->plan().files[0].name, workload(clients, 2)->plan().files[0].name);
  EXPECT_NE(workload(clients, 0)->plan().files[0].name, workload(clients, 1)->plan().files[0].name);
}

TEST(Sharing, WritesOfARandomMixAreTheStatedShareExactly) {
  SharingSpec spec = spec_of(SharingPattern::random_mix);
  spec.rounds = 200;
  for (const std::uint32_t percent : {0u, 1u, 50u, 99u, 100u}) {
    spec.write_percent = percent;
    EXPECT_EQ(workload({group(spec, 1)}, 0)->summary().total.count(OpKind::write), 2 * percent);
  }
}

TEST(Sharing, LocalityPicksFromTheFirstTenth) {
  SharingSpec spec = spec_of(SharingPattern::random_mix);
  spec.files = 1;
  spec.rounds = 1000;
  spec.file_size = 100 * spec.record;
  const auto far = [&spec](std::uint32_t locality) {
    spec.locality_percent = locality;
    const auto made = workload({group(spec, 1)}, 0);
    return std::ranges::count_if(ops_of(*made, 0),
                                 [&](const Op& op) { return op.offset >= 10 * spec.record; });
  };
  EXPECT_EQ(far(100), 0);
  EXPECT_NEAR(static_cast<double>(far(50)), 450, 60);
  EXPECT_NEAR(static_cast<double>(far(0)), 900, 60);
}

TEST(Sharing, ParametersThatWouldChangeNothingAreRefused) {
  const auto with = [](SharingPattern pattern, auto change) {
    SharingSpec spec = spec_of(pattern);
    change(spec);
    return refusal({group(spec, 2)});
  };
  using P = SharingPattern;
  EXPECT_EQ(with(P::random_mix, [](SharingSpec& s) { s.write_percent = 11; }), "accepted");
  EXPECT_THAT(with(P::append, [](SharingSpec& s) { s.write_percent = 11; }),
              HasSubstr("write_percent would change nothing"));
  EXPECT_THAT(with(P::random_mix, [](SharingSpec& s) { s.delay = sim::milliseconds(1); }),
              HasSubstr("delay would change nothing"));
  EXPECT_THAT(with(P::ping_pong, [](SharingSpec& s) { s.locality_percent = 1; }),
              HasSubstr("locality_percent would change nothing"));
  EXPECT_THAT(with(P::append, [](SharingSpec& s) { s.file_size = 4096; }),
              HasSubstr("file_size would change nothing"));
  EXPECT_THAT(with(P::reopen, [](SharingSpec& s) { s.open_per_round = true; }),
              HasSubstr("open_per_round would change nothing"));
  EXPECT_THAT(with(P::random_mix,
                   [](SharingSpec& s) {
                     s.role = SharingRole::reader;
                     s.fsync = true;
                   }),
              HasSubstr("fsync would change nothing"));
}

TEST(Sharing, SetsThatCannotRunAreRefused) {
  SharingSpec spec = spec_of(SharingPattern::ping_pong);
  EXPECT_THAT(refusal({group(spec, 1)}), HasSubstr("1 writers and 1 readers; ping_pong needs"));
  EXPECT_EQ(refusal({group(spec, 2)}), "accepted");
  spec.file_size += 1;
  EXPECT_THAT(refusal({group(spec, 2)}), HasSubstr("not a whole number of records"));
  SharingSpec other = spec_of(SharingPattern::ping_pong);
  other.rounds += 1;
  EXPECT_THAT(refusal({group(spec_of(SharingPattern::ping_pong), 2), group(other, 2)}, 1),
              HasSubstr("differs in pattern"));
  SharingSpec writers = spec_of(SharingPattern::read_mostly);
  writers.role = SharingRole::writer;
  EXPECT_THAT(refusal({group(writers, 2), group(spec_of(SharingPattern::read_mostly), 1)}),
              HasSubstr("needs exactly 1"));
  SharingSpec many = spec_of(SharingPattern::reopen);
  many.rounds = 4'000'000;
  EXPECT_EQ(refusal({group(many, 2)}), "accepted");
  many.rounds += 1;
  EXPECT_THAT(refusal({group(many, 2)}), HasSubstr("at most 4000000"));
}

}  // namespace
}  // namespace scenarios
