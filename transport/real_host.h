// A real machine's processors: the work is done, and has cost what the clock says by then.
#pragma once

#include <array>
#include <memory>

#include "sim/host.h"
#include "transport/run_real.h"

namespace transport {

// One core, because one thread does it all. Copies and checksums are done on the bytes that exist
// and charged as measured; content of which only a description exists costs nothing. Handling is
// charged the time since the loop was last told the time, or since the last charge by any host of
// the same clock, so that nothing is charged twice. What is charged has passed already when the
// loop is next told the time: nobody sleeps for it.
class RealHost final : public sim::Host {
 public:
  // `time` is the clock of the hosts' common loop, and must outlive the host.
  RealHost(RealTime& time, std::string name);
  ~RealHost() override;

  // Folded over all checksums, so that none can be optimised away.
  std::uint32_t checksums() const { return checksums_; }
  // Bytes really copied so far.
  sim::Bytes copied() const { return copied_; }

 private:
  sim::Duration cost(sim::Work work, sim::Bytes n, std::span<const std::byte> data) override;
  sim::Duration cost_of_handling(sim::Duration modelled) override;
  void copy(std::span<const std::byte> data);

  RealTime& time_;
  // Copies go here, a part at a time; as large as one bulk page of an RPC.
  std::unique_ptr<std::array<std::byte, sim::kMiB>> scratch_;
  std::uint32_t checksums_ = 0;
  sim::Bytes copied_ = 0;
};

}  // namespace transport
