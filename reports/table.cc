#include "reports/table.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "reports/json.h"

namespace reports {
namespace {

using Json = nlohmann::ordered_json;
using Cell = std::function<std::string(const VariantResult&)>;

constexpr std::string_view kNothing = "-";

Column column(std::string title, bool number, const SweepResult& sweep, const Cell& cell) {
  Column made{std::move(title), number, {}};
  for (const VariantResult& variant : sweep.variants) {
    made.cells.push_back(cell(variant));
  }
  return made;
}

// Names of the phases of all variants, in the order in which they are met.
std::vector<std::string> phases_of(const SweepResult& sweep) {
  std::vector<std::string> names;
  for (const VariantResult& variant : sweep.variants) {
    for (const PhaseResult& phase : variant.result.phases) {
      if (std::ranges::find(names, phase.name) == names.end()) {
        names.push_back(phase.name);
      }
    }
  }
  return names;
}

const PhaseResult* phase_of(const VariantResult& variant, const std::string& name) {
  const auto phase = std::ranges::find(variant.result.phases, name, &PhaseResult::name);
  return phase == variant.result.phases.end() ? nullptr : &*phase;
}

bool moves_bytes(const SweepResult& sweep, const std::string& name) {
  return std::ranges::any_of(sweep.variants, [&name](const VariantResult& v) {
    const PhaseResult* phase = phase_of(v, name);
    return phase != nullptr && phase->bytes > 0;
  });
}

// Where phases move data, those that move none (removing files) say little beside them.
std::vector<std::string> main_phases(const SweepResult& sweep) {
  const std::vector<std::string> all = phases_of(sweep);
  std::vector<std::string> moving;
  std::ranges::copy_if(all, std::back_inserter(moving),
                       [&sweep](const std::string& name) { return moves_bytes(sweep, name); });
  return moving.empty() ? all : moving;
}

std::string speed_of(const PhaseResult* phase) {
  if (phase == nullptr) {
    return std::string(kNothing);
  }
  if (phase->bytes > 0) {
    return sim::format_rate(bandwidth(phase->bytes, phase->time()));
  }
  return fmt::format("{:.0f} ops/s", bandwidth(phase->ops, phase->time()));
}

bool any(std::string_view) { return true; }

// What servers send to clients of their own accord.
bool calls_back(std::string_view opcode) {
  return opcode.find("CALLBACK") != std::string_view::npos || opcode == "OPLOCK_BREAK";
}

// RPCs of such opcodes, in all phases.
std::optional<std::uint64_t> rpcs_of(const VariantResult& variant,
                                     bool (*wanted)(std::string_view)) {
  std::optional<std::uint64_t> all;
  for (const PhaseResult& phase : variant.result.phases) {
    for (const RpcCount& rpc : phase.rpcs) {
      if (wanted(rpc.opcode)) {
        all = all.value_or(0) + rpc.count;
      }
    }
  }
  return all;
}

// Whether each variant has one phase, of so many kinds that a column for each would be mostly
// empty: then one column does for them.
bool one_phase_each(const SweepResult& sweep, const std::vector<std::string>& phases) {
  return phases.size() > 3 && std::ranges::all_of(sweep.variants, [](const VariantResult& v) {
           return v.result.phases.size() == 1;
         });
}

const PhaseResult* only_phase(const VariantResult& variant) {
  return variant.result.phases.empty() ? nullptr : &variant.result.phases.front();
}

std::string limit_of(const PhaseResult* phase) {
  if (phase == nullptr || phase->limit.kind == Limit::Kind::unknown) {
    return std::string(kNothing);
  }
  return phase->limit.kind == Limit::Kind::resource ? phase->limit.name
                                                    : fmt::format("latency: {}", phase->limit.name);
}

std::string label_of(const VariantResult& variant, const std::string& axis) {
  const auto label = std::ranges::find(variant.labels, axis, &Label::axis);
  return label == variant.labels.end() ? std::string(kNothing) : label->text;
}

// A column of what only some runs tell of, left out where none does.
template <class T, class Find, class Format>
void add_if_any(std::vector<Column>& table, std::string title, const SweepResult& sweep, Find find,
                Format format) {
  std::vector<std::optional<T>> values;
  for (const VariantResult& variant : sweep.variants) {
    values.push_back(find(variant));
  }
  if (std::ranges::none_of(values, [](const auto& v) { return v.has_value(); })) {
    return;
  }
  Column made{std::move(title), true, {}};
  for (const std::optional<T>& value : values) {
    made.cells.push_back(value ? format(*value) : std::string(kNothing));
  }
  table.push_back(std::move(made));
}

// The checker's judgement, in runs that have one.
std::optional<std::uint64_t> stale_of(const VariantResult& variant) {
  const Json document = result_document(variant.result);
  const Json::json_pointer place("/coherence/blocks/stale_per_million");
  return document.contains(place) ? std::optional(document[place].get<std::uint64_t>())
                                  : std::nullopt;
}

// The oldest stale read of all phases; none where none was stale.
std::optional<sim::Duration> age_of(const VariantResult& variant) {
  const Json document = result_document(variant.result);
  std::optional<sim::Duration> oldest;
  for (const Json& phase : document["phases"]) {
    const Json::json_pointer place("/coherence/age/max");
    if (phase.contains(place)) {
      const sim::Duration age(phase[place].get<std::int64_t>());
      oldest = std::max(oldest.value_or(age), age);
    }
  }
  return oldest;
}

// Pages that caches gave up though the write that was the reason did not touch them.
std::optional<std::uint64_t> false_invalidations_of(const VariantResult& variant) {
  std::optional<std::uint64_t> all;
  for (const PhaseResult& phase : variant.result.phases) {
    if (phase.coherence) {
      all = all.value_or(0) + phase.false_invalidations;
    }
  }
  return all;
}

// What readers were promised and did not get, of the blocks they read.
std::optional<std::string> broken_of(const VariantResult& variant) {
  if (!variant.result.coherence) {
    return std::nullopt;
  }
  std::string broken;
  for (const GuaranteeResult& guarantee : variant.result.coherence->blocks.guarantees) {
    if (guarantee.violations > 0) {
      broken += fmt::format("{}{}", broken.empty() ? "" : ", ", guarantee.name);
    }
  }
  return broken.empty() ? std::string(kNothing) : broken;
}

std::string same(const std::string& text) { return text; }

std::string plain(std::uint64_t n) { return fmt::format("{}", n); }

}  // namespace

std::vector<Column> comparison(const SweepResult& sweep) {
  std::vector<Column> table;
  for (const std::string& axis : sweep.axes) {
    table.push_back(
        column(axis, false, sweep, [&axis](const VariantResult& v) { return label_of(v, axis); }));
  }
  const std::vector<std::string> phases = main_phases(sweep);
  const bool single = one_phase_each(sweep, phases);
  if (single) {
    table.push_back(column("bandwidth", true, sweep,
                           [](const VariantResult& v) { return speed_of(only_phase(v)); }));
  }
  for (const std::string& name : single ? std::vector<std::string>() : phases) {
    table.push_back(column(name, true, sweep, [&name](const VariantResult& v) {
      return speed_of(phase_of(v, name));
    }));
  }
  add_if_any<std::uint64_t>(table, "stale/million", sweep, stale_of, plain);
  add_if_any<sim::Duration>(table, "oldest stale", sweep, age_of, sim::format_duration);
  add_if_any<std::uint64_t>(
      table, "RPCs", sweep, [](const VariantResult& v) { return rpcs_of(v, any); }, plain);
  add_if_any<std::uint64_t>(
      table, "callbacks", sweep, [](const VariantResult& v) { return rpcs_of(v, calls_back); },
      plain);
  add_if_any<std::uint64_t>(table, "dropped in vain", sweep, false_invalidations_of, plain);
  add_if_any<std::string>(table, "broken", sweep, broken_of, same);
  if (single) {
    table.push_back(column("limited by", false, sweep,
                           [](const VariantResult& v) { return limit_of(only_phase(v)); }));
  }
  for (const std::string& name : single ? std::vector<std::string>() : phases) {
    table.push_back(column(name + " limited by", false, sweep, [&name](const VariantResult& v) {
      return limit_of(phase_of(v, name));
    }));
  }
  if (!sweep.ran()) {
    table.push_back(column("errors", true, sweep, [](const VariantResult& v) {
      return fmt::format("{}", v.result.errors.size());
    }));
  }
  return table;
}

}  // namespace reports
