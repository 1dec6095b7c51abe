// A solid-state drive: a shared pipe and many requests at work at a time.
#pragma once

#include <string>
#include <vector>

#include "sim/station.h"
#include "stripe/server/device.h"

namespace stripe {

// Defaults: Micron 9200 PRO 7.68 TB, data sheet.
struct NvmeParams {
  sim::Bytes capacity = 7'680'000'000'000;
  // Requests at work at a time: 840 000 random reads of 4 KiB per second × 92 us each.
  std::uint32_t channels = 77;
  sim::Duration read_latency = sim::microseconds(92);   // 4 KiB, one at a time
  sim::Duration write_latency = sim::microseconds(21);  // into the power-backed buffer
  sim::Rate read_rate{3'500'000'000};                   // sequential, 128 KiB
  sim::Rate write_rate{3'500'000'000};
  // Of a flush. 0: the write buffer survives a power loss, as this drive's does, and a flush has
  // nothing to do.
  sim::Duration flush_latency;
};

// A request crosses the pipe, which all requests share and which serves one at a time, first come
// first served, at the rate of its direction; then it holds one channel for the latency of its
// kind. Unloaded, n bytes take latency + n ÷ rate; loaded, the drive gives the smaller of the rate
// and channels ÷ latency. (A read's data really crosses last; neither number shows it.) Where a
// flush takes time, it waits until the writes accepted before it are through, then holds one
// channel for flush_latency; what was flushed before costs nothing again. Write amplification and
// garbage collection are not modelled.
class NvmeDevice : public Device {
 public:
  NvmeDevice(sim::Loop& loop, std::string name, const NvmeParams& params);

  sim::Bytes capacity() const override { return params_.capacity; }
  std::vector<DeviceUse> use() const override;

 private:
  bool start(Io& io) override;
  bool start_flush(Io& io);

  NvmeParams params_;
  sim::Station pipe_;
  sim::Station channels_;
  sim::TimePoint written_;  // the end of the last write accepted
  bool dirty_ = false;      // something was written since the last flush
};

}  // namespace stripe
