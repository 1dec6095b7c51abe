// A small protocol for tests of what carries messages: every kind of field once.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "transport/message_codec.h"
#include "transport/message_definitions.h"

namespace transport::example {

inline constexpr Opcode kEcho = 501;
inline constexpr Opcode kCount = 502;

enum class Mode : std::uint8_t { shared, exclusive };
constexpr Mode last_of(Mode) { return Mode::exclusive; }

struct Part {
  sim::Extent extent;
  std::optional<std::string> label;
  bool operator==(const Part&) const = default;
  template <class V>
  void fields(V& v) {
    v(extent, label);
  }
};

struct EchoRequest final : MessageBody<EchoRequest, kEcho> {
  std::uint8_t u8 = 0;
  std::uint16_t u16 = 0;
  std::uint32_t u32 = 0;
  std::uint64_t u64 = 0;
  std::int64_t i64 = 0;
  bool truth = false;
  Mode mode = Mode::shared;
  std::string text;
  sim::Duration span;
  sim::TimePoint instant;
  sim::Rate rate;
  Address address;
  Stamp stamp;
  std::vector<Part> parts;
  std::vector<std::uint8_t> raw;
  std::array<std::uint16_t, 3> triple{};
  sim::Bytes modelled = 0;  // what wire_size() says; not a field, and zero on the other side
  sim::Bytes wire_size() const override { return modelled; }
  template <class V>
  void fields(V& v) {
    v(u8, u16, u32, u64, i64, truth, mode, text, span, instant, rate, address, stamp, parts, raw,
      triple);
  }
};

struct EchoReply final : MessageBody<EchoReply, kEcho, MessageKind::reply> {
  std::string text;
  sim::Bytes wire_size() const override { return 100 + text.size(); }
  template <class V>
  void fields(V& v) {
    v(text);
  }
};

struct CountRequest final : MessageBody<CountRequest, kCount> {
  std::uint64_t number = 0;
  sim::Bytes wire_size() const override { return 200; }
  template <class V>
  void fields(V& v) {
    v(number);
  }
};

struct CountReply final : MessageBody<CountReply, kCount, MessageKind::reply> {
  std::uint64_t number = 0;
  sim::Bytes wire_size() const override { return 100; }
  template <class V>
  void fields(V& v) {
    v(number);
  }
};

using EchoBodies = Bodies<EchoRequest, EchoReply>;
using CountBodies = Bodies<CountRequest, CountReply>;
inline constexpr DecodeBody kDecode = &decode_one_of<EchoBodies, CountBodies>;

}  // namespace transport::example
