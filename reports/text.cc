#include "reports/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "reports/coherence_text.h"
#include "reports/limiting.h"
#include "reports/text_line.h"

namespace reports {
namespace {

std::string percent(double share) { return fmt::format("{:.1f} %", share * 100); }

// "1 rank", "4 ranks".
std::string counted(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

// The entries that are shown.
template <class T>
std::span<const T> head(const std::vector<T>& list) {
  return std::span(list).first(std::min(list.size(), kListShown));
}

// Of a phase that moved nothing the speed is that of its operations.
std::string headline(const PhaseResult& p) {
  if (p.bytes == 0) {
    const double seconds = p.time().seconds();
    const double rate = seconds > 0 ? static_cast<double>(p.ops) / seconds : 0;
    return fmt::format("\n{:<9} {} op/s   {} in {} by {}\n", p.name,
                       grouped(static_cast<std::uint64_t>(rate + 0.5)), counted(p.ops, "op"),
                       sim::format_duration(p.time()), counted(p.tail.ranks, "rank"));
  }
  return fmt::format("\n{:<9} {}   {} in {}, {} by {}\n", p.name,
                     sim::format_rate(bandwidth(p.bytes, p.time())), sim::format_bytes(p.bytes),
                     sim::format_duration(p.time()), counted(p.ops, "op"),
                     counted(p.tail.ranks, "rank"));
}

std::string tail(const PhaseResult& p) {
  if (p.tail.ranks == 0) {
    return {};
  }
  return line("tail", fmt::format("first done {}, last done {}; slowest is rank {} with {}",
                                  sim::format_duration(p.tail.first_done),
                                  sim::format_duration(p.tail.last_done), p.tail.slowest_rank,
                                  sim::format_duration(p.tail.slowest_rank_time)));
}

std::string limited_by(const Limit& limit) {
  switch (limit.kind) {
    case Limit::Kind::resource:
      return line("limited by", fmt::format("{}, {} busy", limit.name, percent(limit.share)));
    case Limit::Kind::latency_bound:
      return line("limited by", fmt::format("latency: no resource is {:.0f} % busy; the largest "
                                            "stage is {}, {}",
                                            kBusyEnough * 100, limit.name, percent(limit.share)));
    case Limit::Kind::unknown:
      break;
  }
  return {};
}

// Stages by share, largest first; equal ones in the order of the record.
std::string stages(std::string_view label, std::vector<StageTime> list) {
  const sim::Duration total = total_time(list);
  if (total.ns() <= 0) {
    return {};
  }
  std::ranges::stable_sort(list, std::greater<>(), &StageTime::time);
  std::string text;
  sim::Duration shown;
  for (const StageTime& s : head(list)) {
    if (s.time.ns() > 0) {
      text += fmt::format("{} {}  ", s.stage, percent(s.time.seconds() / total.seconds()));
      shown += s.time;
    }
  }
  if (shown < total) {
    text += fmt::format("others {}  ", percent((total - shown).seconds() / total.seconds()));
  }
  return line(label, text + fmt::format("of {}", sim::format_duration(total)));
}

std::string latencies(const PhaseResult& p) {
  std::string text;
  for (const LatencySummary& l : p.latency) {
    text += line(text.empty() ? "latency" : "",
                 fmt::format("{:<6} mean {}, min {}, p50 {}, p90 {}, p99 {}, p99.9 {}, max {}",
                             l.op, sim::format_duration(l.mean), sim::format_duration(l.min),
                             sim::format_duration(l.p50), sim::format_duration(l.p90),
                             sim::format_duration(l.p99), sim::format_duration(l.p99_9),
                             sim::format_duration(l.max)));
  }
  return text;
}

std::string per_ost(const PerOst& p) {
  const auto whole = [](double value) { return static_cast<std::uint64_t>(value + 0.5); };
  std::string text =
      line("per OST",
           fmt::format("bandwidth [{}, {}]  busy [{}, {}]  bytes [{}, {}]  RPCs [{}, {}]",
                       sim::format_rate(p.bandwidth.min), sim::format_rate(p.bandwidth.max),
                       percent(p.utilisation.min), percent(p.utilisation.max),
                       sim::format_bytes(whole(p.bytes.min)), sim::format_bytes(whole(p.bytes.max)),
                       grouped(whole(p.rpcs.min)), grouped(whole(p.rpcs.max))));
  if (p.bandwidth.min < p.bandwidth.max) {
    text += line("", fmt::format("slowest OST {}, fastest OST {}, of {}", p.bandwidth.min_ost,
                                 p.bandwidth.max_ost, p.osts));
  }
  return text;
}

std::string rpcs(const PhaseResult& p) {
  std::vector<RpcCount> list = p.rpcs;
  std::ranges::stable_sort(list, std::greater<>(), &RpcCount::count);
  std::string text;
  for (const RpcCount& r : head(list)) {
    text += fmt::format("{} {}  ", grouped(r.count), r.opcode);
  }
  if (list.size() > kListShown) {
    text += fmt::format("and {}  ", counted(list.size() - kListShown, "other kind"));
  }
  text += fmt::format("bulk {}", sim::format_bytes(p.bulk_bytes));
  if (p.over_fetched_bytes > 0) {
    text += fmt::format("  over-fetched {}", sim::format_bytes(p.over_fetched_bytes));
  }
  if (p.swapped_in_bytes > 0) {
    text += fmt::format("  swapped in {}", sim::format_bytes(p.swapped_in_bytes));
  }
  if (p.evicted_early_bytes > 0) {
    text += fmt::format("  evicted early {}", sim::format_bytes(p.evicted_early_bytes));
  }
  if (p.purges > 0 && !p.coherence) {
    text += "  " + purges_text(p);
  }
  return line("RPCs", text);
}

std::string groups(const PhaseResult& p) {
  std::string text;
  if (p.groups.size() < 2) {
    return text;
  }
  for (const GroupResult& g : p.groups) {
    const std::string stale =
        g.coherence ? ", " + grouped(g.coherence->stale_per_million) + " per million reads stale"
                    : "";
    text += line(
        text.empty() ? "groups" : "",
        fmt::format("{} ({}, {}): {}, {}, last done {}{}", g.name, g.design,
                    counted(g.clients, "client"), sim::format_rate(bandwidth(g.bytes, g.time)),
                    sim::format_bytes(g.bytes), sim::format_duration(g.tail.last_done), stale));
  }
  return text;
}

std::string verification(const Verification& v) {
  return line("verified", v.words_bad == 0
                              ? fmt::format("{} words, all good", grouped(v.words_checked))
                              : fmt::format("{} of {} words are BAD", grouped(v.words_bad),
                                            grouped(v.words_checked)));
}

std::string phase(const PhaseResult& p) {
  std::string text = headline(p) + tail(p) + limited_by(p.limit) +
                     stages("time goes", p.foreground) + stages("background", p.background) +
                     latencies(p);
  if (p.per_ost) {
    text += per_ost(*p.per_ost);
  }
  text += rpcs(p) + groups(p);
  if (p.verification) {
    text += verification(*p.verification);
  }
  if (p.coherence) {
    text += staleness_text(*p.coherence, p);
  }
  return text;
}

std::string sentences(std::string_view label, const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& s : head(list)) {
    text += fmt::format("{}: {}\n", label, s);
  }
  if (list.size() > kListShown) {
    text += fmt::format("{}: and {} more\n", label, list.size() - kListShown);
  }
  return text.empty() ? text : fmt::format("\n{}", text);
}

std::string host(const Result& r) {
  std::string text =
      fmt::format("\n{} events, digest {:016x}", grouped(r.context.events), r.context.digest);
  if (!r.host.name.empty()) {
    text += fmt::format("; {} on {} ({})", sim::format_duration(r.host.wall_time), r.host.name,
                        counted(r.host.cpus, "cpu"));
  }
  return text + "\n";
}

}  // namespace

sim::Status write_text(const Result& result, std::ostream& out) {
  const Context& c = result.context;
  out << fmt::format("{}: {} world, hardware {}, seed {}, scenario {}, stripelab {}\n", c.scenario,
                     c.world, c.hardware, c.seed, c.scenario_hash, c.version);
  for (const PhaseResult& p : result.phases) {
    out << phase(p);
  }
  if (result.coherence) {
    out << coherence_text(*result.coherence);
  }
  if (result.liveness) {
    out << liveness_text(*result.liveness);
  }
  out << sentences("error", result.errors) << sentences("note", result.notes) << host(result);
  if (!out.flush()) {
    return sim::Error{sim::Errc::io_error, "writing text failed: the stream takes no more bytes"};
  }
  return {};
}

}  // namespace reports
