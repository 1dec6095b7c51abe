#include "scenarios/settings.h"

#include <fmt/core.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "scenarios/library.h"
#include "scenarios/nearest.h"
#include "scenarios/spec_schema.h"

namespace scenarios {
namespace {

struct EveryEntry {};                                             // "[*]"
using Step = std::variant<std::string, std::size_t, EveryEntry>;  // a key, an index or all of them

constexpr std::string_view kEveryEntry = "[*]";

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

// "[12]" at the front of `text`, which is shortened by it.
std::optional<std::size_t> take_index(std::string_view& text) {
  std::size_t index = 0;
  const char* last = text.data() + text.size();
  const auto [end, failed] = std::from_chars(text.data() + 1, last, index);
  if (failed != std::errc() || end == last || *end != ']') {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return index;
}

// "clients[0].count" as its steps.
sim::Result<std::vector<Step>> parse_path(const std::string_view path) {
  std::vector<Step> steps;
  std::string_view rest = path;
  while (!rest.empty()) {
    if (rest.starts_with(kEveryEntry) && !steps.empty()) {
      steps.emplace_back(EveryEntry());
      rest.remove_prefix(kEveryEntry.size());
      continue;
    }
    if (rest.front() == '[' && !steps.empty()) {
      const auto index = take_index(rest);
      if (!index) {
        return refuse(fmt::format("\"{}\" has no number or * in its brackets", path));
      }
      steps.emplace_back(*index);
      continue;
    }
    if (!steps.empty()) {
      if (rest.front() != '.') {
        break;
      }
      rest.remove_prefix(1);
    }
    const std::string_view key = rest.substr(0, rest.find_first_of(".["));
    if (key.empty()) {
      break;
    }
    steps.emplace_back(std::string(key));
    rest.remove_prefix(key.size());
  }
  if (steps.empty() || !rest.empty() || path.ends_with('.')) {
    return refuse(fmt::format("\"{}\" is not a path such as clients[0].count", path));
  }
  return steps;
}

// The object form among what `schema` allows, or null.
const Json* object_form(const Json& schema) {
  if (schema.contains("properties")) {
    return &schema;
  }
  if (schema.contains("anyOf")) {
    for (const Json& form : schema["anyOf"]) {
      if (form.contains("properties")) {
        return &form;
      }
    }
  }
  return nullptr;
}

// Walks down the JSON and its schema together, to one place or, past a "[*]", to several.
class Walk {
 public:
  Walk(Json& root, const Json& schema) : at_{&root}, schema_(&schema) {}

  sim::Status step(const std::string& key);
  sim::Status step(std::size_t index);
  sim::Status step(EveryEntry);
  const std::vector<Json*>& places() const { return at_; }
  const Json& schema() const { return *schema_; }

 private:
  std::string here() const { return path_.empty() ? "a scenario" : path_; }
  sim::Status enter(Json*& at, const std::string& key, const Json& properties) const;
  bool in_list() const;

  std::vector<Json*> at_;
  const Json* schema_;
  std::string path_;
};

sim::Status Walk::step(const std::string& key) {
  const Json* form = object_form(*schema_);
  if (form == nullptr) {
    return refuse(fmt::format("{} has no parts, so no \"{}\"", here(), key));
  }
  const Json& properties = (*form)["properties"];
  if (!properties.contains(key)) {
    std::vector<std::string_view> known;
    for (const auto& [name, value] : properties.items()) {
      known.push_back(name);
    }
    return refuse(fmt::format("{} has no \"{}\"; {}", here(), key, suggest(key, known)));
  }
  for (Json*& at : at_) {
    if (const sim::Status entered = enter(at, key, properties); !entered) {
      return entered;
    }
  }
  schema_ = &properties[key];
  path_ += (path_.empty() ? "" : ".") + key;
  return {};
}

// Makes an object of what stands for one or is not there yet, and goes to its part.
sim::Status Walk::enter(Json*& at, const std::string& key, const Json& properties) const {
  if (at->is_string() && properties.contains("preset")) {
    *at = Json{{"preset", *at}};
  } else if (at->is_null() || (at->is_string() && at->get_ref<const std::string&>() == key)) {
    *at = Json::object();
  } else if (!at->is_object()) {
    const char* hint = path_ == "cluster.hardware"
                           ? "cluster.overrides lays values over a hardware file"
                           : "replace it as a whole";
    return refuse(fmt::format("{} is {}, which has no parts; {}", here(), shown(*at), hint));
  }
  at = &(*at)[key];
  return {};
}

bool Walk::in_list() const {
  return schema_->contains("items") &&
         std::ranges::all_of(at_, [](const Json* at) { return at->is_array(); });
}

sim::Status Walk::step(std::size_t index) {
  if (!in_list()) {
    return refuse(fmt::format("{} is no list, so it has no [{}]", here(), index));
  }
  for (Json*& at : at_) {
    if (index >= at->size()) {
      return refuse(fmt::format("{} has {} entries, the first being [0]; there is no [{}]", here(),
                                at->size(), index));
    }
    at = &(*at)[index];
  }
  schema_ = &(*schema_)["items"];
  path_ += fmt::format("[{}]", index);
  return {};
}

sim::Status Walk::step(EveryEntry) {
  if (!in_list()) {
    return refuse(fmt::format("{} is no list, so it has no {}", here(), kEveryEntry));
  }
  std::vector<Json*> entries;
  for (Json* at : at_) {
    for (Json& entry : *at) {
      entries.push_back(&entry);
    }
  }
  at_ = std::move(entries);
  schema_ = &(*schema_)["items"];
  path_ += kEveryEntry;
  return {};
}

// JSON or a bare word. No field takes JSON's null, so that is the word too: "null" names a device.
Json parse_value(std::string_view text) {
  auto json = parse_json(text, "");
  return json && !json->is_null() ? *std::move(json) : Json(text);
}

// Whether a text that `schema` describes is the path of a file.
bool names_file(const Json& schema, std::string_view text) {
  if (schema.contains("anyOf")) {
    for (const Json& form : schema["anyOf"]) {
      if (names_file(form, text)) {
        return true;
      }
    }
  }
  const std::string comment = schema.value("$comment", "");
  return comment == kPathComment || (comment == kNameOrPathComment && is_path(text));
}

// Makes the paths in `value` absolute, relative ones beginning in `directory`.
void anchor_paths(Json& value, const Json& schema, const std::filesystem::path& directory) {
  if (const auto* text = value.get_ptr<const std::string*>()) {
    if (!text->empty() && names_file(schema, *text)) {
      value = std::filesystem::absolute(directory / *text).lexically_normal().string();
    }
  } else if (value.is_array() && schema.contains("items")) {
    for (Json& item : value) {
      anchor_paths(item, schema["items"], directory);
    }
  } else if (const Json* form = value.is_object() ? object_form(schema) : nullptr) {
    const Json& properties = (*form)["properties"];
    for (const auto& [key, part] : value.items()) {
      if (properties.contains(key)) {
        anchor_paths(part, properties[key], directory);
      }
    }
  }
}

// Puts what `make` makes of the place's schema at `path`.
template <class Make>
sim::Status put(std::string_view path, Json& scenario, Make make) {
  const auto steps = parse_path(path);
  if (!steps) {
    return steps.error();
  }
  Json changed = scenario;
  const Json schema = scenario_schema();
  Walk walk(changed, schema);
  for (const Step& step : *steps) {
    const sim::Status status = std::visit([&walk](const auto& s) { return walk.step(s); }, step);
    if (!status) {
      return status;
    }
  }
  const Json value = make(walk.schema());
  for (Json* place : walk.places()) {
    *place = value;
  }
  scenario = std::move(changed);
  return {};
}

}  // namespace

sim::Status apply_setting(std::string_view setting, Json& scenario, std::string_view directory) {
  const auto equals = setting.find('=');
  if (equals == std::string_view::npos) {
    return refuse("there is no \"=\"; PATH=VALUE would be right");
  }
  return put(setting.substr(0, equals), scenario, [&](const Json& schema) {
    Json value = parse_value(setting.substr(equals + 1));
    anchor_paths(value, schema, directory);
    return value;
  });
}

sim::Status apply_value(std::string_view path, const Json& value, Json& scenario) {
  return put(path, scenario, [&value](const Json&) { return value; });
}

}  // namespace scenarios
