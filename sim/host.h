// The seam for work that a machine's processors do.
#pragma once

#include <cstddef>
#include <span>

#include "sim/station.h"

namespace sim {

enum class Work : std::uint8_t {
  request,      // forming or handling one RPC: fixed cost
  copy,         // moving bytes between buffers
  checksum,     // reading bytes once
  cached_call,  // a call that a page cache answers: its fixed cost and the copy of its bytes
  pages,        // making pages ready that a read fills
};

// A node's processors. In the modelled world work costs what its profile says, on the node's CPU
// station; in the real world it is done, and has cost what the clock says by then.
class Host {
 public:
  virtual ~Host() = default;

  // `co_await host.perform(work, n, data)`: does or charges `work` on `n` bytes; `data` holds them
  // if they exist. Suspends only if there is something to wait for.
  Station::Use perform(Work work, Bytes n, std::span<const std::byte> data = {}) {
    return cpu_.use(cost(work, n, data));
  }
  // Handling a request, which a modelled machine does in `modelled`. A real one has done it, or is
  // about to, in the code around the call: it charges what the clock says that took so far.
  Station::Use perform_for(Duration modelled) { return cpu_.use(cost_of_handling(modelled)); }
  Station& cpu() { return cpu_; }

 protected:
  Host(Loop& loop, std::string name, std::uint32_t cores) : cpu_(loop, std::move(name), cores) {}
  virtual Duration cost(Work work, Bytes n, std::span<const std::byte> data) = 0;
  virtual Duration cost_of_handling(Duration modelled) = 0;

 private:
  Station cpu_;
};

// What work costs on a modelled machine. Zero rates: that work is free.
struct HostProfile {
  std::uint32_t cores = 16;
  Duration request = microseconds(5);
  Duration call{};  // entering and leaving the file system once, beside the copy
  Rate copy;        // bytes per second of one core
  Rate checksum;    // bytes per second of one core
  Rate pages{};     // bytes per second of one core
};

class ModelledHost final : public Host {
 public:
  ModelledHost(Loop& loop, std::string name, HostProfile profile)
      : Host(loop, std::move(name), profile.cores), profile_(profile) {}

 private:
  Duration cost(Work work, Bytes n, std::span<const std::byte>) override {
    switch (work) {
      case Work::request:
        return profile_.request;
      case Work::copy:
        return profile_.copy.time_for(n);
      case Work::checksum:
        return profile_.checksum.time_for(n);
      case Work::cached_call:
        return profile_.call + profile_.copy.time_for(n);
      case Work::pages:
        return profile_.pages.time_for(n);
    }
    return Duration();
  }
  Duration cost_of_handling(Duration modelled) override { return modelled; }

  HostProfile profile_;
};

}  // namespace sim
