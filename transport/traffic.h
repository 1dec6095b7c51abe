// How many messages of each kind were carried: what a protocol costs, told the same way in both
// worlds.
#pragma once

#include <array>
#include <boost/container/flat_map.hpp>
#include <cstdint>

#include "transport/message.h"

namespace transport {

struct Traffic {
  std::uint64_t messages = 0;
  sim::Bytes wire_bytes = 0;  // as the modelled protocol counts them, bulk included
  sim::Bytes bulk_bytes = 0;
  bool operator==(const Traffic&) const = default;
};

inline constexpr std::size_t kMessageKinds = 5;

// Counts by kind and opcode, of messages delivered.
class TrafficCounts {
 public:
  void count(const Message& message) {
    Traffic& t = at(message.header.kind, message.header.opcode);
    ++t.messages;
    t.wire_bytes += message.wire_size();
    t.bulk_bytes += message.bulk.size();
  }
  Traffic of(MessageKind kind, Opcode opcode) const {
    const auto& table = table_[static_cast<std::size_t>(kind)];
    const auto found = table.find(opcode);
    return found == table.end() ? Traffic() : found->second;
  }
  // Summed over all kinds and opcodes.
  Traffic total() const {
    Traffic sum;
    for (const auto& table : table_) {
      for (const auto& [opcode, t] : table) {
        sum.messages += t.messages;
        sum.wire_bytes += t.wire_bytes;
        sum.bulk_bytes += t.bulk_bytes;
      }
    }
    return sum;
  }
  bool operator==(const TrafficCounts&) const = default;

 private:
  Traffic& at(MessageKind kind, Opcode opcode) {
    return table_[static_cast<std::size_t>(kind)][opcode];
  }
  std::array<boost::container::flat_map<Opcode, Traffic>, kMessageKinds> table_;
};

}  // namespace transport
