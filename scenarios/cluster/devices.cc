#include "scenarios/cluster/devices.h"

namespace scenarios {
namespace {

stripe::DeviceParams params(const NullDeviceSpec& spec) {
  return stripe::NullDeviceParams{spec.capacity};
}

stripe::DeviceParams params(const NvmeSpec& spec) {
  stripe::NvmeParams p;
  p.capacity = spec.capacity;
  p.channels = spec.channels;
  p.read_latency = spec.read_latency;
  p.write_latency = spec.write_latency;
  p.read_rate = spec.read_rate;
  p.write_rate = spec.write_rate;
  p.flush_latency = spec.flush_latency;
  return p;
}

stripe::DeviceParams params(const HddArraySpec& spec) {
  stripe::HddArrayParams p;
  p.disk.capacity = spec.disk_capacity;
  p.disk.track_to_track = spec.seek_track;
  p.disk.average_seek = spec.seek_average;
  p.disk.full_stroke = spec.seek_full;
  p.disk.rpm = spec.rpm;
  p.disk.outer_rate = spec.outer_rate;
  p.disk.inner_rate = spec.inner_rate;
  p.queue.depth = spec.queue_depth;
  p.queue.rebuild_percent = spec.rebuild_percent;
  p.raid.data_disks = spec.data_disks;
  p.raid.parity_disks = spec.parity_disks;
  p.raid.chunk = spec.chunk;
  // A rebuild runs because a drive was lost: what it held is worked out from the others meanwhile.
  p.raid.failed_disks = spec.rebuild_percent > 0 ? 1 : 0;
  p.cache = spec.write_cache;
  p.cache_rate = spec.write_cache_rate;
  p.cache_is_stable = spec.write_cache_is_stable;
  return p;
}

}  // namespace

stripe::DeviceParams device_params(const DeviceSpec& spec) {
  return std::visit([](const auto& each) { return params(each); }, spec);
}

stripe::OssCacheParams cache_params(const OssCacheSpec& spec) {
  stripe::OssCacheParams p;
  p.size = spec.size;
  p.read_through = spec.read_cache;
  p.write_through = spec.write_through;
  return p;
}

}  // namespace scenarios
