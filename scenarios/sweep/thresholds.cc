#include "scenarios/sweep/thresholds.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "reports/json.h"
#include "scenarios/sweep/known_names.h"

namespace scenarios {
namespace {

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

// What variants can measure, found out once for each and only if it is asked for.
class Names {
 public:
  explicit Names(const Sweep& sweep) : sweep_(sweep), known_(sweep.variants.size()) {}

  // The metric's unit in that variant.
  sim::Result<reports::Unit> unit(const std::string& metric, std::size_t variant) {
    auto& known = known_[variant];
    if (!known) {
      known = names_known(sweep_.variants[variant].scenario);
    }
    auto unit = metric_unit(metric, *known);
    const std::string label = sweep_.variants[variant].label();
    if (unit || label.empty()) {
      return unit;
    }
    return refuse(fmt::format("{} (in variant {})", unit.error().message, label));
  }

 private:
  const Sweep& sweep_;
  std::vector<std::optional<KnownNames>> known_;
};

// The variant with the labels that `term` names and otherwise those of `other`.
std::size_t partner(const Sweep& sweep, const MetricTerm& term, std::size_t other) {
  std::vector<reports::Label> wanted = sweep.variants[other].labels;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    wanted[i].text = term.pinned[i].value_or(wanted[i].text);
  }
  const auto at = std::ranges::find(sweep.variants, wanted, &Variant::labels);
  sim::check(at != sweep.variants.end(), "a sweep lacks a combination of its labels");
  return static_cast<std::size_t>(at - sweep.variants.begin());
}

std::vector<std::pair<std::size_t, std::size_t>> pairs_of(const Sweep& sweep,
                                                          const Expression& expression) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  const bool pair = expression.combination != Combination::value;
  for (std::size_t i = 0; i < sweep.variants.size(); ++i) {
    if (expression.first.selects(sweep.variants[i].labels)) {
      pairs.emplace_back(i, pair ? partner(sweep, expression.second, i) : i);
    }
  }
  return pairs;
}

sim::Result<reports::Unit> combined(Combination combination, reports::Unit first,
                                    reports::Unit second) {
  using reports::Unit;
  if (combination == Combination::ratio && first == second) {
    return Unit::none;
  }
  if (first == second || (combination == Combination::ratio && second == Unit::none)) {
    return first;
  }
  const auto named = [](Unit unit) {
    return unit == Unit::none ? std::string_view("a number") : reports::unit_name(unit);
  };
  return refuse(fmt::format("{} and {} do not go together; metrics of the same unit would be right",
                            named(first), named(second)));
}

sim::Result<reports::Unit> unit_of(const Threshold& threshold, Names& names) {
  const Expression& e = threshold.expression;
  auto unit = sim::Result<reports::Unit>(reports::Unit::none);
  for (const auto& [first, second] : threshold.pairs) {
    unit = names.unit(e.first.metric, first);
    if (unit && e.combination != Combination::value) {
      const auto other = names.unit(e.second.metric, second);
      unit = other ? combined(e.combination, *unit, *other) : other;
    }
    if (!unit) {
      return unit;
    }
  }
  return unit;
}

sim::Result<Threshold> understand(const ThresholdSpec& spec, const Sweep& sweep, Names& names) {
  auto expression = parse_expression(spec.expression, sweep.spec.axes);
  if (!expression) {
    return expression.error();
  }
  Threshold threshold{spec, std::move(*expression), {}, {}, {}};
  threshold.pairs = pairs_of(sweep, threshold.expression);
  const auto unit = unit_of(threshold, names);
  if (!unit) {
    return unit.error();
  }
  threshold.unit = *unit;
  const auto bound = parse_bound(spec.bound, *unit);
  if (!bound) {
    return bound.error();
  }
  threshold.bound = *bound;
  return threshold;
}

using Documents = std::vector<nlohmann::ordered_json>;

std::optional<double> value_of(const Expression& e, std::size_t first, std::size_t second,
                               const Documents& documents) {
  const auto a = metric_value(documents[first], e.first.metric);
  if (!a || e.combination == Combination::value) {
    return a;
  }
  const auto b = metric_value(documents[second], e.second.metric);
  if (!b || (e.combination == Combination::ratio && *b == 0)) {
    return std::nullopt;
  }
  return e.combination == Combination::ratio ? *a / *b : *a - *b;
}

reports::ThresholdResult judge_one(const Threshold& threshold, const Documents& documents,
                                   const std::vector<reports::VariantResult>& variants) {
  reports::ThresholdResult result;
  result.expression = threshold.spec.expression;
  result.bound = threshold.spec.bound;
  result.unit = threshold.unit;
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [first, second] : threshold.pairs) {
    reports::Verdict verdict;
    verdict.variant = reports::label_text(variants[first].labels);
    if (first != second) {
      verdict.variant += " / " + reports::label_text(variants[second].labels);
    }
    verdict.value = value_of(threshold.expression, first, second, documents);
    verdict.holds = verdict.value && threshold.bound.holds(*verdict.value);
    if (verdict.value && threshold.bound.margin(*verdict.value) < least) {
      least = threshold.bound.margin(*verdict.value);
      result.nearest = result.verdicts.size();
    }
    result.verdicts.push_back(std::move(verdict));
  }
  return result;
}

}  // namespace

std::vector<Threshold> understand_thresholds(const Sweep& sweep, Faults& faults) {
  Names names(sweep);
  std::vector<Threshold> thresholds;
  for (const ThresholdSpec& spec : sweep.spec.thresholds) {
    auto threshold = understand(spec, sweep, names);
    if (threshold) {
      thresholds.push_back(std::move(*threshold));
    } else {
      faults.add(sweep.file, "thresholds." + spec.expression, threshold.error().message);
    }
  }
  return thresholds;
}

std::vector<reports::ThresholdResult> judge(const std::vector<Threshold>& thresholds,
                                            const std::vector<reports::VariantResult>& variants) {
  Documents documents;
  for (const reports::VariantResult& variant : variants) {
    documents.push_back(reports::result_document(variant.result));
  }
  std::vector<reports::ThresholdResult> results;
  for (const Threshold& threshold : thresholds) {
    results.push_back(judge_one(threshold, documents, variants));
  }
  return results;
}

}  // namespace scenarios
