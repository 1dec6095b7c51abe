#include "transport/real_host.h"

#include <algorithm>
#include <boost/crc.hpp>
#include <cstring>

namespace transport {

RealHost::RealHost(RealTime& time, std::string name)
    : Host(time.loop(), std::move(name), 1), time_(time) {}
RealHost::~RealHost() = default;

sim::Duration RealHost::cost(sim::Work work, sim::Bytes, std::span<const std::byte> data) {
  if (work == sim::Work::request) {
    return cost_of_handling({});
  }
  if (data.empty()) {
    return {};
  }
  time_.lap();  // what came before is not this work
  if (work == sim::Work::copy) {
    copy(data);
  } else {
    boost::crc_32_type crc;
    crc.process_bytes(data.data(), data.size());
    checksums_ ^= crc.checksum();
  }
  return time_.lap();
}

sim::Duration RealHost::cost_of_handling(sim::Duration) { return time_.lap(); }

void RealHost::copy(std::span<const std::byte> data) {
  if (scratch_ == nullptr) {
    scratch_ = std::make_unique<std::array<std::byte, sim::kMiB>>();
  }
  copied_ += data.size();
  while (!data.empty()) {
    const std::size_t n = std::min(data.size(), scratch_->size());
    std::memcpy(scratch_->data(), data.data(), n);
    data = data.subspan(n);
  }
}

}  // namespace transport
