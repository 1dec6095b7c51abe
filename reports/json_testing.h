// What tests of json results share: checking one against the published schema.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "reports/json.h"

namespace reports {

// The faults `schema` finds in `document`; empty when it is valid.
inline std::string validation_faults(const valijson::Schema& schema,
                                     const nlohmann::json& document) {
  valijson::Validator validator;
  valijson::ValidationResults results;
  validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), &results);
  std::string faults;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    for (const std::string& step : error.context) {
      faults += step;
    }
    faults += ": " + error.description + "\n";
  }
  return faults;
}

// The same by the published schema of results.
inline std::string schema_faults(const nlohmann::json& document) {
  const auto text = nlohmann::json::parse(result_schema());
  valijson::Schema schema;
  valijson::SchemaParser parser;
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(text), schema);
  return validation_faults(schema, document);
}

}  // namespace reports
