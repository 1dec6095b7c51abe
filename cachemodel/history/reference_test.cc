// The checker against the definitions spelled out, on many small histories.
#include "cachemodel/history/reference.h"

#include <gtest/gtest.h>

#include "cachemodel/history/history_testing.h"
#include "sim/rng.h"

namespace cachemodel {
namespace {

// What random histories are like.
struct Mix {
  bool logged = true;          // servers log applications
  std::uint64_t hosts = 1;     // clients are spread over
  std::int64_t instants = 40;  // few make ties likely
  std::uint64_t writes = 5;
  std::uint64_t reads = 5;
  std::uint64_t doubt = 10;  // one write in so many fails, one is unknown
  std::uint64_t losses = 1;  // at most
  std::int64_t bound = 10;   // of staleness
};

constexpr std::uint64_t kCells = 8;
constexpr std::uint64_t kClients = 3;

class Generator {
 public:
  Generator(sim::Rng rng, const Mix& mix) : rng_(rng), mix_(mix), histories_(mix.hosts) {}

  const std::vector<History>& make() {
    for (std::uint64_t w = 0; w < mix_.writes; ++w) {
      write(w + 1);
    }
    for (std::uint64_t a = 0; mix_.logged && a < mix_.writes + 2; ++a) {
      const WriteEvent& event = writes_[rng_.below(writes_.size())];
      const sim::Extent part = cells().intersect(event.range);
      if (!part.empty()) {
        // One server: its log is in one history, and in the order of time.
        histories_[0].apply({1, rng_.chance(1, 2) ? part : event.range, event.stamp,
                             sim::TimePoint(static_cast<std::int64_t>(a))});
      }
    }
    for (std::uint64_t r = 0; r < mix_.reads; ++r) {
      read();
    }
    marks();
    losses();
    return histories_;
  }

 private:
  sim::Extent cells() {
    const std::uint64_t begin = rng_.below(kCells);
    return {begin * kCell, (begin + 1 + rng_.below(kCells - begin)) * kCell};
  }
  Call when() {
    const auto begin =
        static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(mix_.instants)));
    return call(begin, begin + static_cast<std::int64_t>(rng_.below(8)));
  }
  std::uint32_t client() { return 1 + static_cast<std::uint32_t>(rng_.below(kClients)); }
  History& of(std::uint32_t client) { return histories_[client % mix_.hosts]; }

  void write(std::uint64_t sequence) {
    WriteEvent event;
    event.file = 1;
    event.range = cells();
    const std::uint32_t by = client();
    event.stamp = stamp_of(by, sequence);
    event.handle = static_cast<std::uint32_t>(rng_.below(2));
    event.ending = rng_.chance(1, mix_.doubt)   ? Ending::failed
                   : rng_.chance(1, mix_.doubt) ? Ending::unknown
                                                : Ending::ok;
    event.call = when();
    of(by).write(event);
    writes_.push_back(event);
  }

  std::uint64_t shown(sim::Extent cell) {
    for (int tries = 0; tries < 4; ++tries) {
      const WriteEvent& event = writes_[rng_.below(writes_.size())];
      if (event.range.overlaps(cell) || rng_.chance(1, 30)) {
        return event.stamp;
      }
    }
    return rng_.chance(1, 30) ? stamp_of(9, 9) : 0;
  }

  void read() {
    const sim::Extent range = cells();
    std::vector<ReadRun> runs;
    for (sim::Bytes at = range.begin; at < range.end; at += kCell) {
      const std::uint64_t stamp = shown({at, at + kCell});
      if (!runs.empty() && (runs.back().stamp == stamp || rng_.chance(1, 2))) {
        runs.back().length += kCell;
      } else {
        runs.push_back({kCell, stamp, Basis::unstated, {}});
      }
    }
    ReadEvent event;
    event.file = 1;
    event.offset = range.begin;
    event.client = client();
    event.handle = static_cast<std::uint32_t>(rng_.below(2));
    event.call = when();
    of(event.client).read(event, runs);
  }

  void marks() {
    for (std::uint32_t by = 1; by <= kClients; ++by) {
      of(by).file({1, by, 1, FileCall::open, when()});
      of(by).file({1, by, 1, FileCall::close, when()});
      if (rng_.chance(1, 2)) {
        of(by).file({1, by, 0, FileCall::fsync, when()});
      }
    }
  }

  void losses() {
    for (std::uint64_t n = rng_.below(mix_.losses + 1); n > 0; --n) {
      const WriteEvent& event = writes_[rng_.below(writes_.size())];
      const std::uint32_t by = client_of(event.stamp);
      of(by).drop({1, cells(), by, DropCause::lost, event.stamp, sim::TimePoint(50)});
    }
  }

  sim::Rng rng_;
  Mix mix_;
  std::vector<History> histories_;
  std::vector<WriteEvent> writes_;
};

std::vector<HistoryPart> parts_of(const std::vector<History>& histories) {
  std::vector<HistoryPart> parts;
  for (std::uint32_t h = 0; h < histories.size(); ++h) {
    const auto odd = static_cast<std::int64_t>(h % 3);
    parts.push_back({&histories[h], {h, sim::Duration(5 * odd), sim::Duration(odd)}});
  }
  return parts;
}

void expect_same(const ReadCounts& is, const ReadCounts& should) {
  EXPECT_EQ(is.reads, should.reads);
  EXPECT_EQ(is.stale, should.stale);
  EXPECT_EQ(is.undecided, should.undecided);
  EXPECT_EQ(is.age.sum(), should.age.sum());
  EXPECT_EQ(is.age.max(), should.age.max());
  EXPECT_EQ(is.age.percentile(500000), should.age.percentile(500000));
}

void expect_agreement(const Mix& mix, std::uint64_t seeds) {
  CheckOptions options;
  options.staleness_bound = sim::Duration(mix.bound);
  RegisterVerdict sum;
  for (std::uint64_t seed = 1; seed <= seeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Generator generator(sim::Rng(seed), mix);
    const std::vector<HistoryPart> parts = parts_of(generator.make());
    const RegisterVerdict is = check(parts, options).value().blocks;
    const RegisterVerdict should = reference_blocks(Merged::of(parts).value(), options);
    expect_same(is.total, should.total);
    EXPECT_EQ(is.impossible, should.impossible);
    for (std::size_t g = 0; g < kGuarantees; ++g) {
      EXPECT_EQ(is.guarantees[g].violations, should.guarantees[g].violations)
          << guarantee_name(static_cast<Guarantee>(g));
      EXPECT_EQ(is.guarantees[g].undecided, should.guarantees[g].undecided)
          << guarantee_name(static_cast<Guarantee>(g));
      sum.guarantees[g].violations += is.guarantees[g].violations;
    }
  }
  // The histories are of use only if they break everything now and then.
  for (std::size_t g = 0; g < kGuarantees; ++g) {
    EXPECT_GT(sum.guarantees[g].violations, 0u) << guarantee_name(static_cast<Guarantee>(g));
  }
}

TEST(Reference, AgreesOnLoggedFiles) { expect_agreement({}, 1500); }

TEST(Reference, AgreesOnFilesWithoutALog) { expect_agreement({.logged = false}, 1500); }

TEST(Reference, AgreesWhenAllHappensAtAFewInstants) {
  expect_agreement({.instants = 6, .writes = 4, .reads = 4, .bound = 2}, 1500);
}

TEST(Reference, AgreesAcrossHostsWithUncertainClocks) {
  expect_agreement({.hosts = 3}, 1000);
  expect_agreement({.logged = false, .hosts = 3}, 1000);
}

TEST(Reference, AgreesWhenMuchIsLostOrUnknown) {
  expect_agreement({.writes = 8, .reads = 8, .doubt = 3, .losses = 6}, 700);
}

TEST(Reference, AgreesOnLongerHistories) {
  expect_agreement({.instants = 80, .writes = 12, .reads = 12}, 200);
}

}  // namespace
}  // namespace cachemodel
