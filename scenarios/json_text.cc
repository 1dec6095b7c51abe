#include "scenarios/json_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace scenarios {
namespace {

// Builds the value while the parser walks the text. nlohmann's own builder would let the last of
// two equal keys win, which hides a mistake, and would throw on text that is not JSON.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return refuse("binary values are not JSON"); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override;
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& e) override;

  Json take() { return std::move(root_); }
  const std::string& reason() const { return reason_; }
  // Bytes read when the parser itself refused the text; a refusal of ours has no position.
  std::optional<std::size_t> position() const { return position_; }

 private:
  bool put(Json value);
  bool open(Json value);
  bool close() { return open_.pop_back(), true; }
  bool refuse(std::string reason) { return reason_ = std::move(reason), false; }

  Json root_;
  std::vector<Json*> open_;  // the containers around the place we are at
  std::string key_;
  std::string reason_;
  std::optional<std::size_t> position_;
};

bool Builder::put(Json value) {
  if (open_.empty()) {
    root_ = std::move(value);
  } else if (open_.back()->is_array()) {
    open_.back()->push_back(std::move(value));
  } else {
    (*open_.back())[key_] = std::move(value);
  }
  return true;
}

bool Builder::open(Json value) {
  if (open_.size() == kMaxDepth) {
    return refuse(fmt::format("values nest deeper than {} levels", kMaxDepth));
  }
  put(std::move(value));
  // Containers around this one do not move while it is open: only the innermost one grows.
  if (open_.empty()) {
    open_.push_back(&root_);
  } else {
    open_.push_back(open_.back()->is_array() ? &open_.back()->back() : &(*open_.back())[key_]);
  }
  return true;
}

bool Builder::key(string_t& value) {
  if (open_.back()->contains(value)) {
    return refuse(fmt::format("the key {} is given twice in one object", shown(value)));
  }
  if (open_.back()->size() == kMaxKeys) {
    return refuse(fmt::format("an object has more than {} keys", kMaxKeys));
  }
  key_ = std::move(value);
  return true;
}

bool Builder::parse_error(std::size_t position, const std::string& token,
                          const nlohmann::detail::exception& e) {
  position_ = position;
  // The library's sentence follows its own "[json.exception...] ... column N: ".
  std::string_view what = e.what();
  const auto colon = what.find(": ");
  what = colon == std::string_view::npos ? std::string_view(token) : what.substr(colon + 2);
  return refuse(fmt::format("not JSON: {}", what));
}

// "12:5" for the byte before `position`: lines and columns count from 1.
std::string line_and_column(std::string_view text, std::size_t position) {
  const std::string_view before = text.substr(0, std::min(position, text.size()));
  const auto line = 1 + std::ranges::count(before, '\n');
  const auto start = before.rfind('\n') + 1;  // npos + 1 is 0
  return fmt::format("{}:{}", line, std::max<std::size_t>(1, before.size() - start));
}

std::string dumped(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The first `limit` bytes of `text` and "...", never cut inside a UTF-8 sequence.
std::string shortened(std::string text, std::size_t limit) {
  if (text.size() > limit) {
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) {
      --limit;
    }
    text.resize(limit);
    text += "...";
  }
  return text;
}

}  // namespace

std::string shown(const Json& value, std::size_t limit) { return shortened(dumped(value), limit); }

std::string plain_label(const Json& value) {
  constexpr std::size_t kLongest = 60;
  const auto* text = value.get_ptr<const std::string*>();
  std::string label = text != nullptr && !text->empty() ? *text : dumped(value);
  std::ranges::replace_if(
      label, [](char c) { return c >= '\0' && c < ' '; }, ' ');
  return label.size() > kLongest ? shortened(std::move(label), kLongest - 3) : label;
}

sim::Result<Json> parse_json(std::string_view text, std::string_view name) {
  Builder builder;
  const bool ok = Json::sax_parse(text.begin(), text.end(), &builder,
                                  nlohmann::detail::input_format_t::json, true, true);
  if (ok) {
    return builder.take();
  }
  const std::string place =
      builder.position() ? ":" + line_and_column(text, *builder.position()) : std::string();
  return sim::Error{sim::Errc::invalid_argument,
                    fmt::format("{}{}: {}", name, place, builder.reason())};
}

}  // namespace scenarios
