#include "sim/timeline.h"

#include <algorithm>
#include <numeric>

namespace sim {

std::string_view stage_name(Stage stage) {
  static constexpr std::array<std::string_view, kStages> kNames = {
      "dispatch",     "metadata",   "lock",         "slot",   "client_cpu", "client_nic", "fabric",
      "server_queue", "server_cpu", "device_queue", "device", "reply",      "gather"};
  return kNames[static_cast<std::size_t>(stage)];
}

Duration total(const StageTimes& times) {
  return std::accumulate(times.begin(), times.end(), Duration());
}

void Timeline::leave_call(const ServerTimes& server, const Transit& request, Stage next,
                          TimePoint now) {
  Duration rest = now - since_;
  // A server on another clock may claim more than passed here; never let a stage go negative.
  const auto charge = [&](Stage stage, Duration d) {
    d = std::clamp(d, Duration(), rest);
    at(times_, stage) += d;
    rest -= d;
  };
  charge(Stage::client_nic, request.nic);
  charge(Stage::fabric, request.fabric);
  charge(Stage::server_queue, server.queue);
  charge(Stage::server_cpu, server.cpu);
  charge(Stage::device_queue, server.device_queue);
  charge(Stage::device, server.device);
  const bool told = request.nic + request.fabric > Duration();
  charge(told ? Stage::reply : Stage::fabric, rest);
  since_ = now;
  stage_ = next;
}

void Timeline::adopt(const Timeline& part, Stage next, TimePoint now) {
  const Duration taken = total(part.times_);
  const Duration passed = now - since_;
  check(taken <= passed, "a part's timeline is longer than the wait for it");
  for (std::size_t i = 0; i < kStages; ++i) {
    times_[i] += part.times_[i];
  }
  at(times_, stage_) += passed - taken;
  since_ = now;
  stage_ = next;
}

}  // namespace sim
