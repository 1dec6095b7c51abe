#include "transport/codec.h"

#include <fmt/core.h>

namespace transport {

void Writer::overwrite(std::size_t at, std::uint32_t value) {
  sim::check(at + sizeof(value) <= bytes_.size(), "an overwritten field was never written");
  boost::endian::store_little_u32(pointer(at), value);
}

void Writer::put(const std::string& value) {
  store_count(value.size());
  const auto raw = std::as_bytes(std::span(value));
  bytes_.insert(bytes_.end(), raw.begin(), raw.end());
}

std::span<const std::byte> Reader::take(std::size_t n) {
  if (!ok()) {
    return {};
  }
  if (n > remaining()) {
    fail(fmt::format("a field needs {} bytes, {} are left", n, remaining()));
    return {};
  }
  const auto taken = bytes_.subspan(at_, n);
  at_ += n;
  return taken;
}

void Reader::fail(std::string_view reason) {
  if (ok()) {
    error_ = sim::Error{sim::Errc::protocol, fmt::format("at byte {}: {}", at_, reason)};
  }
}

std::size_t Reader::load_count(std::size_t least) {
  const std::size_t count = load<std::uint32_t>();
  if (count > remaining() / least) {
    fail(fmt::format("a count of {} elements, but {} bytes are left", count, remaining()));
    return 0;
  }
  return count;
}

void Reader::refuse_enum(std::uint64_t value, std::uint64_t last) {
  fail(fmt::format("{} is no value of an enumeration that ends at {}", value, last));
}

void Reader::get(bool& value) {
  const auto raw = load<std::uint8_t>();
  if (raw > 1) {
    fail(fmt::format("{} where a truth value is 0 or 1", raw));
  }
  value = ok() && raw == 1;
}

void Reader::get(std::string& value) {
  const auto raw = take(load_count(1));
  value.assign(reinterpret_cast<const char*>(raw.data()), raw.size());
}

}  // namespace transport
