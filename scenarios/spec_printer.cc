#include "scenarios/spec_printer.h"

#include <fmt/format.h>

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
    put(key, std::move(items));
  }
  void pools(std::string_view key, PoolsSpec& field, std::string_view) {
    if (!field.empty()) {
      put(key, field);
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
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : print_config(unseeded)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace scenarios
