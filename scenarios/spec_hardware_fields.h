// The fields of what a cluster is made of, as spec_fields.h.
#pragma once

#include <array>
#include <string_view>

#include "scenarios/hardware.h"

namespace scenarios {

// Bounds of a number, both allowed.
struct Range {
  std::uint64_t min;
  std::uint64_t max;
};

inline constexpr sim::Duration kMaxDuration = sim::seconds(24 * 3600);
inline constexpr sim::Rate kMinRate{1000};
inline constexpr Range kCores{1, 4096};
inline constexpr Range kThreads{1, 65536};
inline constexpr Range kSizeOrNone{0, 1024 * sim::kTiB};
inline constexpr Range kSize{4 * sim::kKiB, 1024 * sim::kTiB};

inline constexpr std::array<std::string_view, 2> kTopologyNames = {"star", "two_tier"};
inline constexpr std::array<std::string_view, 3> kDeviceNames = {"null", "nvme", "hdd_array"};
inline constexpr std::array<std::string_view, 2> kStoreNames = {"modelled", "memory"};
inline constexpr std::array<std::string_view, 2> kNrsNames = {"fifo", "orr"};
template <class V>
void fields(V& v, NodeSpec& n) {
  v.rate("nic_rate", n.nic_rate, "Rate of the network interface, each way.");
  v.count("cores", n.cores, kCores, "Processor cores.");
  v.duration("cpu_per_message", n.cpu_per_message, "Core time to send or receive a message.");
  v.duration("cpu_per_kib", n.cpu_per_kib,
             "Core time to send or receive each KiB of a message, beside cpu_per_message.");
  v.rate("copy_rate", n.copy_rate, "Rate at which one core copies; unlimited costs nothing.");
  v.rate("checksum_rate", n.checksum_rate, "Rate at which one core computes checksums.");
}

template <class V>
void fields(V& v, ClientNodeSpec& n) {
  fields(v, static_cast<NodeSpec&>(n));
  v.duration("cpu_per_call", n.cpu_per_call, "Core time of a buffered read or write, copy aside.");
  v.rate("page_rate", n.page_rate, "Rate at which one core makes pages ready for reads to fill.");
}

template <class V>
void fields(V&, StarSpec&) {}

template <class V>
void fields(V& v, TwoTierSpec& t) {
  v.count("leaf_ports", t.leaf_ports, {1, 4096}, "Nodes on each leaf switch.");
  v.ratio("oversubscription", t.oversubscription,
          "Rate of a leaf's nodes together, each as fast as the fastest node, over that of its "
          "uplink: \"2:1\".");
}

template <class V>
void fields(V& v, FabricSpec& f) {
  v.duration("latency", f.latency, "One way between any two nodes, unloaded.");
  v.kind("topology", f.topology, kTopologyNames, "How the nodes are connected.");
}

template <class V>
void fields(V& v, NullDeviceSpec& d) {
  v.bytes("capacity", d.capacity, kSize, "Space of the device.");
}

template <class V>
void fields(V& v, NvmeSpec& d) {
  v.count("channels", d.channels, {1, 4096}, "Requests served at the same time.");
  v.duration("read_latency", d.read_latency, "Of a read, beside its transfer.");
  v.duration("write_latency", d.write_latency, "Of a write, beside its transfer.");
  v.rate("read_rate", d.read_rate, "Read bandwidth of the device, shared by its channels.");
  v.rate("write_rate", d.write_rate, "Write bandwidth of the device, shared by its channels.");
  v.duration("flush_latency", d.flush_latency,
             "Of making earlier writes stable; 0s if a power loss spares the buffer.");
  v.bytes("capacity", d.capacity, kSize, "Space of the device.");
}

template <class V>
void fields(V& v, HddArraySpec& d) {
  v.count("data_disks", d.data_disks, {1, 64}, "Disks' worth of data in the RAID group.");
  v.count("parity_disks", d.parity_disks, {0, 8}, "Disks' worth of parity; 2 is RAID-6.");
  v.count("rpm", d.rpm, {1000, 100000}, "Revolutions per minute.");
  v.duration("seek_track", d.seek_track, "Seek to the next track.");
  v.duration("seek_average", d.seek_average, "Average seek, over a third of the tracks.");
  v.duration("seek_full", d.seek_full, "Seek over all tracks.");
  v.rate("outer_rate", d.outer_rate, "Transfer rate of one disk on its outermost track.");
  v.rate("inner_rate", d.inner_rate, "Transfer rate of one disk on its innermost track.");
  v.bytes("chunk", d.chunk, {4 * sim::kKiB, sim::kGiB}, "Of one disk in a RAID stripe.");
  v.bytes("disk_capacity", d.disk_capacity, kSize, "Space of one disk.");
  v.bytes("write_cache", d.write_cache, kSizeOrNone, "Write-back cache; 0B for none.");
  v.rate("write_cache_rate", d.write_cache_rate, "Rate at which the write cache takes data.");
  v.flag("write_cache_is_stable", d.write_cache_is_stable,
         "Whether the cache survives a power loss; if not, a sync empties it to the disks.");
  v.count("queue_depth", d.queue_depth, {1, 4096}, "Requests the array may reorder.");
  v.count("rebuild_percent", d.rebuild_percent, {0, 95}, "Disk time taken by a rebuild.");
}

template <class V>
void fields(V& v, OssCacheSpec& c) {
  v.flag("enabled", c.enabled, "Whether object servers cache pages.");
  v.bytes("size", c.size, kSize, "Memory for it, per object server.");
  v.flag("read_cache", c.read_cache, "Whether reads leave their data in it.");
  v.flag("write_through", c.write_through, "Whether writes leave their data in it.");
}

template <class V>
void fields(V& v, OssSpec& o) {
  v.object("node", o.node, "The machine.");
  v.count("io_threads", o.io_threads, kThreads,
          "Threads serving reads and writes, shared by a server's OSTs.");
  v.count("lock_threads", o.lock_threads, kThreads, "Threads serving all else, shared likewise.");
  v.duration("cpu_per_io", o.cpu_per_io, "Core time of a read or write RPC.");
  v.duration("cpu_per_lock", o.cpu_per_lock, "Core time of a lock request, cancel or glimpse.");
  v.duration("cpu_per_object", o.cpu_per_object,
             "Core time of any other object request; of a create, for each object.");
  v.object("page_cache", o.page_cache, "The page cache of an object server.");
  v.choice("nrs", o.nrs, kNrsNames, "Order of service: arrival, or by object and offset.");
  v.bytes("preallocation", o.preallocation, {64 * sim::kKiB, sim::kGiB},
          "Window in which an object's data is laid down together.");
}

template <class V>
void fields(V& v, MdsSpec& m) {
  v.object("node", m.node, "The machine.");
  v.count("threads", m.threads, kThreads, "Service threads.");
  v.duration("cpu_per_lookup", m.cpu_per_lookup, "Core time of a lookup, getattr or open.");
  v.duration("cpu_per_modify", m.cpu_per_modify, "Core time of a create, unlink or setattr.");
  v.duration("cpu_per_close", m.cpu_per_close, "Core time of a close.");
  v.duration("cpu_per_io", m.cpu_per_io, "Core time of a read or write of data on the MDT.");
  v.bytes("dom_max", m.dom_max, kSizeOrNone, "Data on the MDT, per file, at most.");
  v.count("precreate_min", m.precreate_min, {1, 20000}, "Objects asked for at a time, at least.");
  v.count("precreate_max", m.precreate_max, {1, 20000}, "Objects asked for at a time, at most.");
  v.duration("commit_interval", m.commit_interval,
             "The longest that a change is not stable, where the server restarts.");
}

template <class V>
void fields(V& v, HardwareSpec& h) {
  v.ignored("$schema", "For editors.");
  v.name("name", h.name, "What reports call it.");
  v.text("description", h.description, "For people.");
  v.object("client", h.client, "A client node.");
  v.object("oss", h.oss, "An object server.");
  v.object("mds", h.mds, "The metadata server.");
  v.object("fabric", h.fabric, "The network between them.");
  v.kind("ost_device", h.ost_device, kDeviceNames, "What stands behind each OST.");
  v.kind("mdt_device", h.mdt_device, kDeviceNames, "What holds the data kept on the MDT.");
  v.choice("store", h.store, kStoreNames, "Keep only sizes and times, or the data as well.");
}

}  // namespace scenarios
