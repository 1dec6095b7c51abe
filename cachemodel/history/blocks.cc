#include <algorithm>
#include <map>

#include "cachemodel/history/file_check.h"
#include "cachemodel/history/tally.h"
#include "cachemodel/history/verdict.h"

namespace cachemodel {
namespace {

// How a story of a kind calls the newer write.
struct Telling {
  std::string kind;
  std::string_view newer;
};

class BlockCheck {
 public:
  explicit BlockCheck(FileCheck& check)
      : check_(check), teller_(check.file, check.options), suspect_(check.sights.seen.size()) {}

  void run() {
    stale_reads();
    read_your_writes();
    close_to_open();
    monotonic_reads();
  }

 private:
  const Read& read_of(const Sight& sight) const { return check_.file.reads[sight.read]; }
  const Write& write_of(const Version& version) const { return check_.file.writes[version.write]; }

  Fact fact(const Version& version, sim::TimePoint known) const {
    const Write& write = write_of(version);
    return {version.range, version.place, known, write.clock, version.write};
  }
  Question question(std::uint32_t sight_index, sim::TimePoint before) const {
    const Sight& sight = check_.sights.seen[sight_index];
    return {sight.range, sight.place, before, read_of(sight).clock, sight.write, sight_index};
  }

  std::vector<Hit> hits_of(const std::vector<SweepPiece>& pieces) const {
    std::vector<Hit> hits;
    hits.reserve(pieces.size());
    for (const SweepPiece& piece : pieces) {
      const Sight& sight = check_.sights.seen[piece.tag];
      const std::int64_t age = read_of(sight).call.invoked.ns() - piece.time;
      hits.push_back({sight.read, piece.range, sim::Duration(age), piece.tag, piece.id});
    }
    return hits;
  }

  // Block reads in `maybe` that are not in `sure` as well, by read.
  static std::map<std::uint32_t, std::uint64_t> undecided(const std::vector<Hit>& sure,
                                                          const std::vector<Hit>& maybe) {
    if (maybe.empty()) {
      return {};
    }
    std::vector<Hit> both = maybe;
    both.insert(both.end(), sure.begin(), sure.end());
    std::map<std::uint32_t, std::uint64_t> counts = blocks_by_read(both);
    for (const auto& [read, blocks] : blocks_by_read(sure)) {
      counts[read] -= blocks;
    }
    return counts;
  }

  void tell(const Telling& telling, const std::vector<Hit>& hits) {
    for (const Hit& hit : hits) {
      const Sight& sight = check_.sights.seen[hit.sight];
      const Read& read = read_of(sight);
      if (!check_.stories.wants(telling.kind, read.call.invoked)) {
        continue;
      }
      const ReadRun& run = check_.merged.runs()[sight.run];
      std::string text =
          telling.kind + ": " + teller_.read(read, hit.range) + teller_.write("seen", sight.write) +
          teller_.write(telling.newer, hit.write) + teller_.basis(run.basis, run.since);
      if (hit.age > sim::Duration()) {
        text += "\n  age: what is newer was known " + sim::format_duration(hit.age) +
                " before the read";
      }
      check_.stories.add({telling.kind, read.call.invoked, std::move(text)});
    }
  }

  void stale_reads() {
    std::vector<Fact> facts;
    facts.reserve(check_.versions.all().size());
    for (const Version& version : check_.versions.all()) {
      if (version.durable) {
        facts.push_back(fact(version, write_of(version).call.returned));
      }
    }
    std::vector<Question> questions;
    questions.reserve(check_.sights.seen.size());
    for (std::uint32_t s = 0; s < check_.sights.seen.size(); ++s) {
      questions.push_back(question(s, read_of(check_.sights.seen[s]).call.invoked));
    }
    const Findings findings = newer_known(facts, questions, check_.merged.clocks());
    for (const auto* pieces : {&findings.sure, &findings.maybe}) {
      for (const SweepPiece& piece : *pieces) {
        suspect_[piece.tag] = true;
        any_suspect_ = true;
      }
    }
    std::vector<Hit> sure = hits_of(findings.sure);
    count_stale(sure);
    tell({"stale read", "newer"}, sure);
    RegisterVerdict& blocks = check_.verdict.blocks;
    for (const auto& [read, count] : undecided(sure, hits_of(findings.maybe))) {
      blocks.total.undecided += count;
      blocks.groups[check_.group(check_.file.reads[read])].undecided += count;
      blocks[Guarantee::bounded_staleness].undecided += count;
    }
  }

  void count_stale(std::vector<Hit>& hits) {
    RegisterVerdict& blocks = check_.verdict.blocks;
    count_blocks(hits, [&](std::uint32_t read, std::uint64_t count, sim::Duration age) {
      ReadCounts& group = blocks.groups[check_.group(check_.file.reads[read])];
      for (ReadCounts* counts : {&blocks.total, &group}) {
        counts->stale += count;
        counts->age.record(age, count);
      }
      if (age > check_.options.staleness_bound) {
        blocks[Guarantee::bounded_staleness].violations += count;
      }
      blocks.unexcused += excused(check_.options, check_.file.reads[read]) ? 0 : count;
    });
  }

  void judge(Guarantee guarantee, std::string_view newer, const Findings& findings) {
    std::vector<Hit> sure = hits_of(findings.sure);
    GuaranteeCount& count = check_.verdict.blocks[guarantee];
    for (const auto& [read, blocks] : blocks_by_read(sure)) {
      count.violations += blocks;
    }
    for (const auto& [read, blocks] : undecided(sure, hits_of(findings.maybe))) {
      count.undecided += blocks;
    }
    tell({std::string(guarantee_name(guarantee)), newer}, sure);
  }

  static void add(Findings& to, const Findings& from) {
    to.sure.insert(to.sure.end(), from.sure.begin(), from.sure.end());
    to.maybe.insert(to.maybe.end(), from.maybe.begin(), from.maybe.end());
  }

  // Facts and questions of one client.
  struct OneClient {
    std::vector<Fact> facts;
    std::vector<Question> questions;
  };

  void judge_each(Guarantee guarantee, std::string_view newer,
                  const std::map<std::uint32_t, OneClient>& clients) {
    Findings findings;
    for (const auto& [client, one] : clients) {
      add(findings, newer_known(one.facts, one.questions, check_.merged.clocks()));
    }
    judge(guarantee, newer, findings);
  }

  // What a client has written and does not see is stale: only such reads need another look. The
  // same goes for what was closed before an open.
  void read_your_writes() {
    if (!any_suspect_) {
      return;
    }
    std::map<std::uint32_t, OneClient> clients;
    for (std::uint32_t s = 0; s < suspect_.size(); ++s) {
      if (suspect_[s]) {
        const Read& read = read_of(check_.sights.seen[s]);
        clients[read.client].questions.push_back(question(s, read.call.invoked));
      }
    }
    for (const Version& version : check_.versions.all()) {
      const auto client = clients.find(client_of(write_of(version).stamp));
      if (version.durable && client != clients.end()) {
        client->second.facts.push_back(fact(version, write_of(version).call.returned));
      }
    }
    judge_each(Guarantee::read_your_writes, "its own newer", clients);
  }

  void close_to_open() {
    OneClient all;
    for (std::uint32_t s = 0; any_suspect_ && s < suspect_.size(); ++s) {
      const Read& read = read_of(check_.sights.seen[s]);
      const auto opened = suspect_[s]
                              ? check_.marks.opened(read.client, read.handle, read.call.invoked)
                              : std::nullopt;
      if (opened) {
        all.questions.push_back(question(s, *opened));
      }
    }
    if (all.questions.empty()) {
      return;
    }
    for (const Version& version : check_.versions.all()) {
      const Write& write = write_of(version);
      const auto known = version.durable ? check_.marks.published(client_of(write.stamp),
                                                                  write.handle, write.call.returned)
                                         : std::nullopt;
      if (known) {
        all.facts.push_back(fact(version, *known));
      }
    }
    judge(Guarantee::close_to_open, "newer, and closed or synced before the open",
          newer_known(all.facts, all.questions, check_.merged.clocks()));
  }

  void monotonic_reads() {
    std::map<std::uint32_t, OneClient> clients;
    for (std::uint32_t s = 0; s < check_.sights.seen.size(); ++s) {
      const Sight& sight = check_.sights.seen[s];
      const Read& read = read_of(sight);
      OneClient& client = clients[read.client];
      client.questions.push_back(question(s, read.call.invoked));
      if (sight.certain && sight.write != kNobody) {
        client.facts.push_back(
            {sight.range, sight.place, read.call.returned, read.clock, sight.write});
      }
    }
    judge_each(Guarantee::monotonic_reads, "newer, and read before by the same client", clients);
  }

  FileCheck& check_;
  Teller teller_;
  std::vector<bool> suspect_;  // sights that are stale or may be
  bool any_suspect_ = false;
};

}  // namespace

void count_reads(const FileHistory& file, const Merged& merged, const CheckOptions& options,
                 RegisterVerdict& blocks) {
  for (const Read& read : file.reads) {
    sim::Extent range{read.offset, read.offset};
    for (const ReadRun& run : merged.runs_of(read)) {
      range.end += run.length;
    }
    blocks.total.reads += blocks_of(range);
    blocks.groups[group_of(read, options)].reads += blocks_of(range);
  }
}

void check_blocks(FileCheck& check) { BlockCheck(check).run(); }

}  // namespace cachemodel
