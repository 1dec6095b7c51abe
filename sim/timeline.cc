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

void Timeline::leave_call(const ServerTimes& server, const RoundTrip& transit, Stage next,
                          TimePoint now) {
  const Share at_server[] = {{Stage::server_cpu, transit.request.receiver_cpu},
                             {Stage::server_queue, server.queue},
                             {Stage::server_cpu, server.cpu},
                             {Stage::device_queue, server.device_queue},
                             {Stage::device, server.device},
                             {Stage::server_cpu, transit.reply.sender_cpu}};
  leave(transit, at_server, next, now);
}

void Timeline::leave_metadata_call(const ServerTimes& server, const RoundTrip& transit, Stage next,
                                   TimePoint now) {
  const Share at_server[] = {
      {Stage::metadata, transit.request.receiver_cpu + server.total() + transit.reply.sender_cpu}};
  leave(transit, at_server, next, now);
}

void Timeline::leave(const RoundTrip& transit, std::span<const Share> at_server, Stage next,
                     TimePoint now) {
  const auto& [request, reply] = transit;
  Duration rest = now - since_;
  // A server on another clock may claim more than passed here; never let a stage go negative.
  const auto take = [&](Stage stage, Duration d) {
    d = std::clamp(d, Duration(), rest);
    charge(stage, d);
    rest -= d;
  };
  take(Stage::client_cpu, request.sender_cpu);
  take(Stage::client_nic, request.nic);
  take(Stage::fabric, request.fabric);
  for (const Share& share : at_server) {
    take(share.stage, share.time);
  }
  const Duration received = std::clamp(reply.receiver_cpu, Duration(), rest);
  take(request.total() > Duration() ? Stage::reply : Stage::fabric, rest - received);
  take(Stage::client_cpu, received);
  since_ = now;
  stage_ = next;
}

void Timeline::adopt(const Timeline& part, Stage next, TimePoint now) {
  // What of the part lies before the wait is its own affair: skip it from the front.
  Duration before = part.total() - (now - since_);
  charge(stage_, std::max(Duration(), Duration() - before));  // the part began after the wait did
  for (const Span& span : part.spans_) {
    const Duration skipped = std::clamp(before, Duration(), span.time());
    before -= skipped;
    charge(span.stage(), span.time() - skipped);
  }
  since_ = now;
  stage_ = next;
}

void Timeline::append(const Timeline& part, Stage next, TimePoint now) {
  for (const Span& span : part.spans_) {
    charge(span.stage(), span.time());
    since_ = since_ + span.time();
  }
  check(since_ <= now, "parts that came one after another took longer than the whole");
  stage_ = next;
}

Duration Timeline::total() const {
  Duration sum;
  for (const Span& span : spans_) {
    sum += span.time();
  }
  return sum;
}

void Timeline::add_to(StageTimes& times) const {
  for (const Span& span : spans_) {
    at(times, span.stage()) += span.time();
  }
}

}  // namespace sim
