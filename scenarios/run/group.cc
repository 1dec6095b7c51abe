#include "scenarios/run/group.h"

#include <fmt/format.h>

#include <set>

#include "stripe/layout/setstripe.h"

namespace scenarios {

stripe::ClientDesign client_design(const DesignSpec& spec) {
  stripe::ClientDesign design;
  design.max_rpc_size = spec.max_rpc_size;
  design.rpcs_in_flight = spec.max_rpcs_in_flight;
  design.rpc_timeout = spec.rpc_timeout;
  design.short_io = spec.short_io;
  design.checksums = spec.checksums;
  switch (spec.coalescing) {
    case Coalescing::none:
      design.coalesce = stripe::Coalesce::none;
      break;
    case Coalescing::adjacent:
      design.coalesce = stripe::Coalesce::adjacent;
      break;
    case Coalescing::read_through:
      design.coalesce = stripe::Coalesce::read_through;
      break;
    case Coalescing::vector:
      design.coalesce = stripe::Coalesce::vector;
      break;
  }
  design.dispatch =
      spec.dispatch == Dispatch::serial ? stripe::Dispatch::serial : stripe::Dispatch::parallel;
  design.page_cache = spec.page_cache.enabled;
  design.cache_size = spec.page_cache.size;
  design.max_dirty_per_ost = spec.max_dirty_per_ost;
  design.read_ahead.enabled = spec.read_ahead.enabled;
  design.read_ahead.rpc_size = spec.max_rpc_size;
  design.read_ahead.max_per_file = spec.read_ahead.max_per_file;
  design.read_ahead.whole_file = spec.read_ahead.whole_file;
  design.max_read_ahead = spec.read_ahead.max_total;
  return design;
}

Group::Group(const Scenario& scenario, const ClientGroup& spec, Cluster& cluster,
             std::unique_ptr<Workload> workload, std::uint32_t first_client, GroupWatch& watch)
    : spec_(spec),
      cluster_(cluster),
      workload_(std::move(workload)),
      first_client_(first_client),
      default_layout_(scenario.layout_of(spec)),
      design_(client_design(spec.design)),
      recorder_(workload_->plan().phases.size(), workload_->plan().ranks),
      team_(
          cluster.world().loop(), workload_->plan(),
          [this, &watch](std::uint32_t p) {
            watch.phase_begins(phase_label(workload_->plan(), p));
          },
          [this, &watch](std::uint32_t p) {
            watch.phase_ended(phase_label(workload_->plan(), p));
          }),
      context_{cluster.world().loop(),
               *workload_,
               default_layout_,
               spec.design.direct_io,
               recorder_,
               team_,
               scenario.verify || workload_->plan().verifies ? watch.verifier : nullptr,
               scenario.verify,
               watch.unflushed} {}

Group::~Group() = default;

sim::Status Group::mount() {
  const std::uint32_t nodes = workload_->plan().nodes();
  for (std::uint32_t i = 0; i < nodes; ++i) {
    auto node = cluster_.add_client(fmt::format("{}{}", spec_.name, i));
    if (!node.ok()) {
      return node.error();
    }
    mounts_.push_back(std::make_unique<stripe::Mount>(
        cluster_.world().loop(), cluster_.world().host(*node), cluster_.world().network(),
        transport::Address{*node, 0}, first_client_ + i, design_, cluster_.map()));
  }
  return {};
}

// Every directory above a file of the plan.
sim::Task<sim::Status> Group::make_directories() {
  std::set<std::string> directories;
  for (const FileSpec& file : workload_->plan().files) {
    const std::string path = path_of(file);
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      directories.insert(path.substr(0, slash));
    }
  }
  for (const std::string& directory : directories) {
    const stripe::Outcome made = co_await mounts_.front()->mkdir(directory);
    if (!made.ok() && made.status != sim::Errc::exists) {
      co_return sim::Error{made.status, fmt::format("directory {} cannot be made: {}", directory,
                                                    sim::errc_name(made.status))};
    }
  }
  co_return sim::Status();
}

sim::Task<sim::Status> Group::make_file(const FileSpec& file) {
  stripe::OpenFlags flags;
  flags.create = true;
  flags.write = true;
  const std::string layout = file.layout.empty() ? default_layout_ : file.layout;
  stripe::Opened opened = co_await mounts_.front()->open(path_of(file), flags, layout);
  sim::Errc status = opened.outcome.status;
  if (opened.file) {
    const sim::Bytes size = file.preexisting_size.value_or(0);
    const stripe::Outcome instantiated = co_await opened.file->reserve({0, size});
    status = instantiated.status;
    if (instantiated.ok()) {
      const sim::Status filled = co_await cluster_.prefill(opened.file->layout(), size);
      status = filled.code();
      const stripe::Found known = co_await mounts_.front()->stat(path_of(file));
      status = status == sim::Errc::ok ? known.outcome.status : status;
    }
    const stripe::Outcome closed = co_await opened.file->close();
    status = status == sim::Errc::ok ? closed.status : status;
  }
  if (status != sim::Errc::ok) {
    co_return sim::Error{
        status, fmt::format("file {} cannot be made ready: {}", file.name, sim::errc_name(status))};
  }
  co_return sim::Status();
}

sim::Task<sim::Status> Group::prepare() {
  sim::Status status = co_await make_directories();
  for (const FileSpec& file : workload_->plan().files) {
    if (status.ok() && file.preexisting_size && !file.directory) {
      status = co_await make_file(file);
    }
  }
  co_return status;
}

void Group::start(sim::TaskGroup& tasks) {
  const Plan& plan = workload_->plan();
  ranks_.reserve(plan.ranks);
  for (std::uint32_t rank = 0; rank < plan.ranks; ++rank) {
    ranks_.push_back(std::make_unique<Rank>(context_, *mounts_[plan.node_of_rank[rank]], rank));
    tasks.spawn(ranks_.back()->run(), fmt::format("{} rank {}", spec_.name, rank));
  }
}

GroupMeasured Group::measured() const {
  return {spec_.name, spec_.design.preset, static_cast<std::uint32_t>(mounts_.size()),
          workload_.get(), &recorder_};
}

}  // namespace scenarios
