// A message of every kind the protocol has, none of its fields at its default: for tests of the
// codec, and as seeds of its fuzzing.
#pragma once

#include <fmt/core.h>

#include <concepts>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "stripe/protocol/all_bodies.h"
#include "stripe/protocol/opcodes.h"
#include "transport/message_codec.h"

namespace stripe {

using EveryBodyOfTheProtocol = AllBodies<std::tuple>;

// Gives every field of a message a value that is not its default, each another one.
class Filler {
 public:
  template <typename... T>
  void operator()(T&... values) {
    (fill(values), ...);
  }

 private:
  template <typename T>
  void fill(T& value) {
    if constexpr (std::same_as<T, bool>) {
      value = true;
    } else if constexpr (std::integral<T>) {
      value = static_cast<T>(++number_);
    } else if constexpr (std::same_as<T, std::byte>) {
      value = static_cast<std::byte>(++number_);
    } else if constexpr (std::is_enum_v<T>) {
      value = last_of(value);
    } else if constexpr (std::same_as<T, std::string>) {
      value = "text " + std::to_string(++number_);
    } else if constexpr (requires { value.emplace_back(); }) {
      fill(value.emplace_back());
      fill(value.emplace_back());
    } else if constexpr (requires { value.has_value(); }) {
      fill(value.emplace());
    } else {
      value.fields(*this);
    }
  }
  std::uint64_t number_ = 100;
};

template <typename T>
T filled_body() {
  T body;
  Filler filler;
  body.fields(filler);
  return body;
}

struct SampleFrame {
  std::string name;
  std::vector<std::byte> bytes;
};

inline SampleFrame frame_of(std::string name, transport::Message& message) {
  message.from = {1, 2};
  message.to = {3, 4};
  message.header.xid = 5;
  transport::Writer out;
  transport::encode_message(message, out);
  SampleFrame frame{std::move(name), out.take()};
  const auto bulk = message.bulk.bytes();
  frame.bytes.insert(frame.bytes.end(), bulk.begin(), bulk.end());
  return frame;
}

template <typename T>
SampleFrame frame_of() {
  const bool request = T::kKind == transport::MessageKind::request;
  transport::Message message;
  message.header.kind = T::kKind;
  message.header.opcode = T::kOpcode;
  auto body = std::make_unique<T>();
  Filler filler;
  body->fields(filler);
  message.body = std::move(body);
  return frame_of(fmt::format("{}.{}", opcode_name(T::kOpcode), request ? "request" : "reply"),
                  message);
}

inline SampleFrame bulk_frame(std::string name, transport::MessageKind kind,
                              transport::Payload bulk) {
  transport::Message message;
  message.header.kind = kind;
  message.bulk = std::move(bulk);
  return frame_of(std::move(name), message);
}

// Every body in a frame of its own, and each kind of bulk message.
inline std::vector<SampleFrame> sample_frames() {
  using transport::MessageKind;
  std::vector<SampleFrame> frames;
  [&frames]<typename... Each>(std::tuple<Each...>*) {
    (frames.push_back(frame_of<Each>()), ...);
  }(static_cast<EveryBodyOfTheProtocol*>(nullptr));
  frames.push_back(bulk_frame("bulk_get", MessageKind::bulk_get, {}));
  frames.push_back(bulk_frame("bulk_ack", MessageKind::bulk_ack, {}));
  frames.push_back(bulk_frame("bulk_put", MessageKind::bulk_put,
                              transport::Payload({9, 4096, 100, transport::Stamp::make(2, 3)})));
  frames.push_back(
      bulk_frame("bulk_put.unknown", MessageKind::bulk_put, transport::Payload::unknown(10)));
  return frames;
}

}  // namespace stripe
