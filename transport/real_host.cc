#include "transport/real_host.h"

#include <algorithm>
#include <boost/crc.hpp>
#include <cstring>

namespace transport {

RealHost::RealHost(RealTime& time, std::string name)
    : Host(time.loop(), std::move(name), 1), time_(time) {}
RealHost::~RealHost() = default;

sim::Duration RealHost::cost(sim::Work work, sim::Bytes n, std::span<const std::byte> data) {
  if (work == sim::Work::request) {
    return time_.lap();
  }
  // What came before is not this work, unless the work is the call that is under way.
  const sim::Duration before = time_.lap();
  if (scratch_ == nullptr) {
    scratch_ = std::make_unique<Scratch>();
    static_cast<void>(time_.lap());  // nobody's work
  }
  while (n > 0) {
    const std::span<const std::byte> source = data.empty() ? scratch_->from : data;
    const auto part =
        static_cast<std::size_t>(std::min<sim::Bytes>({n, source.size(), scratch_->to.size()}));
    perform_on(work, source.first(part));
    n -= part;
    data = data.subspan(std::min(part, data.size()));
  }
  const sim::Duration own = time_.lap();
  return work == sim::Work::cached_call ? before + own : own;
}

sim::Duration RealHost::cost_of_handling(sim::Duration) { return time_.lap(); }

void RealHost::perform_on(sim::Work work, std::span<const std::byte> data) {
  if (work == sim::Work::checksum) {
    boost::crc_32_type crc;
    crc.process_bytes(data.data(), data.size());
    checksums_ ^= crc.checksum();
  } else if (work == sim::Work::pages) {
    std::memset(scratch_->to.data(), 0, data.size());
    prepared_ += data.size();
  } else {
    std::memcpy(scratch_->to.data(), data.data(), data.size());
    copied_ += data.size();
  }
}

}  // namespace transport
