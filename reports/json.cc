#include "reports/json.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "reports/limiting.h"
#include "reports/schemas.h"

namespace reports {
namespace {

using Json = nlohmann::ordered_json;

// Builds the document; counts the numbers that were not finite.
class Builder {
 public:
  Json result(const Result& r);

 private:
  Json phase(const PhaseResult& p);
  Json limit(const Limit& limit);
  Json per_ost(const PerOst& p);
  Json range(const OstRange& r);
  Json resources(const PhaseResult& p);
  Json group(const GroupResult& g);
  double finite(double value);

  std::size_t not_finite_ = 0;
};

double Builder::finite(double value) {
  if (std::isfinite(value)) {
    return value;
  }
  ++not_finite_;
  return 0;
}

Json tail(const Tail& t) {
  return {{"ranks", t.ranks},
          {"first_done", t.first_done.ns()},
          {"last_done", t.last_done.ns()},
          {"slowest_rank", t.slowest_rank},
          {"slowest_rank_time", t.slowest_rank_time.ns()}};
}

Json latency(const LatencySummary& l) {
  return {{"count", l.count},  {"mean", l.mean.ns()}, {"min", l.min.ns()},     {"p50", l.p50.ns()},
          {"p90", l.p90.ns()}, {"p99", l.p99.ns()},   {"p99_9", l.p99_9.ns()}, {"max", l.max.ns()}};
}

Json stages(const std::vector<StageTime>& list) {
  const auto total = total_time(list).seconds();
  Json out = Json::object();
  for (const StageTime& s : list) {
    const double share = total > 0 ? s.time.seconds() / total : 0;
    out[s.stage] = {{"time", s.time.ns()}, {"share", share}};
  }
  return out;
}

Json Builder::range(const OstRange& r) {
  return {{"min", finite(r.min)},
          {"max", finite(r.max)},
          {"min_ost", r.min_ost},
          {"max_ost", r.max_ost}};
}

Json Builder::per_ost(const PerOst& p) {
  return {{"osts", p.osts},
          {"bytes", range(p.bytes)},
          {"bandwidth", range(p.bandwidth)},
          {"utilisation", range(p.utilisation)},
          {"rpcs", range(p.rpcs)}};
}

Json Builder::resources(const PhaseResult& p) {
  Json out = Json::array();
  for (const ResourceUse& r : p.resources) {
    out.push_back({{"name", r.name},
                   {"kind", r.kind},
                   {"busy", finite(r.busy)},
                   {"mean_queue", finite(r.mean_queue)}});
  }
  return out;
}

Json Builder::limit(const Limit& limit) {
  switch (limit.kind) {
    case Limit::Kind::resource:
      return {{"kind", "resource"}, {"name", limit.name}, {"share", finite(limit.share)}};
    case Limit::Kind::latency_bound:
      return {{"kind", "latency_bound"}, {"name", limit.name}, {"share", finite(limit.share)}};
    case Limit::Kind::unknown:
      break;
  }
  return {{"kind", "unknown"}, {"name", ""}, {"share", 0.0}};
}

Json staleness(const ReadStaleness& s, std::uint64_t false_invalidations) {
  return {{"block_reads", s.reads},
          {"stale_block_reads", s.stale},
          {"stale_per_million", s.stale_per_million},
          {"undecided", s.undecided},
          {"age", {{"p50", s.age_p50.ns()}, {"p99", s.age_p99.ns()}, {"max", s.age_max.ns()}}},
          {"false_invalidations", false_invalidations}};
}

Json registers(const RegisterCoherence& c) {
  Json out = {{"reads", c.staleness.reads},
              {"stale", c.staleness.stale},
              {"stale_per_million", c.staleness.stale_per_million},
              {"undecided", c.staleness.undecided},
              {"impossible", c.impossible},
              {"guarantees", Json::object()}};
  for (const GuaranteeResult& g : c.guarantees) {
    out["guarantees"][g.name] = {
        {"held", g.violations == 0}, {"violations", g.violations}, {"undecided", g.undecided}};
  }
  return out;
}

Json coherence(const Coherence& c) {
  return {{"blocks", registers(c.blocks)},
          {"sizes", registers(c.sizes)},
          {"mtimes", registers(c.mtimes)},
          {"undecodable", c.undecodable},
          {"lost", c.lost},
          {"lost_after_fsync", c.lost_after_fsync},
          {"failed_writes", c.failed_writes},
          {"unknown_writes", c.unknown_writes},
          {"unknown_seen", c.unknown_seen},
          {"stories", c.stories}};
}

Json liveness(const Liveness& l) {
  Json recoveries = Json::array();
  for (const Recovery& r : l.recoveries) {
    recoveries.push_back({{"server", r.server},
                          {"start", r.start.ns()},
                          {"time", r.time.ns()},
                          {"clients", r.clients},
                          {"evicted", r.evicted},
                          {"replayed_requests", r.replayed_requests},
                          {"replayed_bytes", r.replayed_bytes},
                          {"replayed_locks", r.replayed_locks},
                          {"undone_requests", r.undone_requests}});
  }
  const auto sum = [&l](auto member) {
    std::uint64_t all = 0;
    for (const Recovery& r : l.recoveries) {
      all += r.*member;
    }
    return all;
  };
  sim::Duration longest;
  for (const Recovery& r : l.recoveries) {
    longest = std::max(longest, r.time);
  }
  return {{"evictions", l.evictions},
          {"reconnects", l.reconnects},
          {"callback_timeouts", l.callback_timeouts},
          {"lost_bytes", l.lost_bytes},
          {"unknown_bytes", l.unknown_bytes},
          {"lost_changes", l.lost_changes},
          {"leaked_locks", l.leaked_locks},
          {"messages_lost", l.messages_lost},
          {"most_unstable_bytes", l.most_unstable_bytes},
          {"recovery",
           {{"count", l.recoveries.size()},
            {"longest", longest.ns()},
            {"evicted", sum(&Recovery::evicted)},
            {"replayed_requests", sum(&Recovery::replayed_requests)},
            {"replayed_bytes", sum(&Recovery::replayed_bytes)},
            {"replayed_locks", sum(&Recovery::replayed_locks)},
            {"undone_requests", sum(&Recovery::undone_requests)}}},
          {"recoveries", std::move(recoveries)}};
}

Json Builder::group(const GroupResult& g) {
  Json out = {{"design", g.design},  {"clients", g.clients},
              {"bytes", g.bytes},    {"ops", g.ops},
              {"time", g.time.ns()}, {"bandwidth", bandwidth(g.bytes, g.time)},
              {"tail", tail(g.tail)}};
  if (g.coherence) {
    out["coherence"] = staleness(*g.coherence, g.false_invalidations);
  }
  return out;
}

Json Builder::phase(const PhaseResult& p) {
  Json out = {
      {"name", p.name},
      {"bytes", p.bytes},
      {"ops", p.ops},
      {"start", p.start.ns()},
      {"end", p.end.ns()},
      {"time", p.time().ns()},
      {"bandwidth", bandwidth(p.bytes, p.time())},
      {"tail", tail(p.tail)},
      {"limited_by", limit(p.limit)},
      {"latency", Json::object()},
      {"stages", {{"foreground", stages(p.foreground)}, {"background", stages(p.background)}}},
      {"rpcs", Json::object()},
      {"bulk_bytes", p.bulk_bytes},
      {"over_fetched_bytes", p.over_fetched_bytes},
      {"swapped_in_bytes", p.swapped_in_bytes},
      {"evicted_early_bytes", p.evicted_early_bytes},
      {"purges", p.purges},
      {"failed_purges", p.failed_purges}};
  for (const LatencySummary& l : p.latency) {
    out["latency"][l.op] = latency(l);
  }
  for (const RpcCount& r : p.rpcs) {
    out["rpcs"][r.opcode] = r.count;
  }
  if (p.per_ost) {
    out["per_ost"] = per_ost(*p.per_ost);
  }
  out["resources"] = resources(p);
  if (p.verification) {
    out["verification"] = {{"words_checked", p.verification->words_checked},
                           {"words_bad", p.verification->words_bad}};
  }
  if (p.coherence) {
    out["coherence"] = staleness(*p.coherence, p.false_invalidations);
  }
  out["groups"] = Json::object();
  for (const GroupResult& g : p.groups) {
    out["groups"][g.name] = group(g);
  }
  return out;
}

Json context(const Context& c) {
  return {{"tool", "stripelab"},
          {"version", c.version},
          {"scenario", c.scenario},
          {"scenario_hash", c.scenario_hash},
          {"hardware", c.hardware},
          {"seed", c.seed},
          {"world", c.world},
          {"events", c.events},
          {"digest", fmt::format("{:016x}", c.digest)}};
}

Json Builder::result(const Result& r) {
  Json out = {{"schema_version", kSchemaVersion},
              {"context", context(r.context)},
              {"phases", Json::array()},
              {"errors", r.errors},
              {"notes", r.notes}};
  for (const PhaseResult& p : r.phases) {
    out["phases"].push_back(phase(p));
  }
  if (r.coherence) {
    out["coherence"] = coherence(*r.coherence);
  }
  if (r.liveness) {
    out["liveness"] = liveness(*r.liveness);
  }
  if (not_finite_ > 0) {
    out["notes"].push_back(
        fmt::format("{} numbers were not finite and are written as 0", not_finite_));
  }
  out["host"] = {{"name", r.host.name},
                 {"cpus", r.host.cpus},
                 {"started", r.host.started},
                 {"wall_time", r.host.wall_time.ns()}};
  return out;
}

}  // namespace

std::string_view result_schema() {
  for (const EmbeddedFile& file : schemas()) {
    if (file.name == "result.schema.json") {
      return file.contents;
    }
  }
  sim::fail_check("result.schema.json is not in the binary");
}

nlohmann::ordered_json result_document(const Result& result) { return Builder().result(result); }

sim::Status write_json(const Result& result, std::ostream& out) {
  // Names come from outside (a scenario's name): bytes that are not UTF-8 are replaced.
  out << result_document(result).dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  if (!out.flush()) {
    return sim::Error{sim::Errc::io_error, "writing json failed: the stream takes no more bytes"};
  }
  return {};
}

}  // namespace reports
