#include "scenarios/read_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "scenarios/exact_units.h"
#include "scenarios/nearest.h"

namespace scenarios {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::string_view kOverridden = "-overridden";
constexpr std::size_t kLongestText = 64 * 1024;

bool is_name(std::string_view text) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  return !text.empty() && text.size() <= kLongestName &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

// A whole number from 1 that is all of `text`.
std::optional<std::uint32_t> positive(std::string_view text) {
  std::uint32_t n = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (failed != std::errc() || end != text.data() + text.size() || n == 0) {
    return std::nullopt;
  }
  return n;
}

std::optional<Ratio> parse_ratio(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const auto over = positive(text.substr(0, colon));
  const auto under = positive(text.substr(colon + 1));
  return over && under ? std::optional(Ratio{*over, *under}) : std::nullopt;
}

}  // namespace

std::string FieldReader::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void FieldReader::fault(std::string path, std::string message) const {
  state_.faults.add(state_.file, std::move(path), std::move(message));
}

void FieldReader::wrong(const std::string& path, const Json& found, std::string_view right) const {
  fault(path, fmt::format("found {}; {} would be right", shown(found), right));
}

const Json* FieldReader::take(std::string_view key) {
  known_.push_back(key);
  const auto at = object_.find(key);
  return at == object_.end() ? nullptr : &*at;
}

const std::string* FieldReader::take_text(std::string_view key, std::string_view right) {
  const Json* value = take(key);
  if (value == nullptr) {
    return nullptr;
  }
  const auto* text = value->get_ptr<const std::string*>();
  if (text == nullptr || text->size() > kLongestText) {
    wrong(path_of(key), *value, right);
    return nullptr;
  }
  return text;
}

const std::uint64_t* FieldReader::take_number(std::string_view key, Range range) {
  const Json* value = take(key);
  if (value == nullptr) {
    return nullptr;
  }
  const auto* number = value->get_ptr<const Json::number_unsigned_t*>();
  if (number == nullptr || *number < range.min || *number > range.max) {
    wrong(path_of(key), *value,
          range.min == range.max
              ? fmt::format("only {}", range.min)
              : fmt::format("a whole number from {} to {}", range.min, range.max));
    return nullptr;
  }
  return number;
}

std::size_t FieldReader::take_choice(const Json& value, const std::string& path,
                                     std::span<const std::string_view> names) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr) {
    wrong(path, value, fmt::format("one of {}", fmt::join(names, ", ")));
    return names.size();
  }
  const auto at = std::ranges::find(names, std::string_view(*text));
  if (at == names.end()) {
    fault(path, fmt::format("found {}; {}", shown(value), suggest(*text, names)));
  }
  return static_cast<std::size_t>(at - names.begin());
}

void FieldReader::require(std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (!object_.contains(key)) {
      fault(path_of(key), "missing, and there is no default");
    }
  }
}

void FieldReader::ignored(std::string_view key, std::string_view) { take_text(key, "a text"); }

void FieldReader::name(std::string_view key, std::string& field, std::string_view) {
  constexpr std::string_view kRight = "1 to 64 letters, digits, \"_\", \"-\" or \".\"";
  if (const std::string* text = take_text(key, kRight)) {
    if (is_name(*text)) {
      field = *text;
    } else {
      wrong(path_of(key), *text, kRight);
    }
  }
}

void FieldReader::text(std::string_view key, std::string& field, std::string_view) {
  if (const std::string* text = take_text(key, "a text of at most 64 KiB")) {
    field = *text;
  }
}

void FieldReader::path(std::string_view key, std::string& field, std::string_view doc) {
  text(key, field, doc);
}

void FieldReader::flag(std::string_view key, bool& field, std::string_view) {
  if (const Json* value = take(key)) {
    if (value->is_boolean()) {
      field = value->get<bool>();
    } else {
      wrong(path_of(key), *value, "true or false");
    }
  }
}

void FieldReader::seed(std::string_view key, std::uint64_t& field, std::string_view) {
  if (const auto* number = take_number(key, {0, std::numeric_limits<std::uint64_t>::max()})) {
    field = *number;
  }
}

void FieldReader::count(std::string_view key, std::uint32_t& field, Range range, std::string_view) {
  if (const auto* number = take_number(key, range)) {
    field = static_cast<std::uint32_t>(*number);
  }
}

void FieldReader::ratio(std::string_view key, Ratio& field, std::string_view) {
  if (const std::string* text = take_text(key, "a ratio such as \"2:1\"")) {
    if (const auto ratio = parse_ratio(*text)) {
      field = *ratio;
    } else {
      wrong(path_of(key), *text, "a ratio such as \"2:1\"");
    }
  }
}

void FieldReader::bytes(std::string_view key, sim::Bytes& field, Range range, std::string_view) {
  const std::string* text = take_text(key, "a size such as \"1MiB\"");
  if (text == nullptr) {
    return;
  }
  const auto size = sim::parse_bytes(*text);
  if (!size) {
    fault(path_of(key), size.error().message);
  } else if (*size < range.min || *size > range.max) {
    wrong(path_of(key), *text,
          fmt::format("{} to {}", exact_bytes(range.min), exact_bytes(range.max)));
  } else {
    field = *size;
  }
}

void FieldReader::duration(std::string_view key, sim::Duration& field, std::string_view) {
  const std::string* text = take_text(key, "a duration such as \"25us\"");
  if (text == nullptr) {
    return;
  }
  const auto duration = sim::parse_duration(*text);
  if (!duration) {
    fault(path_of(key), duration.error().message);
  } else if (*duration > kMaxDuration) {
    wrong(path_of(key), *text, fmt::format("at most {}", exact_duration(kMaxDuration)));
  } else {
    field = *duration;
  }
}

void FieldReader::rate(std::string_view key, sim::Rate& field, std::string_view) {
  const std::string* text = take_text(key, "a rate such as \"3GiB/s\" or \"100Gbit/s\"");
  if (text == nullptr) {
    return;
  }
  const auto rate = sim::parse_rate(*text);
  if (!rate) {
    fault(path_of(key), rate.error().message);
  } else if (!rate->unlimited() && *rate < kMinRate) {
    wrong(path_of(key), *text, fmt::format("at least {}", exact_rate(kMinRate)));
  } else {
    field = *rate;
  }
}

void FieldReader::use_preset(const std::string& name, const std::string& path, DesignSpec& field) {
  auto preset = design_preset(name);
  if (preset) {
    field = *std::move(preset);
  } else {
    fault(path, preset.error().message);
  }
}

void FieldReader::preset(DesignSpec& field, std::string_view) {
  if (const std::string* name = take_text("preset", "the name of a design")) {
    use_preset(*name, path_of("preset"), field);
  }
}

void FieldReader::design(std::string_view key, DesignSpec& field, std::string_view) {
  const Json* value = take(key);
  if (value == nullptr) {
    return;
  }
  if (const auto* name = value->get_ptr<const std::string*>()) {
    use_preset(*name, path_of(key), field);
  } else {
    read_object(*value, path_of(key), field, state_);
  }
}

void FieldReader::hardware_file(const std::string& name, const std::string& path,
                                HardwareSpec& field) {
  const auto source = state_.open(name, state_.directory);
  if (!source) {
    fault(path, source.error().message);
    return;
  }
  const auto json = parse_json(source->text, source->name);
  if (!json) {
    fault(path, json.error().message);
    return;
  }
  ReadState state{state_.faults, state_.open, source->name, source->directory};
  read_object(*json, "", field, state);
}

void FieldReader::hardware(std::string_view key, HardwareSpec& field, std::string_view) {
  const Json* value = take(key);
  if (value == nullptr) {
    return;
  }
  if (const auto* name = value->get_ptr<const std::string*>()) {
    hardware_file(*name, path_of(key), field);
  } else {
    read_object(*value, path_of(key), field, state_);
  }
}

void FieldReader::overrides(std::string_view key, HardwareSpec& field, std::string_view doc) {
  object(key, field, doc);
  const auto laid = object_.find(key);
  if (laid != object_.end() && laid->is_object() && !laid->empty() && !laid->contains("name")) {
    // What runs is no longer what the file's name stands for.
    field.name = field.name.substr(0, kLongestName - kOverridden.size()).append(kOverridden);
  }
}

void FieldReader::finish() {
  for (const auto& [key, value] : object_.items()) {
    if (std::ranges::find(known_, std::string_view(key)) == known_.end()) {
      fault(path_of(is_name(key) ? key : shown(Json(key))),
            fmt::format("unknown key; {}", suggest(key, known_)));
    }
  }
}

}  // namespace scenarios
