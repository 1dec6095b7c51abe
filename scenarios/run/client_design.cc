#include "scenarios/run/client_design.h"

namespace scenarios {
namespace {

stripe::MemoryDesign memory_design(const PageCacheSpec& cache, const MemorySpec& spec) {
  stripe::MemoryDesign memory;
  memory.size = spec.size;
  memory.others_low = spec.others_low;
  memory.others_high = spec.others_high;
  memory.period = spec.period;
  memory.swap_latency = spec.swap_latency;
  memory.expire = cache.expire;
  memory.pressure = cache.pressure;
  return memory;
}

}  // namespace

stripe::ClientDesign client_design(const DesignSpec& spec, const MemorySpec& memory) {
  stripe::ClientDesign design;
  design.max_rpc_size = spec.max_rpc_size;
  design.rpcs_in_flight = spec.max_rpcs_in_flight;
  design.rpc_timeout = spec.rpc_timeout;
  design.short_io = spec.short_io;
  design.checksums = spec.checksums;
  design.coalesce = spec.coalescing;
  design.dispatch = spec.dispatch;
  design.coherence = spec.coherence;
  design.memory = memory_design(spec.page_cache, memory);
  design.intents = spec.intents;
  design.statahead_max = spec.statahead_max;
  design.attribute_timeout = spec.attribute_timeout;
  design.share_server = spec.share_server;
  design.split = {spec.split.redirect, spec.split.purge, spec.split.purge_time, spec.split.mapped};
  design.ping_interval = spec.ping_interval;
  design.write_lock = spec.write_lock;
  design.async_read_ahead = spec.read_ahead.asynchronous;
  design.page_cache = spec.page_cache.enabled;
  design.cache_size = spec.page_cache.size;
  design.grants = spec.grants;
  design.max_dirty_per_ost = spec.max_dirty_per_ost;
  design.read_ahead.enabled = spec.read_ahead.enabled;
  design.read_ahead.rpc_size = spec.max_rpc_size;
  design.read_ahead.max_per_file = spec.read_ahead.max_per_file;
  design.read_ahead.whole_file = spec.read_ahead.whole_file;
  design.max_read_ahead = spec.read_ahead.max_total;
  return design;
}

}  // namespace scenarios
