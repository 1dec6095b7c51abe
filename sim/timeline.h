// Where one request's time went: a clock that always runs for exactly one named stage.
#pragma once

#include <array>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sim/units.h"

namespace sim {

// In the order a request meets them. docs/metrics.md says what each one covers.
enum class Stage : std::uint8_t {
  dispatch,
  metadata,
  lock,
  slot,
  client_cpu,
  client_nic,
  fabric,
  server_queue,
  server_cpu,
  device_queue,
  device,
  reply,
  gather,
};
inline constexpr std::size_t kStages = 13;

std::string_view stage_name(Stage stage);

using StageTimes = std::array<Duration, kStages>;

inline Duration& at(StageTimes& times, Stage stage) {
  return times[static_cast<std::size_t>(stage)];
}
inline Duration at(const StageTimes& times, Stage stage) {
  return times[static_cast<std::size_t>(stage)];
}
Duration total(const StageTimes& times);

// What a server tells of its part of a request: durations, never instants, so that they may cross
// between hosts whose clocks differ.
struct ServerTimes {
  Duration queue;         // waiting for a thread
  Duration cpu;           // waiting for and using the processors
  Duration device_queue;  // waiting for the device
  Duration device;        // the device at work
  Duration total() const { return queue + cpu + device_queue + device; }
  bool operator==(const ServerTimes&) const = default;
};

// How long a message took to its receiver, where the network can tell (zero where it cannot).
struct Transit {
  Duration nic;     // waiting in the sender's interface before the first byte left
  Duration fabric;  // from then until the last byte arrived, and until earlier ones had
  // Waiting for and using the processors that send it, and those that receive it.
  Duration sender_cpu = {};
  Duration receiver_cpu = {};
  Duration total() const { return nic + fabric + sender_cpu + receiver_cpu; }
  bool operator==(const Transit&) const = default;
};

// The ways of a call: there and back.
struct RoundTrip {
  Transit request;
  Transit reply;
};

// Law: the spans follow each other without a gap, and their sum is the time since the beginning.
class Timeline {
 public:
  // Time spent in one stage in one go. Eight bytes, because every request under way carries a
  // dozen.
  class Span {
   public:
    Span(Stage stage, Duration time)
        : bits_(static_cast<std::uint64_t>(time.ns()) << kStageBits |
                static_cast<std::uint64_t>(stage)) {}
    Stage stage() const { return static_cast<Stage>(bits_ & ((1u << kStageBits) - 1)); }
    Duration time() const { return Duration(static_cast<std::int64_t>(bits_ >> kStageBits)); }
    void lengthen(Duration by) { bits_ += static_cast<std::uint64_t>(by.ns()) << kStageBits; }

   private:
    static constexpr int kStageBits = 4;  // leaves 36 years for the time
    static_assert(kStages <= 1u << kStageBits);
    std::uint64_t bits_;
  };

  Timeline() = default;
  Timeline(TimePoint begin, Stage stage) : since_(begin), stage_(stage) {}

  // From `now` on the time belongs to `stage`; until now it belonged to the one before.
  void enter(Stage stage, TimePoint now) {
    charge(stage_, now - since_);
    since_ = now;
    stage_ = stage;
  }
  Stage stage() const { return stage_; }

  // The time since the last enter() was a call to a server: splits it into the request's transit,
  // the server's own account, the processors' part of the reply's transit, and the rest, which is
  // the reply's way. Processors are the client's where they send the request or receive the reply,
  // else the server's. Where the network cannot tell the request's transit, the ways of request and
  // reply together are `fabric`. Then enters `next`.
  void leave_call(const ServerTimes& server, const RoundTrip& transit, Stage next, TimePoint now);

  // As leave_call, of a call to an MDT: all the time there is `metadata`.
  void leave_metadata_call(const ServerTimes& server, const RoundTrip& transit, Stage next,
                           TimePoint now);

  // The time since the last enter() was a wait for `part`, which ended now: takes over what
  // happened to `part` during the wait, however long before it had begun. Then enters `next`.
  void adopt(const Timeline& part, Stage next, TimePoint now);

  // As adopt, for parts that came one after another, each call with the next: takes all of `part`.
  // What of the time since the last enter() no part accounts for belongs to `next`.
  void append(const Timeline& part, Stage next, TimePoint now);

  // Closes the account: the time until `now` belongs to the present stage.
  void finish(TimePoint now) { enter(stage_, now); }
  std::span<const Span> spans() const { return {spans_.data(), spans_.size()}; }
  Duration total() const;
  // Adds this timeline's spans to sums by stage.
  void add_to(StageTimes& times) const;

 private:
  struct Share {
    Stage stage;
    Duration time;
  };
  void leave(const RoundTrip& transit, std::span<const Share> at_server, Stage next, TimePoint now);
  void charge(Stage stage, Duration d) {
    if (d == Duration()) {
      return;
    }
    if (!spans_.empty() && spans_.back().stage() == stage) {
      spans_.back().lengthen(d);
    } else {
      spans_.emplace_back(stage, d);
    }
  }
  boost::container::small_vector<Span, 10> spans_;
  TimePoint since_;
  Stage stage_ = Stage::dispatch;
};

}  // namespace sim
