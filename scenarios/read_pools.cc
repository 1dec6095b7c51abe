#include <fmt/core.h>

#include "scenarios/read_fields.h"

namespace scenarios {
namespace {

// As Lustre's: at most 15 of them.
bool is_pool_name(std::string_view text) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  // With these a layout asks for something else than a pool.
  const bool reserved = text == "none" || text == "inherit" || text == "ignore";
  return !reserved && !text.empty() && text.size() <= 15 &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace

void FieldReader::pools(std::string_view key, PoolsSpec& field, std::string_view) {
  const Json* value = take(key);
  if (value == nullptr) {
    return;
  }
  if (!value->is_object()) {
    wrong(path_of(key), *value, "an object of pools such as {\"fast\": [0, 1]}");
    return;
  }
  for (const auto& [name, members] : value->items()) {
    const std::string path = path_of(key) + "." + name;
    if (is_pool_name(name)) {
      pool(path, name, members, field);
    } else {
      fault(path, fmt::format("the pool name \"{}\"; 1 to 15 letters, digits, \"_\" or \"-\" "
                              "would be right, and not none, inherit or ignore",
                              name));
    }
  }
}

void FieldReader::pool(const std::string& path, const std::string& name, const Json& value,
                       PoolsSpec& field) {
  constexpr std::uint64_t kMostOsts = 10'000;
  std::vector<std::uint32_t> osts;
  bool right = value.is_array() && !value.empty() && value.size() <= kMostOsts;
  for (std::size_t i = 0; right && i < value.size(); ++i) {
    const auto* ost = value[i].get_ptr<const Json::number_unsigned_t*>();
    right = ost != nullptr && *ost < kMostOsts;
    osts.push_back(right ? static_cast<std::uint32_t>(*ost) : 0);
  }
  if (right) {
    field[name] = std::move(osts);
  } else {
    wrong(path, value, "a list of the numbers of its OSTs such as [0, 1]");
  }
}

}  // namespace scenarios
