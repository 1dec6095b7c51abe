#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "cachemodel/history/attribute_log.h"
#include "cachemodel/history/file_check.h"

namespace cachemodel {
namespace {

// That the attribute was at least, or became exactly, `value`, and since when that was known.
struct Clue {
  std::uint64_t value = 0;
  bool exact = false;
  std::int64_t early = 0;
  std::int64_t late = 0;
  sim::TimePoint known;
  std::uint32_t clock = 0;
};

// A read, and the instant before which it had to know.
struct Due {
  std::uint32_t read = 0;
  sim::TimePoint before;
};

// First instants by read; kNever: not so.
struct Answer {
  std::map<std::uint32_t, std::int64_t> sure;
  std::map<std::uint32_t, std::int64_t> maybe;
};

class AttributeCheck {
 public:
  AttributeCheck(FileCheck& check, Attribute attribute, RegisterVerdict& verdict)
      : check_(check),
        clocks_(check.merged.clocks()),
        verdict_(verdict),
        name_(attribute == Attribute::size ? "size" : "mtime"),
        log_(check.file, check.versions, attribute, clocks_) {
    for (const AttrRead& read : check.file.attributes) {
      if (read.attribute == attribute) {
        reads_.push_back(&read);
      }
    }
    horizons_ = log_.horizons(reads_);
  }

  void run() {
    if (!reads_.empty()) {
      explain();
      stale_reads();
      read_your_writes();
      close_to_open();
      inversions();
    }
  }

 private:
  ReadCounts& group_of(std::uint32_t read) { return verdict_.groups[check_.group(*reads_[read])]; }

  void explain() {
    for (std::uint32_t r = 0; r < reads_.size(); ++r) {
      ++verdict_.total.reads;
      ++group_of(r).reads;
      if (!horizons_[r].explained) {
        ++verdict_.impossible;
        ++verdict_[Guarantee::linearizable].violations;
        tell("impossible " + name_, r,
             "no change before the end of the read set this value or was passing it");
      } else {
        all_.push_back({r, reads_[r]->call.invoked});
      }
    }
  }

  static Clue clue(const AttributeStep& step, sim::TimePoint known) {
    return {step.value, step.exact, step.early, step.late, known, step.clock};
  }
  // A read is evidence that the attribute had grown to its value by then.
  Clue witness(std::uint32_t r) const {
    const AttrRead& read = *reads_[r];
    const std::int64_t epsilon = clocks_.epsilon(read.clock).ns();
    return {read.value,
            false,
            read.call.invoked.ns() - epsilon,
            read.call.returned.ns() + epsilon,
            read.call.returned,
            read.clock};
  }

  // A value v stands for the byte v: "at least n" covers the bytes below n, and contradicts what
  // says that the byte v < n is not there. An exact change covers everything.
  std::map<std::uint32_t, std::int64_t> ask(const std::vector<Clue>& clues,
                                            const std::vector<Due>& dues, std::uint32_t clock,
                                            bool exact, bool sure) const {
    std::vector<SweepItem> items;
    for (const Clue& clue : clues) {
      if (clue.exact == exact && (exact || clue.value > 0)) {
        const sim::Duration apart = clocks_.between(clue.clock, clock) * (sure ? 1 : -1);
        items.push_back({{0, exact ? 1 : clue.value},
                         sure ? clue.early : clue.late,
                         (clue.known + apart).ns(),
                         log_.name_of(clue.value)});
      }
    }
    std::vector<SweepQuery> queries;
    for (const Due& due : dues) {
      const Horizon& horizon = horizons_[due.read];
      const std::uint64_t at = exact ? 0 : reads_[due.read]->value;
      const std::int64_t settled = exact ? horizon.source : horizon.reset;
      const std::int64_t begun = exact ? horizon.source_begun : horizon.reset_begun;
      if (reads_[due.read]->clock == clock && at != sim::kEof) {
        queries.push_back({{at, at + 1},
                           sure ? settled : begun - 1,
                           due.before.ns() - 1,
                           log_.name_of(reads_[due.read]->value),
                           due.read});
      }
    }
    std::map<std::uint32_t, std::int64_t> first;
    for (const SweepPiece& piece : sweep(items, queries)) {
      first[piece.tag] = piece.time;
    }
    return first;
  }

  void ask(const std::vector<Clue>& clues, const std::vector<Due>& dues, Answer& answer) const {
    for (std::uint32_t clock = 0; !clues.empty() && clock < clocks_.count(); ++clock) {
      for (const bool exact : {false, true}) {
        for (const auto& [read, time] : ask(clues, dues, clock, exact, true)) {
          const auto found = answer.sure.emplace(read, time).first;
          found->second = std::min(found->second, time);
        }
        answer.maybe.merge(ask(clues, dues, clock, exact, false));
      }
    }
  }

  static std::uint64_t undecided(const Answer& answer) {
    return static_cast<std::uint64_t>(std::ranges::count_if(
        answer.maybe, [&](const auto& entry) { return !answer.sure.contains(entry.first); }));
  }

  std::vector<Clue> durable_clues() const {
    std::vector<Clue> clues;
    for (const AttributeStep& step : log_.steps()) {
      if (step.durable) {
        clues.push_back(clue(step, step.returned));
      }
    }
    return clues;
  }

  void stale_reads() {
    Answer answer;
    ask(durable_clues(), all_, answer);
    GuaranteeCount& bounded = verdict_[Guarantee::bounded_staleness];
    for (const auto& [read, time] : answer.sure) {
      const sim::Duration age = reads_[read]->call.invoked - sim::TimePoint(time);
      for (ReadCounts* counts : {&verdict_.total, &group_of(read)}) {
        ++counts->stale;
        counts->age.record(age);
      }
      bounded.violations += age > check_.options.staleness_bound ? 1u : 0u;
      verdict_.unexcused += excused(check_.options, *reads_[read]) ? 0u : 1u;
      ++verdict_[Guarantee::linearizable].violations;
      stale_.push_back({read, reads_[read]->call.invoked});
      surely_stale_.insert(read);
      tell("stale " + name_, read,
           "a newer value was known " + sim::format_duration(age) + " before the read");
    }
    for (const auto& [read, time] : answer.maybe) {
      if (!answer.sure.contains(read)) {
        ++verdict_.total.undecided;
        ++group_of(read).undecided;
        ++bounded.undecided;
        stale_.push_back({read, reads_[read]->call.invoked});
      }
    }
  }

  void judge(Guarantee guarantee, const Answer& answer, std::string_view why) {
    verdict_[guarantee].violations += answer.sure.size();
    verdict_[guarantee].undecided += undecided(answer);
    for (const auto& [read, time] : answer.sure) {
      tell(std::string(guarantee_name(guarantee)) + " of " + name_, read, why);
    }
  }

  // As for blocks: what is broken here is stale, or may be.
  void read_your_writes() {
    Answer answer;
    for (const auto& [client, dues] : by_client(stale_)) {
      std::vector<Clue> clues;
      for (const AttributeStep& step : log_.steps()) {
        if (step.durable && step.client == client) {
          clues.push_back(clue(step, step.returned));
        }
      }
      ask(clues, dues, answer);
    }
    judge(Guarantee::read_your_writes, answer, "the client itself had changed it since");
  }

  void close_to_open() {
    std::vector<Due> dues;
    for (const Due& due : stale_) {
      const AttrRead& read = *reads_[due.read];
      if (const auto opened = check_.marks.opened(read.client, read.handle, read.call.invoked)) {
        dues.push_back({due.read, *opened});
      }
    }
    std::vector<Clue> clues;
    for (const AttributeStep& step : log_.steps()) {
      const auto known = step.durable
                             ? check_.marks.published(step.client, step.handle, step.returned)
                             : std::nullopt;
      if (known) {
        clues.push_back(clue(step, *known));
      }
    }
    Answer answer;
    ask(clues, dues, answer);
    judge(Guarantee::close_to_open, answer, "a newer value was closed or synced before the open");
  }

  std::map<std::uint32_t, std::vector<Due>> by_client(const std::vector<Due>& dues) const {
    std::map<std::uint32_t, std::vector<Due>> clients;
    for (const Due& due : dues) {
      clients[reads_[due.read]->client].push_back(due);
    }
    return clients;
  }

  // A value that shrinks from read to read though nothing can have reset it: to one client, or from
  // one to another.
  void inversions() {
    Answer mine;
    std::vector<Clue> witnesses;
    for (const auto& [client, dues] : by_client(all_)) {
      std::vector<Clue> own;
      for (const Due& due : dues) {
        own.push_back(witness(due.read));
      }
      ask(own, dues, mine);
      witnesses.insert(witnesses.end(), own.begin(), own.end());
    }
    judge(Guarantee::monotonic_reads, mine, "the client had read a newer value before");
    Answer any;
    ask(witnesses, all_, any);
    for (const auto& [read, time] : any.sure) {
      verdict_[Guarantee::linearizable].violations += surely_stale_.contains(read) ? 0u : 1u;
    }
  }

  void tell(const std::string& kind, std::uint32_t r, std::string_view why) {
    const AttrRead& read = *reads_[r];
    if (!check_.stories.wants(kind, read.call.invoked)) {
      return;
    }
    const Teller teller(check_.file, check_.options);
    std::string text =
        fmt::format("{}: client {} read {} {} of {} from {} to {}\n  but {}", kind, read.client,
                    name_, value(read.value), teller.file_name(), format_instant(read.call.invoked),
                    format_instant(read.call.returned), why);
    check_.stories.add({kind, read.call.invoked, text + teller.basis(read.basis, read.since)});
  }

  std::string value(std::uint64_t value) const {
    return fmt::format("{} {}", value, name_ == "size" ? "B" : "ns");
  }

  FileCheck& check_;
  const Clocks& clocks_;
  RegisterVerdict& verdict_;
  std::string name_;
  AttributeLog log_;
  std::vector<const AttrRead*> reads_;
  std::vector<Horizon> horizons_;
  std::vector<Due> all_;    // reads that something explains
  std::vector<Due> stale_;  // of these, those that are stale or may be
  std::set<std::uint32_t> surely_stale_;
};

}  // namespace

void check_attributes(FileCheck& check) {
  AttributeCheck(check, Attribute::size, check.verdict.sizes).run();
  AttributeCheck(check, Attribute::mtime, check.verdict.mtimes).run();
}

}  // namespace cachemodel
