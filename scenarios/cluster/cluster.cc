#include "scenarios/cluster/cluster.h"

#include <fmt/core.h>

#include <algorithm>

#include "scenarios/cluster/devices.h"
#include "stripe/layout/layout_size.h"
#include "stripe/server/mdt.h"
#include "stripe/server/memory_content.h"
#include "stripe/server/memory_meta_store.h"
#include "stripe/server/modelled_store.h"
#include "stripe/server/null_content.h"
#include "stripe/server/oss.h"
#include "stripe/server/oss_cache.h"
#include "stripe/server/share_server.h"

namespace scenarios {
namespace {

constexpr transport::NodeId kMdsNode = 0;
constexpr std::uint32_t kMdtPort = 0;
constexpr std::uint32_t kMdtOwnPort = 1;
// Above the OSTs', which are their indices.
constexpr std::uint32_t kSharePort = 1'000'000;
constexpr std::uint32_t kClusteredPort = 1'001'000;

std::unique_ptr<stripe::ObjectContent> make_content(StoreKind kind) {
  if (kind == StoreKind::memory) {
    return std::make_unique<stripe::MemoryContent>();
  }
  return std::make_unique<stripe::NullContent>();
}

}  // namespace

Cluster::Cluster(WorldModel& world, const ClusterSpec& spec, bool restarts, bool mds_restarts)
    : world_(world), spec_(spec), restarts_(restarts), mds_restarts_(mds_restarts) {}
Cluster::~Cluster() = default;

const stripe::Grants& Cluster::grants(std::uint32_t ost) const { return osts_[ost]->grants(); }
stripe::StoreSpace Cluster::space(std::uint32_t ost) const { return stores_[ost]->space(); }

sim::Result<std::unique_ptr<Cluster>> Cluster::build(WorldModel& world, const ClusterSpec& spec,
                                                     bool restarts, bool mds_restarts) {
  std::unique_ptr<Cluster> cluster(new Cluster(world, spec, restarts, mds_restarts));
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
  const sim::Status mdt = cluster->add_mdt();
  if (!mdt.ok()) {
    return mdt.error();
  }
  cluster->add_share_servers();
  return cluster;
}

sim::Status Cluster::add_node(const std::string& name, const NodeSpec& spec) {
  nodes_.push_back(name);
  return world_.add_node(name, spec);
}

std::optional<transport::NodeId> Cluster::node_called(std::string_view name) const {
  const auto found = std::ranges::find(nodes_, name);
  return found == nodes_.end()
             ? std::nullopt
             : std::optional(static_cast<transport::NodeId>(found - nodes_.begin()));
}

sim::Status Cluster::add_servers() {
  sim::Status status = add_node("mds0", spec_.hardware.mds.node);
  for (std::uint32_t i = 0; i < spec_.oss && status.ok(); ++i) {
    auto oss = std::make_unique<Oss>();
    oss->node = static_cast<transport::NodeId>(nodes_.size());
    status = add_node(fmt::format("oss{}", i), spec_.hardware.oss.node);
    const OssCacheSpec& cache = spec_.hardware.oss.page_cache;
    if (status.ok() && cache.enabled && cache.size > 0) {
      status = stripe::check_oss_cache(cache_params(cache));
      if (status.ok()) {
        oss->cache = std::make_unique<stripe::OssCache>(cache_params(cache));
      }
    }
    osses_.push_back(std::move(oss));
    if (status.ok()) {
      servers_.push_back(make_server(i));
    }
  }
  return status;
}

std::unique_ptr<stripe::Oss> Cluster::make_server(std::uint32_t number) {
  const OssSpec& hardware = spec_.hardware.oss;
  stripe::OssOptions options;
  options.io_threads = hardware.io_threads;
  options.other_threads = hardware.lock_threads;
  options.nrs = hardware.nrs == NrsPolicy::orr ? "orr" : "fifo";
  options.costs.io = hardware.cpu_per_io;
  options.costs.glimpse = hardware.cpu_per_lock;
  options.costs.object = hardware.cpu_per_object;
  return std::make_unique<stripe::Oss>(world_.loop(), world_.network(),
                                       fmt::format("oss{}", number),
                                       world_.host(osses_[number]->node), options);
}

sim::Status Cluster::add_ost(std::uint32_t index) {
  Oss& oss = *osses_[index % spec_.oss];
  auto device = stripe::make_device(world_.loop(), fmt::format("ost{}", index),
                                    device_params(spec_.hardware.ost_device));
  if (!device.ok()) {
    return device.error();
  }
  stripe::ModelledStoreParams store;
  store.allocation.window = spec_.hardware.oss.preallocation;
  store.crashes = restarts_;
  stores_.push_back(std::make_unique<stripe::ModelledStore>(
      store, make_content(spec_.hardware.store), std::move(*device), oss.cache.get()));
  const transport::Address address{oss.node, index};
  map_.osts.push_back(address);
  osts_.push_back(nullptr);
  left_.emplace_back();
  start_ost(index);
  return {};
}

void Cluster::start_ost(std::uint32_t index) {
  osts_[index] = &servers_[index % spec_.oss]->add_ost(
      map_.osts[index], fmt::format("ost{}", index), *stores_[index]);
  if (restarts_) {
    osts_[index]->keep_journal(stripe::JournalOptions(), left_[index].last_change,
                               left_[index].committed);
  }
}

sim::Status Cluster::add_mdt() {
  auto device =
      stripe::make_device(world_.loop(), "mdt0", device_params(spec_.hardware.mdt_device));
  if (!device.ok()) {
    return device.error();
  }
  stripe::ModelledStoreParams store;
  store.crashes = mds_restarts_;
  dom_store_ = std::make_unique<stripe::ModelledStore>(store, make_content(spec_.hardware.store),
                                                       std::move(*device));
  meta_store_ = std::make_unique<stripe::MemoryMetaStore>(mds_restarts_);
  mdt_record_ = std::make_unique<stripe::MdtRecord>();
  map_.mdt = {kMdsNode, kMdtPort};
  make_mdt();
  return {};
}

void Cluster::make_mdt() {
  const MdsSpec& hardware = spec_.hardware.mds;
  stripe::MdtOptions options;
  options.threads = hardware.threads;
  options.lookup = hardware.cpu_per_lookup;
  options.modify = hardware.cpu_per_modify;
  options.close = hardware.cpu_per_close;
  options.io.io = hardware.cpu_per_io;
  options.io.glimpse = hardware.cpu_per_lookup;
  options.io.object = hardware.cpu_per_lookup;
  options.dom_max = hardware.dom_max;
  options.precreate = {hardware.precreate_min, hardware.precreate_max,
                       restarts_ && !mdt_record_->stocks.empty()};
  options.pools = spec_.pools;
  mdt_ = std::make_unique<stripe::Mdt>(
      world_.loop(), world_.network(), map_.mdt, transport::Address{kMdsNode, kMdtOwnPort},
      world_.host(kMdsNode), *meta_store_, dom_store_.get(), map_.osts, std::move(options));
  if (mds_restarts_) {
    stripe::JournalOptions journal;
    journal.commit_interval = hardware.commit_interval;
    mdt_->keep_journal(journal, std::move(*mdt_record_));
  }
  mdt_->start();
}

// Each twice: by itself, and as one of those with a common table. Only what is asked does anything.
void Cluster::add_share_servers() {
  const auto common = std::make_shared<stripe::ShareTable>();
  for (std::uint32_t i = 0; i < spec_.osts; ++i) {
    map_.data_shares.push_back(1 + i % spec_.oss);
  }
  for (std::uint32_t i = 0; i < spec_.share_servers; ++i) {
    const transport::NodeId node = i == 0 ? kMdsNode : osses_[(i - 1) % spec_.oss]->node;
    const auto add = [&](std::uint32_t port, std::shared_ptr<stripe::ShareTable> table,
                         sim::Duration look_up) {
      stripe::ShareOptions options;
      options.table = look_up;
      const transport::Address address{node, port};
      share_servers_.push_back(std::make_unique<stripe::ShareServer>(
          world_.loop(), world_.network(), address, world_.host(node), std::move(table), options));
      return address;
    };
    map_.share_servers.push_back(add(kSharePort + i, std::make_shared<stripe::ShareTable>(), {}));
    map_.clustered_share_servers.push_back(
        add(kClusteredPort + i, common, 2 * spec_.hardware.fabric.latency));
  }
}

sim::Result<transport::NodeId> Cluster::add_client(const std::string& name) {
  const sim::Status status = add_node(name, spec_.hardware.client);
  if (!status.ok()) {
    return status.error();
  }
  return static_cast<transport::NodeId>(nodes_.size() - 1);
}

sim::Task<sim::Status> Cluster::fill_object(const stripe::Component& component,
                                            std::uint32_t stripe, sim::Bytes size) {
  const bool on_mdt = component.on_mdt();
  stripe::ModelledStore& store =
      on_mdt ? *dom_store_ : *stores_[component.objects[stripe].ost_index];
  const stripe::ObjectId object = on_mdt ? component.owner : component.objects[stripe].id;
  stripe::StoreTimes times;
  co_return co_await store.write(object, 0, transport::Payload::zeros(size), times);
}

sim::Task<sim::Status> Cluster::prefill(const stripe::Layout& layout, sim::Bytes size) {
  for (std::size_t mirror = 0; mirror < layout.mirror_count(); ++mirror) {
    std::vector<stripe::ObjectSize> sizes;
    stripe::object_sizes(layout, mirror, size, sizes);
    for (const stripe::ObjectSize& entry : sizes) {
      const stripe::Component& component = layout.components[entry.component];
      if (entry.size == 0 || component.stale()) {
        continue;
      }
      const sim::Status written = co_await fill_object(component, entry.stripe, entry.size);
      if (!written.ok()) {
        co_return written;
      }
    }
  }
  co_return sim::Status();
}

}  // namespace scenarios
