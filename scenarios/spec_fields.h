// The fields of every struct of a scenario, listed once for whoever walks them: the reader, the
// printer and the JSON Schema. A field is its key, the member, its bounds and a sentence for users.
//
// A walker V has these members; `key` and `doc` outlive it:
//   require(keys)                          objects lacking one of these are refused
//   ignored(key, doc)                      a text nobody here reads
//   name(key, std::string&, doc)           letters, digits, "_", "-" and ".", at most 64
//   text(key, std::string&, doc)
//   flag(key, bool&, doc)
//   seed(key, uint64&, doc)                any 64-bit number
//   count(key, uint32&, Range, doc)
//   ratio(key, Ratio&, doc)                "2:1"
//   bytes(key, Bytes&, Range, doc)         with its unit
//   duration(key, Duration&, doc)          with its unit, at most kMaxDuration
//   rate(key, Rate&, doc)                  with its unit, at least kMinRate
//   choice(key, enum&, names, doc)         names in the order of the enumerators
//   object(key, struct&, doc)              a struct that has fields() here
//   object(key, optional<struct>&, doc)    the same, there only if the key is
//   kind(key, variant&, names, doc)        {"NAME": {...}} or "NAME", names as the alternatives
//   list(key, vector<struct>&, Range, doc) Range of its length
//   pools(key, PoolsSpec&, doc)            {"NAME": [numbers of OSTs]}
//   vary(key, vector<Axis>&, doc)          {"PATH": [values]}
//   thresholds(key, vector<ThresholdSpec>&, doc)  {"EXPRESSION": "BOUND"}
//   preset(DesignSpec&, doc)               the key "preset": starts from a named design
//   design(key, DesignSpec&, doc)          an object, or the text of its preset alone
//   hardware(key, HardwareSpec&, doc)      an object, the name of a hardware file, or a path
//   overrides(key, HardwareSpec&, doc)     an object laid over what is there
#pragma once

#include <array>
#include <string_view>

#include "scenarios/spec.h"
#include "scenarios/spec_fault_fields.h"
#include "scenarios/spec_hardware_fields.h"
#include "scenarios/spec_sweep_fields.h"

namespace scenarios {

inline constexpr std::array<std::string_view, 4> kCoalescingNames = {"none", "adjacent",
                                                                     "read_through", "vector"};
inline constexpr std::array<std::string_view, 7> kCoherenceNames = {
    "unshared", "none", "ttl", "oplock", "oplock_clustered", "split", "ldlm"};
inline constexpr std::array<std::string_view, 3> kRedirectNames = {"none", "paging", "all"};
inline constexpr std::array<std::string_view, 4> kPurgeNames = {"none", "open", "close", "range"};
inline constexpr std::array<std::string_view, 3> kPressureNames = {"signal", "fixed", "expire"};
inline constexpr std::array<std::string_view, 2> kWriteLockNames = {"range", "file"};
inline constexpr std::array<std::string_view, 2> kDispatchNames = {"parallel", "serial"};
inline constexpr std::array<std::string_view, 2> kTimingNames = {"as_fast_as_possible",
                                                                 "as_recorded"};
inline constexpr std::array<std::string_view, 2> kMountsNames = {"all", "lustre_only"};
inline constexpr std::array<std::string_view, 7> kSharingPatternNames = {
    "producer_consumer", "read_mostly", "ping_pong", "append",
    "read_modify_write", "reopen",      "random_mix"};
inline constexpr std::array<std::string_view, 3> kSharingRoleNames = {"all", "writer", "reader"};
inline constexpr std::array<std::string_view, 2> kWorldNames = {"sim", "socket"};

template <class V>
void fields(V& v, ReadAheadSpec& r) {
  v.flag("enabled", r.enabled, "Whether the client reads ahead.");
  v.bytes("max_per_file", r.max_per_file, kSizeOrNone,
          "Window of one open file, at most; and a quarter of the cache.");
  v.bytes("max_total", r.max_total, kSizeOrNone, "Being read ahead at a time, per client.");
  v.bytes("whole_file", r.whole_file, kSizeOrNone, "Files this small are fetched whole.");
  v.flag("asynchronous", r.asynchronous, "Whether others than the reader make its pages ready.");
}

template <class V>
void fields(V& v, PageCacheSpec& c) {
  v.flag("enabled", c.enabled, "Whether the client caches pages.");
  v.bytes("size", c.size, kSize, "Memory for it, per client.");
  v.choice("pressure", c.pressure, kPressureNames,
           "How it learns that other programs want memory.");
  v.duration("expire", c.expire, "Of pressure expire: unused for so long, data goes.");
}

template <class V>
void fields(V& v, SplitSpec& s) {
  v.choice("redirect", s.redirect, kRedirectNames,
           "What goes to the data nodes' shares: none, paging and uncached I/O, or all.");
  v.choice("purge", s.purge, kPurgeNames, "When the metadata share's cache is purged.");
  v.duration("purge_time", s.purge_time, "Of each purge, also of one that fails.");
  v.flag("mapped", s.mapped, "Whether files are mapped too, so that every purge fails.");
}

template <class V>
void fields(V& v, MemorySpec& m) {
  v.bytes("size", m.size, kSizeOrNone, "Memory of a node; 0: there is always enough.");
  v.bytes("others_low", m.others_low, kSizeOrNone, "What other programs hold at first.");
  v.bytes("others_high", m.others_high, kSizeOrNone, "And in the second half of each period.");
  v.duration("period", m.period, "Of their demand.");
  v.duration("swap_latency", m.swap_latency, "To bring back a page that was swapped out.");
}

template <class V>
void fields(V& v, DesignSpec& d) {
  v.preset(d, "The named design to start from.");
  v.bytes("max_rpc_size", d.max_rpc_size, {4 * sim::kKiB, 64 * sim::kMiB}, "Data in one RPC.");
  v.count("max_rpcs_in_flight", d.max_rpcs_in_flight, {1, 256}, "Data RPCs on the way, per OST.");
  v.bytes("max_dirty_per_ost", d.max_dirty_per_ost, kSizeOrNone, "Written, not yet sent, per OST.");
  v.flag("grants", d.grants, "Whether OSTs promise space for what is written and not yet sent.");
  v.bytes("short_io", d.short_io, {0, 64 * sim::kKiB}, "I/O this small travels inside the RPC.");
  v.flag("checksums", d.checksums, "Whether bulk data carries a checksum.");
  v.flag("direct_io", d.direct_io, "Whether all I/O bypasses the page cache.");
  v.choice("coalescing", d.coalescing, kCoalescingNames, "How parts for one OST share RPCs.");
  v.choice("dispatch", d.dispatch, kDispatchNames, "Whether parts travel at the same time.");
  v.object("read_ahead", d.read_ahead, "Reading before being asked.");
  v.object("page_cache", d.page_cache, "The client's page cache.");
  v.choice("write_lock", d.write_lock, kWriteLockNames,
           "What one writer of a file keeps others of its client from.");
  v.choice("coherence", d.coherence, kCoherenceNames,
           "What makes cached data valid when other clients may change it.");
  v.flag("intents", d.intents, "One request to the MDT for all of an operation; else several.");
  v.count("statahead_max", d.statahead_max, {0, 8192}, "Entries asked for ahead, under locks.");
  v.duration("attribute_timeout", d.attribute_timeout,
             "Of coherence ttl: how long attributes are believed.");
  v.count("share_server", d.share_server, {0, 63},
          "Of coherence oplock and split: the server it asks.");
  v.object("split", d.split, "Of coherence split: what is sent past which cache.");
  v.duration("ping_interval", d.ping_interval,
             "Silence after which a server is told that the client lives; 0s: it is not.");
  v.duration("rpc_timeout", d.rpc_timeout, "After which an unanswered RPC is given up.");
}

template <class V>
void fields(V& v, SharingSpec& s) {
  v.require({"pattern"});
  v.name("name", s.name, "Groups of the same name share files and wait for each other.");
  v.choice("pattern", s.pattern, kSharingPatternNames, "Who reads and writes what, and when.");
  v.choice("role", s.role, kSharingRoleNames, "What the group's ranks do of the pattern.");
  v.bytes("file_size", s.file_size, {1, 1024 * sim::kTiB}, "Of each file, whole records.");
  v.bytes("record", s.record, {1, sim::kGiB}, "Of one read or write.");
  v.count("rounds", s.rounds, {1, 10'000'000}, "Of every rank.");
  v.count("files", s.files, {1, 10'000}, "Of the set.");
  v.count("write_percent", s.write_percent, {0, 100}, "Of a rank's operations; random_mix.");
  v.count("locality_percent", s.locality_percent, {0, 100},
          "Of the records picked: from the first tenth only, the others from anywhere.");
  v.duration("think", s.think, "Mean of the exponential pause before each round.");
  v.duration("delay", s.delay, "From being told of a write to reading it.");
  v.flag("fsync", s.fsync, "Whether each write is followed by an fsync.");
  v.flag("open_per_round", s.open_per_round, "Whether files are opened and closed every round.");
}

template <class V>
void fields(V& v, WorkloadSpec& w) {
  v.text("ior", w.ior, "An IOR command line or script, verbatim.");
  v.path("ior_script", w.ior_script, "Path of an IOR script.");
  v.path("dxt", w.dxt, "Path of a Darshan DXT text dump.");
  v.object("sharing", w.sharing, "A pattern of clients using the same files.");
  v.choice("timing", w.timing, kTimingNames, "When the operations of a trace are issued.");
  v.choice("mounts", w.mounts, kMountsNames, "Which files of a trace are replayed.");
  v.count("tasks", w.tasks, {1, 1'000'000}, "Ranks over all nodes of the group.");
}

template <class V>
void fields(V& v, ClientGroup& g) {
  v.require({"workload"});
  v.name("name", g.name, "What reports call the group.");
  v.count("count", g.count, {1, 100'000}, "Client nodes.");
  v.count("tasks_per_node", g.tasks_per_node, {1, 1024}, "Ranks on each node.");
  v.design("design", g.design, "The client design: a preset's name, or choices laid over one.");
  v.object("memory", g.memory, "Memory of a node, and what other programs want of it.");
  v.object("workload", g.workload, "What the ranks do.");
  v.text("layout", g.layout, "lfs setstripe options for the group's files.");
}

template <class V>
void fields(V& v, ClusterSpec& c) {
  v.require({"osts"});
  v.count("osts", c.osts, {1, 10'000}, "Object storage targets.");
  v.count("oss", c.oss, {1, 10'000}, "Object servers; one per OST when left out.");
  v.count("mdts", c.mdts, {1, 1}, "Metadata targets.");
  v.count("share_servers", c.share_servers, {1, 64}, "Servers that grant oplocks.");
  v.pools("pools", c.pools, "Pools of OSTs that a layout may name: {\"fast\": [0, 1]}.");
  v.hardware("hardware", c.hardware, "The machines: a hardware file's name or path, or an object.");
  v.overrides("overrides", c.hardware, "Laid over the hardware.");
}

template <class V>
void fields(V& v, Scenario& s) {
  v.require({"name", "cluster", "clients"});
  v.ignored("$schema", "For editors.");
  v.name("name", s.name, "What reports call it.");
  v.text("description", s.description, "For people.");
  v.seed("seed", s.seed,
         "Of what is left to chance: IOR's -z and -Z, sharing, OSTs by uneven free space.");
  v.choice("world", s.world, kWorldNames, "Virtual time and modelled machines, or real TCP.");
  v.object("cluster", s.cluster, "Servers and hardware.");
  v.list("clients", s.clients, {1, 1000}, "Groups of clients.");
  v.text("layout", s.layout, "lfs setstripe options for all files.");
  v.flag("verify", s.verify, "Compare every word read with the writes issued to its place.");
  v.flag("check_coherence", s.check_coherence,
         "Judge which reads were stale; always done when a workload is a sharing one.");
  v.duration("staleness_bound", s.staleness_bound,
             "Stale reads no older than this keep bounded staleness, judged unless 0s.");
  v.list("faults", s.faults, {0, 1000}, "What goes wrong during the run, and when.");
  fields(v, s.sweep);
}

}  // namespace scenarios
