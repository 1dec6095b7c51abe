// The walker that reads: takes the fields of one struct from one JSON object. A key that is absent
// leaves its member as it is, so that reading a second object lays it over the first.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenarios/faults.h"
#include "scenarios/json_text.h"
#include "scenarios/library.h"
#include "scenarios/spec_fields.h"

namespace scenarios {

// What reading one file needs besides the JSON.
struct ReadState {
  Faults& faults;
  const OpenHardware& open;
  std::string file;       // for messages
  std::string directory;  // where relative paths begin
};

class FieldReader {
 public:
  // `object` and `state` outlive the reader. `path` is the object's place in the file.
  FieldReader(const Json& object, std::string path, ReadState& state)
      : object_(object), path_(std::move(path)), state_(state) {}

  void require(std::initializer_list<std::string_view> keys);
  void ignored(std::string_view key, std::string_view doc);
  void name(std::string_view key, std::string& field, std::string_view doc);
  void text(std::string_view key, std::string& field, std::string_view doc);
  void path(std::string_view key, std::string& field, std::string_view doc);
  void flag(std::string_view key, bool& field, std::string_view doc);
  void seed(std::string_view key, std::uint64_t& field, std::string_view doc);
  void count(std::string_view key, std::uint32_t& field, Range range, std::string_view doc);
  void ratio(std::string_view key, Ratio& field, std::string_view doc);
  void bytes(std::string_view key, sim::Bytes& field, Range range, std::string_view doc);
  void duration(std::string_view key, sim::Duration& field, std::string_view doc);
  void rate(std::string_view key, sim::Rate& field, std::string_view doc);
  template <class E>
  void choice(std::string_view key, E& field, std::span<const std::string_view> names,
              std::string_view doc);
  template <class T>
  void object(std::string_view key, T& field, std::string_view doc);
  template <class T>
  void object(std::string_view key, std::optional<T>& field, std::string_view doc);
  template <class... Ts>
  void kind(std::string_view key, std::variant<Ts...>& field,
            std::span<const std::string_view> names, std::string_view doc);
  template <class T>
  void list(std::string_view key, std::vector<T>& field, Range length, std::string_view doc);
  void pools(std::string_view key, PoolsSpec& field, std::string_view doc);
  void vary(std::string_view key, std::vector<Axis>& field, std::string_view doc);
  void thresholds(std::string_view key, std::vector<ThresholdSpec>& field, std::string_view doc);
  void preset(DesignSpec& field, std::string_view doc);
  void design(std::string_view key, DesignSpec& field, std::string_view doc);
  void hardware(std::string_view key, HardwareSpec& field, std::string_view doc);
  void overrides(std::string_view key, HardwareSpec& field, std::string_view doc);

  // Refuses the keys no field asked for. The last call.
  void finish();

  std::string path_of(std::string_view key) const;

 private:
  // The value of `key`, or null when absent. Every field goes through here, which is how the reader
  // learns the known keys.
  const Json* take(std::string_view key);
  // The text of `key`, or null when absent or not a text (a fault then).
  const std::string* take_text(std::string_view key, std::string_view right);
  const std::uint64_t* take_number(std::string_view key, Range range);
  // Index of the chosen name; names.size() when absent or unknown (a fault then).
  std::size_t take_choice(const Json& value, const std::string& path,
                          std::span<const std::string_view> names);
  void fault(std::string path, std::string message) const;
  void wrong(const std::string& path, const Json& found, std::string_view right) const;
  void pool(const std::string& path, const std::string& name, const Json& value, PoolsSpec& field);
  void axis(const std::string& path, const std::string& name, const Json& values, Axis& field);
  void choice_of(const std::string& path, const std::string& axis, const Json& value,
                 Choice& field);
  void settings_case(const std::string& path, const Json& value, Choice& field);
  void use_preset(const std::string& name, const std::string& path, DesignSpec& field);
  void hardware_file(const std::string& name, const std::string& path, HardwareSpec& field);

  const Json& object_;
  std::string path_;
  ReadState& state_;
  std::vector<std::string_view> known_;
};

// Reads `value`, which must be an object, into `target`.
template <class T>
void read_object(const Json& value, const std::string& path, T& target, ReadState& state) {
  if (!value.is_object()) {
    state.faults.add(state.file, path,
                     "found " + shown(value) + "; an object {...} would be right");
    return;
  }
  FieldReader reader(value, path, state);
  fields(reader, target);
  reader.finish();
}

template <class E>
void FieldReader::choice(std::string_view key, E& field, std::span<const std::string_view> names,
                         std::string_view) {
  if (const Json* value = take(key)) {
    const std::size_t index = take_choice(*value, path_of(key), names);
    if (index < names.size()) {
      field = static_cast<E>(index);
    }
  }
}

template <class T>
void FieldReader::object(std::string_view key, T& field, std::string_view) {
  if (const Json* value = take(key)) {
    read_object(*value, path_of(key), field, state_);
  }
}

template <class T>
void FieldReader::object(std::string_view key, std::optional<T>& field, std::string_view) {
  if (const Json* value = take(key)) {
    field = field.value_or(T());
    read_object(*value, path_of(key), *field, state_);
  }
}

template <class... Ts>
void FieldReader::kind(std::string_view key, std::variant<Ts...>& field,
                       std::span<const std::string_view> names, std::string_view) {
  const Json* value = take(key);
  if (value == nullptr) {
    return;
  }
  const bool nested = value->is_object() && value->size() == 1;
  const Json chosen = nested ? Json(value->begin().key()) : *value;
  const std::size_t index = take_choice(chosen, path_of(key), names);
  // The alternative chosen: kept when it is there already, so that it can be overridden in part.
  std::size_t i = 0;
  const auto read = [&]<class T>(T fresh) {
    if (i++ != index) {
      return;
    }
    if (!std::holds_alternative<T>(field)) {
      field = std::move(fresh);
    }
    if (nested) {
      const std::string path = path_of(key) + "." + std::string(names[index]);
      read_object(*value->begin(), path, std::get<T>(field), state_);
    }
  };
  (read(Ts{}), ...);
}

template <class T>
void FieldReader::list(std::string_view key, std::vector<T>& field, Range length,
                       std::string_view) {
  const Json* value = take(key);
  if (value == nullptr) {
    return;
  }
  if (!value->is_array() || value->size() < length.min || value->size() > length.max) {
    wrong(path_of(key), *value,
          "a list [...] of " + std::to_string(length.min) + " to " + std::to_string(length.max));
    return;
  }
  field.assign(value->size(), T{});
  for (std::size_t i = 0; i < field.size(); ++i) {
    read_object((*value)[i], path_of(key) + "[" + std::to_string(i) + "]", field[i], state_);
  }
}

}  // namespace scenarios
