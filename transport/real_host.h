// A real machine's processors: the work is done, and has cost what the clock says by then.
#pragma once

#include <array>
#include <memory>

#include "sim/host.h"
#include "transport/run_real.h"

namespace transport {

// One core, because one thread does it all. Copying, checksums and making pages ready are done and
// charged as measured: on the bytes that exist, or on as many bytes of a buffer where only a
// description of the content exists; that buffer stays in the processor's cache, so it is the least
// that can cost. Handling is charged the time since the loop was last told the time, or since the
// last charge by any host of the same clock, so that nothing is charged twice.
// What is charged has passed already when the loop is next told the time: nobody sleeps for it.
class RealHost final : public sim::Host {
 public:
  // `time` is the clock of the hosts' common loop, and must outlive the host.
  RealHost(RealTime& time, std::string name);
  ~RealHost() override;

  // Folded over all checksums, so that none can be optimised away.
  std::uint32_t checksums() const { return checksums_; }
  // Bytes really copied, and bytes of pages really made ready, so far.
  sim::Bytes copied() const { return copied_; }
  sim::Bytes prepared() const { return prepared_; }

 private:
  sim::Duration cost(sim::Work work, sim::Bytes n, std::span<const std::byte> data) override;
  sim::Duration cost_of_handling(sim::Duration modelled) override;
  void perform_on(sim::Work work, std::span<const std::byte> data);

  // What work is done with, a part at a time; as large as the largest bulk page of an RPC.
  struct Scratch {
    std::array<std::byte, sim::kMiB> from{};  // in place of content that is only described
    std::array<std::byte, sim::kMiB> to;
  };
  RealTime& time_;
  std::unique_ptr<Scratch> scratch_;
  std::uint32_t checksums_ = 0;
  sim::Bytes copied_ = 0;
  sim::Bytes prepared_ = 0;
};

}  // namespace transport
