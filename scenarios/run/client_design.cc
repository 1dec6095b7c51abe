#include "scenarios/run/client_design.h"

namespace scenarios {
namespace {

stripe::Coalesce coalescing(Coalescing choice) {
  switch (choice) {
    case Coalescing::none:
      return stripe::Coalesce::none;
    case Coalescing::adjacent:
      return stripe::Coalesce::adjacent;
    case Coalescing::read_through:
      return stripe::Coalesce::read_through;
    case Coalescing::vector:
      break;
  }
  return stripe::Coalesce::vector;
}

stripe::Coherence coherence(Coherence choice) {
  switch (choice) {
    case Coherence::none:
      return stripe::Coherence::none;
    case Coherence::ttl:
      return stripe::Coherence::ttl;
    case Coherence::oplock:
      return stripe::Coherence::oplock;
    case Coherence::oplock_clustered:
      return stripe::Coherence::oplock_clustered;
    case Coherence::split:
      return stripe::Coherence::split;
    case Coherence::ldlm:
      return stripe::Coherence::ldlm;
    case Coherence::unshared:
      break;
  }
  return stripe::Coherence::unshared;
}

stripe::Redirect redirect(Redirect choice) {
  switch (choice) {
    case Redirect::none:
      return stripe::Redirect::none;
    case Redirect::all:
      return stripe::Redirect::all;
    case Redirect::paging:
      break;
  }
  return stripe::Redirect::paging;
}

stripe::Purge purge(Purge choice) {
  switch (choice) {
    case Purge::open:
      return stripe::Purge::open;
    case Purge::close:
      return stripe::Purge::close;
    case Purge::range:
      return stripe::Purge::range;
    case Purge::none:
      break;
  }
  return stripe::Purge::none;
}

stripe::MemoryDesign memory_design(const PageCacheSpec& cache, const MemorySpec& spec) {
  stripe::MemoryDesign memory;
  memory.size = spec.size;
  memory.others_low = spec.others_low;
  memory.others_high = spec.others_high;
  memory.period = spec.period;
  memory.swap_latency = spec.swap_latency;
  memory.expire = cache.expire;
  switch (cache.pressure) {
    case Pressure::signal:
      memory.pressure = stripe::Pressure::signal;
      break;
    case Pressure::fixed:
      memory.pressure = stripe::Pressure::fixed;
      break;
    case Pressure::expire:
      memory.pressure = stripe::Pressure::expire;
      break;
  }
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
  design.coalesce = coalescing(spec.coalescing);
  design.dispatch =
      spec.dispatch == Dispatch::serial ? stripe::Dispatch::serial : stripe::Dispatch::parallel;
  design.coherence = coherence(spec.coherence);
  design.memory = memory_design(spec.page_cache, memory);
  design.intents = spec.intents;
  design.statahead_max = spec.statahead_max;
  design.attribute_timeout = spec.attribute_timeout;
  design.share_server = spec.share_server;
  design.split = {redirect(spec.split.redirect), purge(spec.split.purge), spec.split.purge_time,
                  spec.split.mapped};
  design.ping_interval = spec.ping_interval;
  design.write_lock =
      spec.write_lock == WriteLock::file ? stripe::WriteLock::file : stripe::WriteLock::range;
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
