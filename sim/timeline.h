// Where one request's time went: a clock that always runs for exactly one named stage.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
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
  Duration fabric;  // from then until the last byte arrived
};

// Law: the sum over the stages equals the time since the beginning, at any moment.
class Timeline {
 public:
  Timeline() = default;
  Timeline(TimePoint begin, Stage stage) : since_(begin), stage_(stage) {}

  // From `now` on the time belongs to `stage`; until now it belonged to the one before.
  void enter(Stage stage, TimePoint now) {
    at(times_, stage_) += now - since_;
    since_ = now;
    stage_ = stage;
  }
  Stage stage() const { return stage_; }

  // The time since the last enter() was a call to a server: splits it into the request's transit,
  // the server's own account, and the rest, which is the reply's. Where the network cannot tell the
  // request's transit, request and reply together are `fabric`. Then enters `next`.
  void leave_call(const ServerTimes& server, const Transit& request, Stage next, TimePoint now);

  // Takes over the path of the part that finished last, which began when this one last entered a
  // stage; then enters `next`.
  void adopt(const Timeline& part, Stage next, TimePoint now);

  // Closes the account.
  const StageTimes& finish(TimePoint now) {
    enter(stage_, now);
    return times_;
  }
  const StageTimes& times() const { return times_; }

 private:
  StageTimes times_{};
  TimePoint since_;
  Stage stage_ = Stage::dispatch;
};

}  // namespace sim
