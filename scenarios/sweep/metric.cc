#include "scenarios/sweep/metric.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/json.h"
#include "scenarios/nearest.h"

namespace scenarios {
namespace {

using Json = nlohmann::ordered_json;

// What is left of `rest` behind the step `key`; nothing when it does not begin with it.
std::optional<std::string_view> after(std::string_view rest, std::string_view key) {
  if (!rest.starts_with(key) || key.empty()) {
    return std::nullopt;
  }
  rest.remove_prefix(key.size());
  if (rest.empty()) {
    return rest;
  }
  return rest.front() == '.' ? std::optional(rest.substr(1)) : std::nullopt;
}

std::optional<reports::Unit> unit_called(std::string_view name) {
  using enum reports::Unit;
  for (const reports::Unit unit : {none, bytes, time, rate}) {
    if (reports::unit_name(unit) == name) {
      return unit;
    }
  }
  return std::nullopt;
}

const Json& published_schema() {
  static const Json kSchema = Json::parse(reports::result_schema());
  return kSchema;
}

// Looks a name up in the schema. Steps may hold dots themselves ("gateway.device"), so every way of
// reading the name is tried; the complaint is that of the way that came farthest.
class Lookup {
 public:
  Lookup(std::string_view name, const KnownNames& known)
      : name_(name), known_(known), schema_(published_schema()) {}

  std::optional<reports::Unit> find() {
    // A phase is called by its name alone.
    const Json& blocks = schema_["properties"];
    std::vector<std::string_view> begins;
    if (const auto phases = known_.find("phases"); phases != known_.end()) {
      begins.assign(phases->second.begin(), phases->second.end());
      for (const std::string_view phase : begins) {
        if (const auto behind = after(name_, phase)) {
          return in(blocks["phases"]["items"], *behind, "");
        }
      }
    }
    for (const auto& [key, block] : blocks.items()) {
      if (resolved(block).value("type", "") == "object") {
        begins.push_back(key);
      }
    }
    return properties(blocks, name_, std::move(begins));
  }
  const std::string& complaint() const { return complaint_; }

 private:
  std::optional<reports::Unit> in(const Json& given, std::string_view rest, std::string_view key) {
    const Json& node = resolved(given);
    if (node.contains("properties")) {
      return properties(node["properties"], rest, {});
    }
    if (const auto map = node.find("additionalProperties"); map != node.end()) {
      if (map->is_object()) {
        return named_parts(*map, rest, key);
      }
      return named_parts(*node["patternProperties"].begin(), rest, key);
    }
    if (node.contains("items") && resolved(node["items"]).contains("properties")) {
      return named_parts(node["items"], rest, key);
    }
    return number(node, rest);
  }

  // `suggested`: what to name instead of one that is not there; empty: all there are.
  std::optional<reports::Unit> properties(const Json& all, std::string_view rest,
                                          std::vector<std::string_view> suggested) {
    const bool any = suggested.empty();
    for (const auto& [key, value] : all.items()) {
      if (const auto behind = after(rest, key)) {
        return in(value, *behind, key);
      }
      if (any) {
        suggested.push_back(key);
      }
    }
    lacks(rest, suggested);
    return std::nullopt;
  }

  // The entries of a map or list, whose names are not the schema's.
  std::optional<reports::Unit> named_parts(const Json& entry, std::string_view rest,
                                           std::string_view key) {
    const auto names = known_.find(key);
    if (names == known_.end()) {
      for (auto dot = rest.find('.');; dot = rest.find('.', dot + 1)) {
        if (const auto behind = after(rest, rest.substr(0, dot))) {
          if (const auto unit = in(entry, *behind, "")) {
            return unit;
          }
        }
        if (dot == std::string_view::npos) {
          return std::nullopt;
        }
      }
    }
    for (const std::string& name : names->second) {
      if (const auto behind = after(rest, name)) {
        if (const auto unit = in(entry, *behind, "")) {
          return unit;
        }
      }
    }
    lacks(rest, {names->second.begin(), names->second.end()});
    return std::nullopt;
  }

  std::optional<reports::Unit> number(const Json& node, std::string_view rest) {
    const Json type = node.value("type", Json());
    if (!rest.empty() || (type != "integer" && type != "number")) {
      complain(rest, fmt::format("{} is {}", before(rest),
                                 rest.empty() ? "no number" : "a number and has no parts"));
      return std::nullopt;
    }
    return unit_called(node.value("$comment", "")).value_or(reports::Unit::none);
  }

  const Json& resolved(const Json& node) const {
    constexpr std::string_view kPrefix = "#/definitions/";
    const auto ref = node.find("$ref");
    return ref == node.end()
               ? node
               : schema_["definitions"][ref->get<std::string>().substr(kPrefix.size())];
  }

  // The name up to where `rest` begins.
  std::string before(std::string_view rest) const {
    std::string_view done = name_.substr(0, name_.size() - rest.size());
    done.remove_suffix(done.ends_with('.') ? 1 : 0);
    return done.empty() ? "a result" : fmt::format("\"{}\"", done);
  }
  void lacks(std::string_view rest, const std::vector<std::string_view>& keys) {
    if (rest.empty()) {
      complain(rest, fmt::format("{} is no number but has the parts {}", before(rest),
                                 fmt::join(keys, ", ")));
      return;
    }
    const std::string_view part = rest.substr(0, rest.find('.'));
    complain(rest, fmt::format("{} has no \"{}\"; {}", before(rest), part, suggest(part, keys)));
  }
  void complain(std::string_view rest, std::string complaint) {
    if (complaint_.empty() || rest.size() < least_left_) {
      complaint_ = std::move(complaint);
      least_left_ = rest.size();
    }
  }

  std::string_view name_;
  const KnownNames& known_;
  const Json& schema_;
  std::string complaint_;
  std::size_t least_left_ = 0;
};

// What a map leaves out because there was none of it.
bool leaves_out_zeros(std::string_view key) {
  return key == "rpcs" || key == "foreground" || key == "background";
}

std::optional<double> value_in(const Json& node, std::string_view rest, std::string_view key) {
  if (rest.empty()) {
    return node.is_number() ? std::optional(node.get<double>()) : std::nullopt;
  }
  if (node.is_array()) {
    for (const Json& item : node) {
      const std::string name = item.is_object() ? item.value("name", "") : "";
      const auto behind = after(rest, name);
      if (const auto value = behind ? value_in(item, *behind, "") : std::nullopt) {
        return value;
      }
    }
    return std::nullopt;
  }
  if (node.is_object()) {
    for (const auto& [part, value] : node.items()) {
      const auto behind = after(rest, part);
      if (const auto found = behind ? value_in(value, *behind, part) : std::nullopt) {
        return found;
      }
    }
    return leaves_out_zeros(key) ? std::optional(0.0) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

sim::Result<reports::Unit> metric_unit(std::string_view name, const KnownNames& known) {
  Lookup lookup(name, known);
  const auto unit = lookup.find();
  return unit ? sim::Result<reports::Unit>(*unit)
              : sim::Error{sim::Errc::invalid_argument,
                           fmt::format("\"{}\" is no metric: {}", name, lookup.complaint())};
}

std::optional<double> metric_value(const Json& result, std::string_view name) {
  const auto phases = result.find("phases");
  if (phases != result.end()) {
    if (const auto value = value_in(*phases, name, "phases")) {
      return value;
    }
  }
  return value_in(result, name, "");
}

}  // namespace scenarios
