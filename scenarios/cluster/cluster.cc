#include "scenarios/cluster/cluster.h"

#include <fmt/format.h>

#include "scenarios/cluster/devices.h"
#include "stripe/layout/layout_size.h"
#include "stripe/server/memory_content.h"
#include "stripe/server/memory_meta_store.h"
#include "stripe/server/null_content.h"

namespace scenarios {
namespace {

constexpr transport::NodeId kMdsNode = 0;
constexpr std::uint32_t kMdtPort = 0;
constexpr std::uint32_t kMdtOwnPort = 1;

std::unique_ptr<stripe::ObjectContent> make_content(StoreKind kind) {
  if (kind == StoreKind::memory) {
    return std::make_unique<stripe::MemoryContent>();
  }
  return std::make_unique<stripe::NullContent>();
}

}  // namespace

struct Cluster::Oss {
  transport::NodeId node = 0;
  std::unique_ptr<stripe::OssCache> cache;  // null: none
};

Cluster::Cluster(WorldModel& world, const ClusterSpec& spec) : world_(world), spec_(spec) {}
Cluster::~Cluster() = default;

sim::Result<std::unique_ptr<Cluster>> Cluster::build(WorldModel& world, const ClusterSpec& spec) {
  std::unique_ptr<Cluster> cluster(new Cluster(world, spec));
  const sim::Status servers = cluster->add_servers();
  if (!servers.ok()) {
    return servers.error();
  }
  for (std::uint32_t i = 0; i < spec.osts; ++i) {
    const sim::Status ost = cluster->add_ost(i);
    if (!ost.ok()) {
      return ost.error();
    }
  }
  cluster->add_mdt();
  return cluster;
}

sim::Status Cluster::add_servers() {
  sim::Status status = world_.add_node("mds0", spec_.hardware.mds.node);
  nodes_ = 1;
  for (std::uint32_t i = 0; i < spec_.oss && status.ok(); ++i) {
    auto oss = std::make_unique<Oss>();
    oss->node = nodes_++;
    status = world_.add_node(fmt::format("oss{}", i), spec_.hardware.oss.node);
    const OssCacheSpec& cache = spec_.hardware.oss.page_cache;
    if (status.ok() && cache.enabled && cache.size > 0) {
      status = stripe::check_oss_cache(cache_params(cache));
      if (status.ok()) {
        oss->cache = std::make_unique<stripe::OssCache>(cache_params(cache));
      }
    }
    osses_.push_back(std::move(oss));
  }
  return status;
}

sim::Status Cluster::add_ost(std::uint32_t index) {
  Oss& oss = *osses_[index % spec_.oss];
  const OssSpec& hardware = spec_.hardware.oss;
  auto device = stripe::make_device(world_.loop(), fmt::format("ost{}", index),
                                    device_params(spec_.hardware.ost_device));
  if (!device.ok()) {
    return device.error();
  }
  stripe::ModelledStoreParams store;
  store.allocation.window = hardware.preallocation;
  stores_.push_back(std::make_unique<stripe::ModelledStore>(world_.loop(), store,
                                                            make_content(spec_.hardware.store),
                                                            std::move(*device), oss.cache.get()));
  stripe::OstOptions options;
  options.io_threads = hardware.io_threads;
  options.other_threads = hardware.lock_threads;
  options.nrs = hardware.nrs == NrsPolicy::orr ? "orr" : "fifo";
  options.costs.io = hardware.cpu_per_io;
  options.costs.glimpse = hardware.cpu_per_lock;
  options.costs.object = hardware.cpu_per_object;
  const transport::Address address{oss.node, index};
  map_.osts.push_back(address);
  osts_.push_back(std::make_unique<stripe::Ost>(world_.loop(), world_.network(), address,
                                                fmt::format("ost{}", index), world_.host(oss.node),
                                                *stores_.back(), options));
  return {};
}

void Cluster::add_mdt() {
  const MdsSpec& hardware = spec_.hardware.mds;
  // Data on the MDT stands on memory without a device of its own: its time is the processors'.
  auto device = stripe::make_device(world_.loop(), "mdt0", stripe::NullDeviceParams());
  dom_store_ = std::make_unique<stripe::ModelledStore>(world_.loop(), stripe::ModelledStoreParams(),
                                                       make_content(spec_.hardware.store),
                                                       std::move(*device));
  meta_store_ = std::make_unique<stripe::MemoryMetaStore>();
  stripe::MdtOptions options;
  options.threads = hardware.threads;
  options.lookup = hardware.cpu_per_lookup;
  options.modify = hardware.cpu_per_modify;
  options.close = hardware.cpu_per_close;
  options.precreate = {hardware.precreate_min, hardware.precreate_max};
  map_.mdt = {kMdsNode, kMdtPort};
  mdt_ = std::make_unique<stripe::Mdt>(
      world_.loop(), world_.network(), map_.mdt, transport::Address{kMdsNode, kMdtOwnPort},
      world_.host(kMdsNode), *meta_store_, dom_store_.get(), map_.osts, std::move(options));
  mdt_->start();
}

sim::Result<transport::NodeId> Cluster::add_client(const std::string& name) {
  const sim::Status status = world_.add_node(name, spec_.hardware.client);
  if (!status.ok()) {
    return status.error();
  }
  return nodes_++;
}

sim::Task<sim::Status> Cluster::prefill(const stripe::Layout& layout, sim::Bytes size) {
  std::vector<stripe::ObjectSize> sizes;
  stripe::object_sizes(layout, 0, size, sizes);
  for (const stripe::ObjectSize& entry : sizes) {
    const stripe::Component& component = layout.components[entry.component];
    if (entry.size == 0) {
      continue;
    }
    const bool on_mdt = component.on_mdt();
    stripe::ModelledStore& store =
        on_mdt ? *dom_store_ : *stores_[component.objects[entry.stripe].ost_index];
    const stripe::ObjectId object = on_mdt ? component.owner : component.objects[entry.stripe].id;
    stripe::StoreTimes times;
    const sim::Status written =
        co_await store.write(object, 0, transport::Payload::zeros(entry.size), false, times);
    if (!written.ok()) {
      co_return written;
    }
  }
  co_return sim::Status();
}

std::vector<ResourceCounter> Cluster::resources() {
  std::vector<ResourceCounter> all;
  for (const transport::PortUse& port : world_.ports()) {
    const bool link = port.name.starts_with("leaf");
    all.push_back({port.name, link ? "link" : "nic", 1, port.busy, port.waited});
  }
  for (transport::NodeId node = 0; node < nodes_; ++node) {
    const sim::Station& cpu = world_.host(node).cpu();
    if (cpu.visits() > 0) {
      all.push_back({cpu.name(), "cpu", cpu.servers(), cpu.busy(), cpu.waited()});
    }
  }
  const auto add_threads = [&all](const transport::Service& service) {
    all.push_back({service.name(), "threads", static_cast<std::uint32_t>(service.threads()),
                   service.held(), service.waited()});
  };
  add_threads(mdt_->service());
  if (mdt_->io_service() != nullptr) {
    add_threads(*mdt_->io_service());
  }
  for (const auto& ost : osts_) {
    add_threads(ost->io_service());
    add_threads(ost->other_service());
  }
  for (const auto& store : stores_) {
    for (const stripe::DeviceUse& use : store->device().use()) {
      all.push_back({use.name, "device", use.servers, use.busy, use.waited});
    }
  }
  return all;
}

std::vector<OstCounter> Cluster::osts() const {
  std::vector<OstCounter> all;
  for (std::size_t i = 0; i < osts_.size(); ++i) {
    const stripe::IoCounts& counts = osts_[i]->counts();
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

}  // namespace scenarios
