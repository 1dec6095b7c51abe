// What the modelled machines are made of. Plain data, read from a hardware file (hardware/*.json,
// where each number cites its source) or from a scenario; the defaults are an ideal small cluster:
// round numbers, assumed where no source stands beside them.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "sim/units.h"

namespace scenarios {

// A ratio of two whole numbers, written "2:1". Both are at least 1.
struct Ratio {
  std::uint32_t over = 1;
  std::uint32_t under = 1;
  bool operator==(const Ratio&) const = default;
};

// One node: its interface and what the processor pays per message and per byte.
struct NodeSpec {
  sim::Rate nic_rate{12'500'000'000};                    // full duplex; 100 Gbit/s
  std::uint32_t cores = 16;                              // of the node's CPU station
  sim::Duration cpu_per_message = sim::microseconds(2);  // to send, and again to receive
  sim::Duration cpu_per_kib;  // of a message, beside that: 0 where the interface moves the bytes
  sim::Rate copy_rate{10'000'000'000};  // of one core; unlimited = free
  sim::Rate checksum_rate{
      9'763'000'000};  // of one core: crc32c on a 2 GHz Xeon E5-2650 (Lustre commit b1e7be00cb)
  // Of a client, the only node that makes calls: a buffered read or write, beside its copy. Where
  // 4 KiB reads of cached data give 1.2 GB/s and 1 MiB reads 1.4 GB/s (Lustre commit 172048eaef),
  // the difference between a call's time and its bytes' is 0.5 us.
  sim::Duration cpu_per_call = sim::nanoseconds(500);
  // Of a client: making pages ready that a read fills, bytes per second of one core. Unlimited:
  // what it costs is in copy_rate.
  sim::Rate page_rate;
  bool operator==(const NodeSpec&) const = default;
};

// A node that applications run on.
struct ClientNodeSpec : NodeSpec {
  bool operator==(const ClientNodeSpec&) const = default;
};

// Every node one switch away from every other.
struct StarSpec {
  bool operator==(const StarSpec&) const = default;
};

// Leaf switches of `leaf_ports` nodes each, whose uplinks carry leaf_ports × NIC rate ÷
// oversubscription; the NIC rate is that of the fastest node, for which a leaf's ports are made.
struct TwoTierSpec {
  std::uint32_t leaf_ports = 24;
  Ratio oversubscription;
  bool operator==(const TwoTierSpec&) const = default;
};

struct FabricSpec {
  sim::Duration latency = sim::microseconds(2);  // one way, unloaded, between any two nodes
  std::variant<StarSpec, TwoTierSpec> topology;
  bool operator==(const FabricSpec&) const = default;
};

// A device that takes no time.
struct NullDeviceSpec {
  sim::Bytes capacity = 16 * sim::kTiB;
  bool operator==(const NullDeviceSpec&) const = default;
};

// Flash: a request holds one channel for the latency and shares the bandwidth.
struct NvmeSpec {
  std::uint32_t channels = 32;
  sim::Duration read_latency = sim::microseconds(80);
  sim::Duration write_latency = sim::microseconds(15);
  sim::Rate read_rate{6'500'000'000};
  sim::Rate write_rate{3'500'000'000};
  // Until what was written before is stable; 0: the drive's buffer survives a power loss, so that
  // it is stable at once.
  sim::Duration flush_latency;
  sim::Bytes capacity = 8 * sim::kTiB;
  bool operator==(const NvmeSpec&) const = default;
};

// One RAID group of rotating disks; it has data_disks + parity_disks of them.
struct HddArraySpec {
  std::uint32_t data_disks = 8;
  std::uint32_t parity_disks = 2;
  std::uint32_t rpm = 7200;
  sim::Duration seek_track = sim::microseconds(500);  // to the next track
  sim::Duration seek_average = sim::microseconds(8500);
  sim::Duration seek_full = sim::milliseconds(18);  // from edge to edge
  sim::Rate outer_rate{180'000'000};                // of one disk on its outermost track
  sim::Rate inner_rate{90'000'000};                 // and on its innermost
  sim::Bytes chunk = 128 * sim::kKiB;               // of one disk in a RAID stripe
  sim::Bytes disk_capacity = 4'000'000'000'000;
  sim::Bytes write_cache = 0;                 // write-back cache of the controller; 0 = none
  sim::Rate write_cache_rate{2'000'000'000};  // at which it takes data
  // The write cache survives a power loss, so that a flush has nothing to do; else it empties it.
  bool write_cache_is_stable = true;
  std::uint32_t queue_depth = 32;     // requests the array may choose from
  std::uint32_t rebuild_percent = 0;  // of the disks' time a running rebuild takes
  bool operator==(const HddArraySpec&) const = default;
};

using DeviceSpec = std::variant<NullDeviceSpec, NvmeSpec, HddArraySpec>;

// What the object stores keep: only sizes and service times, or the data as well.
enum class StoreKind : std::uint8_t { modelled, memory };

// Order in which an OSS serves queued requests; Lustre 2.17's default is FIFO.
enum class NrsPolicy : std::uint8_t { fifo, orr };

struct OssCacheSpec {
  bool enabled = false;
  sim::Bytes size = 16 * sim::kGiB;
  bool read_cache = true;     // reads leave their data behind
  bool write_through = true;  // writes leave their data behind; they still wait for the device
  bool operator==(const OssCacheSpec&) const = default;
};

struct OssSpec {
  NodeSpec node;
  // Threads of a server, shared by its OSTs.
  std::uint32_t io_threads = 512;                        // ll_ost_io; oss_max_threads of 2.17
  std::uint32_t lock_threads = 64;                       // ll_ost: enqueues, attributes
  sim::Duration cpu_per_io = sim::microseconds(20);      // per OST_READ or OST_WRITE
  sim::Duration cpu_per_lock = sim::microseconds(5);     // per enqueue, cancel, glimpse
  sim::Duration cpu_per_object = sim::microseconds(10);  // per object created; destroy, sync, punch
  OssCacheSpec page_cache;
  NrsPolicy nrs = NrsPolicy::fifo;
  sim::Bytes preallocation = 8 * sim::kMiB;  // window by which an object's extents are placed
  bool operator==(const OssSpec&) const = default;
};

struct MdsSpec {
  NodeSpec node;
  std::uint32_t threads = 64;                            // base per CPT, Lustre 2.17
  sim::Duration cpu_per_lookup = sim::microseconds(15);  // lookup, getattr, open of a file
  sim::Duration cpu_per_modify = sim::microseconds(60);  // create, unlink, setattr, rename
  sim::Duration cpu_per_close = sim::microseconds(10);
  sim::Duration cpu_per_io = sim::microseconds(20);  // per read or write of data on the MDT
  sim::Bytes dom_max = sim::kMiB;    // of a file's data on the MDT; Lustre: dom_stripesize, 1 MiB
  std::uint32_t precreate_min = 32;  // objects asked for at a time; Lustre: 32 .. 20000
  std::uint32_t precreate_max = 20000;
  sim::Duration commit_interval = sim::seconds(5);  // of the journal: jbd2, under ldiskfs
  bool operator==(const MdsSpec&) const = default;
};

struct HardwareSpec {
  std::string name = "ideal";  // for reports
  std::string description;
  ClientNodeSpec client;
  OssSpec oss;
  MdsSpec mds;
  FabricSpec fabric;
  DeviceSpec ost_device;  // every OST has one of these
  DeviceSpec mdt_device;  // for the data of files that have it on the MDT
  StoreKind store = StoreKind::modelled;
  bool operator==(const HardwareSpec&) const = default;
};

}  // namespace scenarios
