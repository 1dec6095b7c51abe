#include "scenarios/spec_schema.h"

#include <fmt/core.h>

#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "scenarios/spec_fields.h"

namespace scenarios {
namespace {

constexpr std::string_view kNumber = R"(^\s*(\d+\.?\d*|\.\d+)\s*)";
constexpr std::string_view kByteUnit = "([KMGTP]i?B|kB|B)";
constexpr std::string_view kTimeUnit = "(ns|us|ms|s|min|h)";
constexpr std::string_view kBitUnit = "[kMGT]?bit";

// The walker that describes. What the members hold does not matter to it.
class FieldSchema {
 public:
  void require(std::initializer_list<std::string_view> keys) { required_ = keys; }
  void ignored(std::string_view key, std::string_view doc) { put(key, {{"type", "string"}}, doc); }
  void name(std::string_view key, std::string&, std::string_view doc) {
    put(key, {{"type", "string"}, {"pattern", "^[A-Za-z0-9_.-]{1,64}$"}}, doc);
  }
  void text(std::string_view key, std::string&, std::string_view doc) {
    put(key, {{"type", "string"}}, doc);
  }
  void path(std::string_view key, std::string&, std::string_view doc) {
    put(key, {{"type", "string"}, {"$comment", kPathComment}}, doc);
  }
  void flag(std::string_view key, bool&, std::string_view doc) {
    put(key, {{"type", "boolean"}}, doc);
  }
  void seed(std::string_view key, std::uint64_t&, std::string_view doc) {
    put(key, {{"type", "integer"}, {"minimum", 0u}}, doc);
  }
  void count(std::string_view key, std::uint32_t&, Range range, std::string_view doc) {
    put(key, {{"type", "integer"}, {"minimum", range.min}, {"maximum", range.max}}, doc);
  }
  void ratio(std::string_view key, Ratio&, std::string_view doc) {
    quantity(key, R"(^0*[1-9]\d*:0*[1-9]\d*$)", doc);
  }
  void bytes(std::string_view key, sim::Bytes&, Range, std::string_view doc) {
    quantity(key, fmt::format("{}{}\\s*$", kNumber, kByteUnit), doc);
  }
  void duration(std::string_view key, sim::Duration&, std::string_view doc) {
    quantity(key, fmt::format("{}{}\\s*$", kNumber, kTimeUnit), doc);
  }
  void rate(std::string_view key, sim::Rate&, std::string_view doc) {
    quantity(key, fmt::format("{}({}|{})/s\\s*$|^\\s*unlimited\\s*$", kNumber, kByteUnit, kBitUnit),
             doc);
  }
  template <class E>
  void choice(std::string_view key, E&, std::span<const std::string_view> names,
              std::string_view doc) {
    put(key, {{"enum", names}}, doc);
  }
  template <class T>
  void object(std::string_view key, T& field, std::string_view doc) {
    put(key, described(field), doc);
  }
  template <class T>
  void object(std::string_view key, std::optional<T>&, std::string_view doc) {
    T there;
    object(key, there, doc);
  }
  template <class... Ts>
  void kind(std::string_view key, std::variant<Ts...>&, std::span<const std::string_view> names,
            std::string_view doc);
  template <class T>
  void list(std::string_view key, std::vector<T>&, Range length, std::string_view doc) {
    T item;
    put(key,
        {{"type", "array"},
         {"minItems", length.min},
         {"maxItems", length.max},
         {"items", described(item)}},
        doc);
  }
  void pools(std::string_view key, PoolsSpec&, std::string_view doc) {
    const Json members = {{"type", "array"},
                          {"minItems", 1u},
                          {"uniqueItems", true},
                          {"items", {{"type", "integer"}, {"minimum", 0u}}}};
    put(key,
        {{"type", "object"},
         {"propertyNames", {{"pattern", "^[A-Za-z0-9_-]{1,15}$"}}},
         {"additionalProperties", members}},
        doc);
  }
  void vary(std::string_view key, std::vector<Axis>&, std::string_view doc) {
    const Json values = {{"type", "array"}, {"minItems", 1u}, {"maxItems", kMostVariants}};
    put(key, {{"type", "object"}, {"additionalProperties", values}}, doc);
  }
  void thresholds(std::string_view key, std::vector<ThresholdSpec>&, std::string_view doc) {
    put(key, {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}}, doc);
  }
  void preset(DesignSpec&, std::string_view doc) { put("preset", {{"enum", preset_names()}}, doc); }
  void design(std::string_view key, DesignSpec& field, std::string_view doc) {
    put(key, {{"anyOf", Json::array({{{"enum", preset_names()}}, described(field)})}}, doc);
  }
  void hardware(std::string_view key, HardwareSpec& field, std::string_view doc) {
    put(key,
        {{"anyOf",
          Json::array({{{"type", "string"}, {"$comment", kNameOrPathComment}}, described(field)})}},
        doc);
  }
  void overrides(std::string_view key, HardwareSpec& field, std::string_view doc) {
    object(key, field, doc);
  }

  // The schema of an object with T's fields.
  template <class T>
  static Json described(T& target) {
    FieldSchema schema;
    fields(schema, target);
    Json out = {{"type", "object"}, {"additionalProperties", false}};
    if (!schema.required_.empty()) {
      out["required"] = schema.required_;
    }
    out["properties"] = std::move(schema.properties_);
    return out;
  }

 private:
  static Json preset_names() {
    Json names = Json::array();
    for (const DesignPreset& preset : design_presets()) {
      names.push_back(preset.name);
    }
    return names;
  }
  void quantity(std::string_view key, std::string_view pattern, std::string_view doc) {
    put(key, {{"type", "string"}, {"pattern", pattern}}, doc);
  }
  void put(std::string_view key, Json schema, std::string_view doc) {
    Json property = {{"description", doc}};
    property.update(schema);
    properties_[std::string(key)] = std::move(property);
  }

  Json properties_ = Json::object();
  std::vector<std::string_view> required_;
};

template <class... Ts>
void FieldSchema::kind(std::string_view key, std::variant<Ts...>&,
                       std::span<const std::string_view> names, std::string_view doc) {
  Json alternatives = Json::object();
  std::size_t i = 0;
  const auto add = [&]<class T>(T chosen) {
    alternatives[std::string(names[i++])] = described(chosen);
  };
  (add(Ts{}), ...);
  const Json nested = {{"type", "object"},
                       {"additionalProperties", false},
                       {"minProperties", 1u},
                       {"maxProperties", 1u},
                       {"properties", std::move(alternatives)}};
  put(key, {{"anyOf", Json::array({{{"enum", names}}, nested})}}, doc);
}

template <class T>
Json document(std::string_view title, T target) {
  Json out = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title}};
  out.update(FieldSchema::described(target));
  return out;
}

}  // namespace

Json scenario_schema() { return document("stripelab scenario", Scenario()); }
Json hardware_schema() { return document("stripelab hardware", HardwareSpec()); }

std::string schema_text(const Json& schema) { return schema.dump(1) + "\n"; }

}  // namespace scenarios
