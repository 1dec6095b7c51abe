// Fields as bytes: always little-endian, whatever the host is, and checked on the way in.
//
// A struct names its fields once and both directions follow from that:
//   struct Range {
//     sim::Extent extent;
//     Mode mode = Mode::read;
//     template <class V> void fields(V& v) { v(extent, mode); }
//   };
// Fields may be integers, bool, std::byte, std::string, sim's Duration, TimePoint, Rate and Extent,
// enums, structs with such a `fields`, and vector, small_vector, array and optional of these.
// A struct that cannot have the member gets a free function
//   template <class V> void fields(V& v, Foreign& f)
// in its own namespace or in transport. An enum has an unsigned underlying type and beside it
//   constexpr Mode last_of(Mode) { return Mode::write; }
// which names its greatest value; values run from 0 to it. Types that contain themselves are not
// supported: the depth of decoding must not be the peer's choice.
#pragma once

#include <algorithm>
#include <array>
#include <boost/endian/conversion.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/status.h"
#include "sim/units.h"

namespace transport {

template <typename T>
concept WireInteger = std::integral<T> && !std::same_as<T, bool>;

constexpr sim::Errc last_of(sim::Errc) { return sim::Errc::unknown_outcome; }

template <typename T>
concept WireEnum = std::is_enum_v<T> && std::unsigned_integral<std::underlying_type_t<T>> &&
    requires(T value) {
  { last_of(value) } -> std::same_as<T>;
};

template <typename T, typename V>
concept HasFields = requires(T& value, V& visitor) {
  value.fields(visitor);
};

// A vector, or what behaves like one.
template <typename T>
concept WireSequence = requires(T& values) {
  values.emplace_back();
  values.reserve(values.size());
  values.clear();
};

// Appends fields to a buffer of its own. Never fails.
class Writer {
 public:
  Writer() = default;
  // Reuses the memory of `buffer`; what stands in it is dropped.
  explicit Writer(std::vector<std::byte> buffer) : bytes_(std::move(buffer)) { bytes_.clear(); }

  template <typename... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }

  std::size_t size() const { return bytes_.size(); }
  std::span<const std::byte> bytes() const { return bytes_; }
  // The buffer; the writer is empty afterwards.
  std::vector<std::byte> take() { return std::exchange(bytes_, {}); }
  void clear() { bytes_.clear(); }
  // Appends zeros until `size` bytes stand there; nothing if there are as many.
  void pad_to(std::size_t size) { bytes_.resize(std::max(size, bytes_.size())); }
  // Writes `value` over the four bytes at `at`, for lengths known only afterwards.
  void overwrite(std::size_t at, std::uint32_t value);

 private:
  template <WireInteger T>
  void store(T value) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof(T));
    boost::endian::endian_store<T, sizeof(T), boost::endian::order::little>(pointer(at), value);
  }
  unsigned char* pointer(std::size_t at) {
    return reinterpret_cast<unsigned char*>(bytes_.data() + at);
  }
  void store_count(std::size_t count) {
    sim::check(count <= std::numeric_limits<std::uint32_t>::max(), "a field of over 4 Gi elements");
    store(static_cast<std::uint32_t>(count));
  }

  // `fields` is not const because decoding fills through it; the writer only ever reads.
  template <typename T>
  void put(const T& value) {
    if constexpr (WireInteger<T>) {
      store(value);
    } else if constexpr (WireEnum<T>) {
      sim::check(value <= last_of(value), "an enum beyond its last value");
      store(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (WireSequence<T>) {
      put_sequence(value);
    } else if constexpr (HasFields<T, Writer>) {
      const_cast<T&>(value).fields(*this);
    } else {
      fields(*this, const_cast<T&>(value));
    }
  }
  void put(bool value) { store(static_cast<std::uint8_t>(value ? 1 : 0)); }
  void put(std::byte value) { store(static_cast<std::uint8_t>(value)); }
  void put(sim::Duration value) { store(value.ns()); }
  void put(sim::TimePoint value) { store(value.ns()); }
  void put(sim::Rate value) { store(value.bytes_per_second()); }
  void put(const std::string& value);
  template <WireSequence T>
  void put_sequence(const T& values) {
    store_count(values.size());
    for (const auto& value : values) {
      const std::size_t before = size();
      put(value);
      sim::check(size() > before, "a vector of elements without fields cannot be decoded");
    }
  }
  template <typename T, std::size_t n>
  void put(const std::array<T, n>& values) {
    for (const T& value : values) {
      put(value);
    }
  }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) {
      put(*value);
    }
  }

  std::vector<std::byte> bytes_;
};

// Takes fields from bytes that may be anything. The first fault sticks: from then on every field
// reads as its zero and error() says where and why. Never reserves more memory than the bytes that
// are left could fill.
class Reader {
 public:
  // `bytes` must outlive the reader.
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <typename... T>
  void operator()(T&... values) {
    (get(values), ...);
  }

  std::size_t remaining() const { return bytes_.size() - at_; }
  std::size_t position() const { return at_; }
  // The next `n` bytes, skipped here; empty after a fault.
  std::span<const std::byte> take(std::size_t n);
  bool ok() const { return !error_; }
  // The first fault (Errc::protocol). Only if !ok().
  const sim::Error& error() const { return *error_; }
  // Records `reason` as a fault at the present place, unless there was one before.
  void fail(std::string_view reason);

 private:
  template <WireInteger T>
  T load() {
    const auto raw = take(sizeof(T));
    if (raw.empty()) {
      return T{};
    }
    return boost::endian::endian_load<T, sizeof(T), boost::endian::order::little>(
        reinterpret_cast<const unsigned char*>(raw.data()));
  }
  // A number of elements of at least `least` bytes each; 0 after a fault.
  std::size_t load_count(std::size_t least);
  void refuse_enum(std::uint64_t value, std::uint64_t last);

  template <typename T>
  void get(T& value) {
    if constexpr (WireInteger<T>) {
      value = load<T>();
    } else if constexpr (WireEnum<T>) {
      using Raw = std::underlying_type_t<T>;
      const auto last = static_cast<Raw>(last_of(T{}));
      const Raw raw = load<Raw>();
      if (raw > last) {
        refuse_enum(raw, last);
      }
      value = ok() ? static_cast<T>(raw) : T{};
    } else if constexpr (WireSequence<T>) {
      get_sequence(value);
    } else if constexpr (HasFields<T, Reader>) {
      value.fields(*this);
    } else {
      fields(*this, value);
    }
  }
  void get(bool& value);
  void get(std::byte& value) { value = static_cast<std::byte>(load<std::uint8_t>()); }
  void get(sim::Duration& value) { value = sim::Duration(load<std::int64_t>()); }
  void get(sim::TimePoint& value) { value = sim::TimePoint(load<std::int64_t>()); }
  void get(sim::Rate& value) { value = sim::Rate(load<std::uint64_t>()); }
  void get(std::string& value);
  template <WireSequence T>
  void get_sequence(T& values) {
    using Element = typename T::value_type;
    const std::size_t count = load_count(WireInteger<Element> ? sizeof(Element) : 1);
    values.clear();
    values.reserve(std::min(count, remaining() / sizeof(Element)));
    for (std::size_t i = 0; i < count && ok(); ++i) {
      get(values.emplace_back());
    }
  }
  template <typename T, std::size_t n>
  void get(std::array<T, n>& values) {
    for (T& value : values) {
      get(value);
    }
  }
  template <typename T>
  void get(std::optional<T>& value) {
    bool present = false;
    get(present);
    value.reset();
    if (present) {
      get(value.emplace());
    }
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  std::optional<sim::Error> error_;
};

template <class V>
void fields(V& v, sim::Extent& extent) {
  v(extent.begin, extent.end);
}

}  // namespace transport
