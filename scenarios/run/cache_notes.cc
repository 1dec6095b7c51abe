#include "scenarios/run/cache_notes.h"

#include <fmt/core.h>

#include <algorithm>

namespace scenarios {
namespace {

bool only_reads(const reports::PhaseResult& phase) {
  const auto has = [&](std::string_view op) {
    return std::ranges::find(phase.latency, op, &reports::LatencySummary::op) !=
           phase.latency.end();
  };
  return has("read") && !has("write") && phase.bytes > 0;
}

double percent(sim::Bytes part, sim::Bytes whole) {
  return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::vector<std::string> cache_notes(const reports::PhaseResult& phase,
                                     const Meter::Period& period) {
  std::vector<std::string> notes;
  if (!only_reads(phase)) {
    return notes;
  }
  const sim::Bytes fetched = period.end.fetched - period.begin.fetched;
  if (fetched < phase.bytes - phase.bytes / 2) {
    notes.push_back(fmt::format(
        "{}: {:.0f} % of what was read came from the clients' own page caches, at the speed of "
        "memory; read from another node (IOR: -C on several) or with direct_io to see the servers",
        phase.name, percent(phase.bytes - fetched, phase.bytes)));
  }
  const sim::Bytes hits = period.end.oss_cache.hits - period.begin.oss_cache.hits;
  const sim::Bytes looked_up = hits + period.end.oss_cache.misses - period.begin.oss_cache.misses;
  if (hits > looked_up / 2 && hits > phase.bytes / 2) {
    notes.push_back(fmt::format(
        "{}: {:.0f} % of what the OSTs read was in the page caches of their servers; read more "
        "than those hold (oss.page_cache.size) to see the devices",
        phase.name, percent(hits, looked_up)));
  }
  return notes;
}

}  // namespace scenarios
