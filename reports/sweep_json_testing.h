// What tests of sweeps share: checking a document against the published schemas.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "reports/json_testing.h"
#include "reports/sweep_json.h"

namespace reports {

// The faults the published schema of sweeps finds in `document`; empty when it is valid.
inline std::string sweep_schema_faults(const nlohmann::json& document) {
  const auto text = nlohmann::json::parse(sweep_schema());
  valijson::Schema schema;
  valijson::SchemaParser parser;
  // The only other document it refers to.
  const auto fetch = [](const std::string&) {
    return std::make_unique<nlohmann::json>(nlohmann::json::parse(result_schema())).release();
  };
  const auto free = [](const nlohmann::json* fetched) { delete fetched; };
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(text), schema, fetch, free);
  return validation_faults(schema, document);
}

}  // namespace reports
