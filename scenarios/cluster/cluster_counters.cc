// The accounts of a cluster's parts.
#include "scenarios/cluster/cluster.h"
#include "stripe/server/mdt.h"
#include "stripe/server/modelled_store.h"
#include "stripe/server/oss.h"
#include "stripe/server/oss_cache.h"
#include "stripe/server/share_server.h"

namespace scenarios {

ResourceCounter Cluster::threads_of(const transport::Service& service) {
  return {std::string(service.name()), "threads", static_cast<std::uint32_t>(service.threads()),
          service.held(), service.waited()};
}

std::vector<ResourceCounter> Cluster::resources() {
  std::vector<ResourceCounter> all;
  for (const transport::PortUse& port : world_.ports()) {
    const bool link = port.name.starts_with("leaf");
    all.push_back({port.name, link ? "link" : "nic", 1, port.busy, port.waited});
  }
  for (transport::NodeId node = 0; node < nodes_.size(); ++node) {
    const sim::Station& cpu = world_.host(node).cpu();
    if (cpu.visits() > 0) {
      all.push_back({cpu.name(), "cpu", cpu.servers(), cpu.busy(), cpu.waited()});
    }
  }
  std::vector<ResourceCounter> threads = threads_of_mdt();
  all.insert(all.end(), threads.begin(), threads.end());
  for (std::uint32_t i = 0; i < spec_.oss; ++i) {
    threads = threads_of(i);
    all.insert(all.end(), threads.begin(), threads.end());
  }
  const auto add_device = [&all](const stripe::Device& device) {
    for (const stripe::DeviceUse& use : device.use()) {
      all.push_back({use.name, "device", use.servers, use.busy, use.waited});
    }
  };
  add_device(dom_store_->device());
  for (const auto& store : stores_) {
    add_device(store->device());
  }
  return all;
}

OssCacheCounter Cluster::oss_caches() const {
  OssCacheCounter all;
  for (const auto& oss : osses_) {
    if (oss->cache != nullptr) {
      all.hits += oss->cache->hit_bytes();
      all.misses += oss->cache->missed_bytes();
    }
  }
  return all;
}

std::vector<OstCounter> Cluster::osts() const {
  std::vector<OstCounter> all;
  for (std::size_t i = 0; i < osts_.size(); ++i) {
    stripe::IoCounts counts = left_[i].counts;
    if (osts_[i] != nullptr) {
      counts += osts_[i]->counts();
    }
    OstCounter counter;
    counter.bytes = counts.bytes_read + counts.bytes_written;
    counter.rpcs = counts.requests;
    // Of a device's parts the busiest says how near its limit it is.
    for (const stripe::DeviceUse& use : stores_[i]->device().use()) {
      if (use.busy.ns() / use.servers > counter.device_busy.ns() / counter.device_servers) {
        counter.device_busy = use.busy;
        counter.device_servers = use.servers;
      }
    }
    all.push_back(counter);
  }
  return all;
}

std::size_t Cluster::busy_threads() const {
  std::size_t busy = 0;
  if (mdt_) {
    busy = mdt_->service().busy_threads() + mdt_->io_service().busy_threads();
  }
  for (const auto& server : servers_) {
    if (server) {
      busy += server->io_service().busy_threads() + server->other_service().busy_threads();
    }
  }
  return busy;
}

}  // namespace scenarios
