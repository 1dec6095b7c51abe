#include <fmt/core.h>

#include <algorithm>

#include "scenarios/read_fields.h"

namespace scenarios {
namespace {

constexpr std::string_view kCaseForm = "{\"label\": \"NAME\", \"set\": {\"PATH\": VALUE, ...}}";
constexpr std::size_t kLongestLabel = 128;

// A label stands in tables and between the brackets of thresholds.
bool is_label(std::string_view text) {
  const auto control = [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; };
  return !text.empty() && text.size() <= kLongestLabel && !std::ranges::any_of(text, control);
}

// How many variants the axes make; past the bound only that there are too many.
std::size_t product(const std::vector<Axis>& axes) {
  std::size_t all = 1;
  for (const Axis& axis : axes) {
    all = std::min(all * axis.choices.size(), kMostVariants + 1);
  }
  return all;
}

}  // namespace

void FieldReader::settings_case(const std::string& path, const Json& value, Choice& field) {
  const auto label = value.find("label");
  const auto set = value.find("set");
  if (value.size() != 2 || label == value.end() || set == value.end() || !label->is_string() ||
      !set->is_object()) {
    wrong(path, value, kCaseForm);
    return;
  }
  field.label = label->get<std::string>();
  if (!is_label(field.label)) {
    wrong(path + ".label", *label, "a text of 1 to 128 bytes on one line");
  }
  for (const auto& [target, chosen] : set->items()) {
    field.settings.push_back({target, chosen.dump()});
  }
}

void FieldReader::choice_of(const std::string& path, const std::string& axis, const Json& value,
                            Choice& field) {
  if (value.is_object() && (value.contains("label") || value.contains("set"))) {
    settings_case(path, value, field);
  } else {
    field.label = plain_label(value);
    field.settings = {{axis, value.dump()}};
  }
}

void FieldReader::axis(const std::string& path, const std::string& name, const Json& values,
                       Axis& field) {
  field.name = name;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string place = fmt::format("{}[{}]", path, i);
    Choice choice;
    choice_of(place, name, values[i], choice);
    if (std::ranges::find(field.choices, choice.label, &Choice::label) != field.choices.end()) {
      fault(place,
            fmt::format("the label \"{}\" belongs to an earlier value; give each its own: {}",
                        choice.label, kCaseForm));
    }
    field.choices.push_back(std::move(choice));
  }
}

void FieldReader::vary(std::string_view key, std::vector<Axis>& field, std::string_view) {
  const Json* value = take(key);
  if (value == nullptr) {
    return;
  }
  if (!value->is_object()) {
    wrong(path_of(key), *value, "an object of lists such as {\"layout\": [\"-c 1\", \"-c 8\"]}");
    return;
  }
  for (const auto& [name, values] : value->items()) {
    const std::string path = fmt::format("{}.{}", path_of(key), name);
    if (!is_label(name)) {
      wrong(path, name, "a path of 1 to 128 bytes such as clients[0].design");
    } else if (!values.is_array() || values.empty() || values.size() > kMostVariants) {
      wrong(path, values, fmt::format("a list [...] of 1 to {} values", kMostVariants));
    } else {
      axis(path, name, values, field.emplace_back());
    }
  }
  if (product(field) > kMostVariants) {
    fault(path_of(key), fmt::format("the lists make more than {} variants", kMostVariants));
  }
}

void FieldReader::thresholds(std::string_view key, std::vector<ThresholdSpec>& field,
                             std::string_view) {
  const Json* value = take(key);
  if (value == nullptr) {
    return;
  }
  if (!value->is_object()) {
    wrong(path_of(key), *value, "an object such as {\"read.bandwidth\": \">= 1GiB/s\"}");
    return;
  }
  for (const auto& [expression, bound] : value->items()) {
    const std::string path = fmt::format("{}.{}", path_of(key), expression);
    if (const auto* text = bound.get_ptr<const std::string*>()) {
      field.push_back({expression, *text});
    } else {
      wrong(path, bound, "a bound such as \">= 1.5\"");
    }
  }
}

}  // namespace scenarios
