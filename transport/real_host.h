// A real machine's processors: the work is done, and has cost what the clock says by then.
#pragma once

#include <boost/crc.hpp>

#include "sim/host.h"
#include "transport/run_real.h"

namespace transport {

// Checksums are computed over the data that is there. Copying and forming requests happen in the
// code that does them anyway; nothing is charged on top. The loop's time moves only when a
// completion tells it, so a long checksum shows in the account of what comes next.
class RealHost final : public sim::Host {
 public:
  RealHost(sim::Loop& loop, std::string name) : Host(loop, std::move(name), 1) {}

  // Folded over all checksums, so that none can be optimised away.
  std::uint32_t checksums() const { return checksums_; }

 private:
  sim::Duration cost(sim::Work work, sim::Bytes, std::span<const std::byte> data) override {
    if (work == sim::Work::checksum && !data.empty()) {
      boost::crc_32_type crc;
      crc.process_bytes(data.data(), data.size());
      checksums_ ^= crc.checksum();
    }
    return sim::Duration();
  }
  std::uint32_t checksums_ = 0;
};

}  // namespace transport
