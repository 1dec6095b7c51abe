#include "reports/sweep_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "reports/json.h"
#include "reports/schemas.h"

namespace reports {
namespace {

using Json = nlohmann::ordered_json;

Json value(const Verdict& verdict) {
  return verdict.value && std::isfinite(*verdict.value) ? Json(*verdict.value) : Json();
}

Json threshold(const ThresholdResult& t) {
  Json verdicts = Json::array();
  for (const Verdict& v : t.verdicts) {
    verdicts.push_back({{"variant", v.variant}, {"value", value(v)}, {"holds", v.holds}});
  }
  return {{"expression", t.expression},     {"bound", t.bound},
          {"unit", unit_name(t.unit)},      {"holds", t.holds()},
          {"value", value(t.telling())},    {"variant", t.telling().variant},
          {"verdicts", std::move(verdicts)}};
}

Json thresholds(const SweepResult& sweep) {
  Json all = Json::array();
  for (const ThresholdResult& t : sweep.thresholds) {
    all.push_back(threshold(t));
  }
  return all;
}

Json variant(const VariantResult& v) {
  Json labels = Json::object();
  for (const Label& label : v.labels) {
    labels[label.axis] = label.text;
  }
  return {{"variant", label_text(v.labels)},
          {"labels", std::move(labels)},
          {"result", result_document(v.result)}};
}

Json single(const SweepResult& sweep) {
  Json document = result_document(sweep.variants.front().result);
  if (!sweep.thresholds.empty()) {
    document["thresholds"] = thresholds(sweep);
  }
  return document;
}

Json several(const SweepResult& sweep) {
  Json variants = Json::array();
  for (const VariantResult& v : sweep.variants) {
    variants.push_back(variant(v));
  }
  return {{"schema_version", kSweepSchemaVersion},
          {"context",
           {{"tool", "stripelab"},
            {"version", sweep.version},
            {"scenario", sweep.scenario},
            {"axes", sweep.axes}}},
          {"variants", std::move(variants)},
          {"thresholds", thresholds(sweep)}};
}

// Names come from outside: bytes that are not UTF-8 are replaced.
std::string text_of(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

sim::Status flushed(std::ostream& out) {
  return out.flush() ? sim::Status()
                     : sim::Status(sim::Error{sim::Errc::io_error,
                                              "writing json failed: the stream takes no more "
                                              "bytes"});
}

}  // namespace

std::string_view sweep_schema() {
  for (const EmbeddedFile& file : schemas()) {
    if (file.name == "sweep.schema.json") {
      return file.contents;
    }
  }
  sim::fail_check("sweep.schema.json is not in the binary");
}

sim::Status write_sweep_json(const SweepResult& sweep, std::ostream& out) {
  out << text_of(sweep.varied() ? several(sweep) : single(sweep), 2);
  return flushed(out);
}

sim::Status write_sweep_lines(const SweepResult& sweep, std::ostream& out) {
  for (const VariantResult& v : sweep.variants) {
    out << text_of(variant(v), -1);
  }
  return flushed(out);
}

}  // namespace reports
