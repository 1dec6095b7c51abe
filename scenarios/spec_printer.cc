#include "scenarios/spec_printer.h"

#include <fmt/core.h>

#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "scenarios/exact_units.h"
#include "scenarios/json_text.h"
#include "scenarios/spec_fields.h"

namespace scenarios {
namespace {

// The walker that prints. A value outside its field's range stands for "not given" and is left out,
// as are empty texts.
class FieldPrinter {
 public:
  explicit FieldPrinter(Json& out) : out_(out) {}

  void require(std::initializer_list<std::string_view>) {}
  void ignored(std::string_view, std::string_view) {}
  void name(std::string_view key, std::string& field, std::string_view doc) {
    text(key, field, doc);
  }
  void text(std::string_view key, std::string& field, std::string_view) {
    if (!field.empty()) {
      put(key, field);
    }
  }
  void path(std::string_view key, std::string& field, std::string_view doc) {
    text(key, field, doc);
  }
  void flag(std::string_view key, bool& field, std::string_view) { put(key, field); }
  void seed(std::string_view key, std::uint64_t& field, std::string_view) { put(key, field); }
  void count(std::string_view key, std::uint32_t& field, Range range, std::string_view) {
    if (field >= range.min) {
      put(key, field);
    }
  }
  void ratio(std::string_view key, Ratio& field, std::string_view) {
    put(key, fmt::format("{}:{}", field.over, field.under));
  }
  void bytes(std::string_view key, sim::Bytes& field, Range, std::string_view) {
    put(key, exact_bytes(field));
  }
  void duration(std::string_view key, sim::Duration& field, std::string_view) {
    put(key, exact_duration(field));
  }
  void rate(std::string_view key, sim::Rate& field, std::string_view) {
    put(key, exact_rate(field));
  }
  template <class E>
  void choice(std::string_view key, E& field, std::span<const std::string_view> names,
              std::string_view) {
    put(key, names[static_cast<std::size_t>(field)]);
  }
  template <class T>
  void object(std::string_view key, T& field, std::string_view) {
    put(key, printed(field));
  }
  template <class T>
  void object(std::string_view key, std::optional<T>& field, std::string_view doc) {
    if (field) {
      object(key, *field, doc);
    }
  }
  template <class... Ts>
  void kind(std::string_view key, std::variant<Ts...>& field,
            std::span<const std::string_view> names, std::string_view) {
    const std::string name(names[field.index()]);
    put(key, {{name, std::visit([](auto& chosen) { return printed(chosen); }, field)}});
  }
  template <class T>
  void list(std::string_view key, std::vector<T>& field, Range, std::string_view) {
    Json items = Json::array();
    for (T& item : field) {
      items.push_back(printed(item));
    }
    if (!items.empty()) {
      put(key, std::move(items));
    }
  }
  void pools(std::string_view key, PoolsSpec& field, std::string_view) {
    if (!field.empty()) {
      put(key, field);
    }
  }
  void vary(std::string_view key, std::vector<Axis>& field, std::string_view) {
    Json axes = Json::object();
    for (const Axis& axis : field) {
      for (const Choice& choice : axis.choices) {
        axes[axis.name].push_back(printed_choice(axis, choice));
      }
    }
    if (!axes.empty()) {
      put(key, std::move(axes));
    }
  }
  void thresholds(std::string_view key, std::vector<ThresholdSpec>& field, std::string_view) {
    Json all = Json::object();
    for (const ThresholdSpec& threshold : field) {
      all[threshold.expression] = threshold.bound;
    }
    if (!all.empty()) {
      put(key, std::move(all));
    }
  }
  void preset(DesignSpec& field, std::string_view) { put("preset", field.preset); }
  void design(std::string_view key, DesignSpec& field, std::string_view doc) {
    object(key, field, doc);
  }
  void hardware(std::string_view key, HardwareSpec& field, std::string_view doc) {
    object(key, field, doc);
  }
  void overrides(std::string_view, HardwareSpec&, std::string_view) {}

  template <class T>
  static Json printed(T& target) {
    Json out = Json::object();
    FieldPrinter printer(out);
    fields(printer, target);
    return out;
  }

 private:
  static Json value_of(const Setting& setting) {
    const auto value = parse_json(setting.value, setting.path);
    sim::check(value.ok(), "a setting that was read is no JSON");
    return *value;
  }
  // The plain value where that reads back to the same choice.
  static Json printed_choice(const Axis& axis, const Choice& choice) {
    if (choice.settings.size() == 1 && choice.settings[0].path == axis.name) {
      Json value = value_of(choice.settings[0]);
      if (plain_label(value) == choice.label) {
        return value;
      }
    }
    Json set = Json::object();
    for (const Setting& setting : choice.settings) {
      set[setting.path] = value_of(setting);
    }
    return {{"label", choice.label}, {"set", std::move(set)}};
  }
  void put(std::string_view key, Json value) { out_[std::string(key)] = std::move(value); }

  Json& out_;
};

}  // namespace

std::string print_config(const Scenario& scenario) {
  Scenario copy = scenario;
  return FieldPrinter::printed(copy).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string scenario_hash(const Scenario& scenario) {
  Scenario unseeded = scenario;
  unseeded.seed = 0;
  unseeded.sweep = {};
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : print_config(unseeded)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace scenarios
