#include "scenarios/run/group.h"

#include <fmt/core.h>

#include <set>

#include "stripe/layout/setstripe.h"

namespace scenarios {

Group::Group(const Scenario& scenario, const ClientGroup& spec, Cluster& cluster,
             std::unique_ptr<Workload> workload, std::uint32_t first_client, Rendezvous& meets,
             GroupWatch& watch)
    : spec_(spec),
      cluster_(cluster),
      workload_(std::move(workload)),
      first_client_(first_client),
      witness_(watch.witness),
      default_layout_(scenario.layout_of(spec)),
      design_(client_design(spec.design, spec.memory)),
      recorder_(workload_->plan().phases.size(), workload_->plan().ranks),
      team_(
          cluster.world().loop(), workload_->plan(), meets,
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
               watch.unflushed,
               watch.witness} {}

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
    if (witness_ != nullptr) {
      mounts_.back()->context().on_loss = [this](std::uint64_t file, sim::Extent range,
                                                 transport::Stamp stamp) {
        witness_->lost(file, range, stamp);
      };
    }
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
      if (witness_ != nullptr && known.outcome.ok()) {
        witness_->existed(known.attr.fid, known.attr.size);
      }
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
  return {spec_.name,    spec_.design.preset, static_cast<std::uint32_t>(mounts_.size()),
          first_client_, workload_.get(),     &recorder_};
}

}  // namespace scenarios
