#include "stripe/server/device_factory.h"

#include <fmt/core.h>

#include <utility>

namespace stripe {
namespace {

// Collects the first fault found.
class Checker {
 public:
  void require(bool holds, std::string_view parameter, std::uint64_t found,
               std::string_view right) {
    if (status_.ok() && !holds) {
      status_ = sim::Error{sim::Errc::invalid_argument,
                           fmt::format("{} is {}; it must be {}", parameter, found, right)};
    }
  }
  void not_negative(sim::Duration found, std::string_view parameter) {
    if (status_.ok() && found < sim::Duration()) {
      status_ =
          sim::Error{sim::Errc::invalid_argument,
                     fmt::format("{} is {} ns; it must not be negative", parameter, found.ns())};
    }
  }
  sim::Status status() && { return std::move(status_); }

 private:
  sim::Status status_;
};

// Device addresses stay below this, so that sums of two of them do not overflow.
constexpr sim::Bytes kLargest = sim::Bytes{1} << 62;

sim::Status check(const NullDeviceParams& p) {
  Checker c;
  c.require(p.capacity <= kLargest, "capacity", p.capacity, "at most 4 EiB");
  return std::move(c).status();
}

sim::Status check(const NvmeParams& p) {
  Checker c;
  c.require(p.capacity <= kLargest, "capacity", p.capacity, "at most 4 EiB");
  c.require(p.channels >= 1 && p.channels <= 65536, "channels", p.channels, "1 to 65536");
  c.not_negative(p.read_latency, "read_latency");
  c.not_negative(p.write_latency, "write_latency");
  c.not_negative(p.flush_latency, "flush_latency");
  return std::move(c).status();
}

void check_disk(const DiskParams& d, Checker& c) {
  c.require(d.capacity >= sim::kMiB && d.capacity <= sim::kTiB * 1024, "disk.capacity", d.capacity,
            "1 MiB to 1 PiB");
  c.not_negative(d.track_to_track, "disk.track_to_track");
  c.not_negative(d.average_seek - d.track_to_track, "disk.average_seek - track_to_track");
  c.not_negative(d.full_stroke - d.average_seek, "disk.full_stroke - average_seek");
  c.require(d.rpm >= 1 && d.rpm <= 1000000, "disk.rpm", d.rpm, "1 to 1000000");
  c.require(d.inner_rate.bytes_per_second() >= 1, "disk.inner_rate",
            d.inner_rate.bytes_per_second(), "at least 1 B/s");
  c.require(d.outer_rate >= d.inner_rate, "disk.outer_rate", d.outer_rate.bytes_per_second(),
            "at least disk.inner_rate");
}

void check_raid(const RaidGeometry& r, sim::Bytes disk_capacity, Checker& c) {
  c.require(r.data_disks >= 1 && r.data_disks <= 256, "raid.data_disks", r.data_disks, "1 to 256");
  c.require(r.parity_disks <= 16, "raid.parity_disks", r.parity_disks, "0 to 16");
  c.require(r.chunk >= 512 && r.chunk <= disk_capacity, "raid.chunk", r.chunk,
            "512 B to the capacity of a disk");
  c.require(r.failed_disks <= r.parity_disks && r.failed_disks < r.data_disks, "raid.failed_disks",
            r.failed_disks, "at most raid.parity_disks, and fewer than raid.data_disks");
}

sim::Status check(const HddArrayParams& p) {
  Checker c;
  check_disk(p.disk, c);
  check_raid(p.raid, p.disk.capacity, c);
  c.require(p.queue.depth >= 1, "queue.depth", p.queue.depth, "at least 1");
  c.not_negative(p.queue.patience, "queue.patience");
  c.require(p.queue.rebuild_percent < 100, "queue.rebuild_percent", p.queue.rebuild_percent,
            "0 to 99");
  c.require(p.cache <= kLargest, "cache", p.cache, "at most 4 EiB");
  c.require(p.destage_run <= kLargest, "destage_run", p.destage_run, "at most 4 EiB");
  c.require(p.destage_runs >= 1, "destage_runs", p.destage_runs, "at least 1");
  c.not_negative(p.destage_after, "destage_after");
  return std::move(c).status();
}

std::unique_ptr<Device> make(sim::Loop& loop, std::string name, const NullDeviceParams& p) {
  return std::make_unique<NullDevice>(loop, std::move(name), p);
}
std::unique_ptr<Device> make(sim::Loop& loop, std::string name, const NvmeParams& p) {
  return std::make_unique<NvmeDevice>(loop, std::move(name), p);
}
std::unique_ptr<Device> make(sim::Loop& loop, std::string name, const HddArrayParams& p) {
  return std::make_unique<HddArray>(loop, std::move(name), p);
}

}  // namespace

sim::Status check_device(const DeviceParams& params) {
  return std::visit([](const auto& p) { return check(p); }, params);
}

sim::Result<std::unique_ptr<Device>> make_device(sim::Loop& loop, std::string name,
                                                 const DeviceParams& params) {
  if (const sim::Status status = check_device(params); !status.ok()) {
    return sim::Error{status.code(), fmt::format("device {}: {}", name, status.error().message)};
  }
  return std::visit([&](const auto& p) { return make(loop, std::move(name), p); }, params);
}

}  // namespace stripe
