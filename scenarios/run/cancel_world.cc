#include "scenarios/run/cancel_world.h"

#include "scenarios/run/cancel_script.h"

namespace scenarios {
namespace {

using sim::kKiB;
using sim::kMiB;
using stripe::File;
using stripe::Mount;
using stripe::Outcome;

// Devices that take time, few threads, and clients with few slots and little room: so that somebody
// waits at every place where one can.
ClusterSpec cluster_spec() {
  ClusterSpec spec;
  spec.osts = 3;
  spec.oss = 2;
  spec.hardware.ost_device = NvmeSpec();
  spec.hardware.store = StoreKind::memory;
  spec.hardware.oss.io_threads = 2;
  return spec;
}

stripe::ClientDesign client_design() {
  stripe::ClientDesign design;
  design.max_rpc_size = 256 * kKiB;
  design.rpcs_in_flight = 2;
  design.mdc_rpcs_in_flight = 2;
  design.mod_rpcs_in_flight = 1;
  design.max_dirty_per_ost = 512 * kKiB;
  design.dirty_expire = sim::milliseconds(20);
  design.write_back_period = sim::milliseconds(5);
  return design;
}

}  // namespace

CancelWorld::CancelWorld(std::unique_ptr<WorldModel> world)
    : world_(std::move(world)),
      design_(client_design()),
      cluster_(std::move(*Cluster::build(*world_, cluster_spec()))),
      counting_(loop(), world_->network()),
      first_(mount("first", 1, counting_)),
      second_(mount("second", 2, world_->network())),
      script_(loop()) {}

std::unique_ptr<Mount> CancelWorld::mount(const char* name, std::uint32_t client,
                                          transport::Network& network) {
  const auto node = cluster_->add_client(name);
  sim::check(node.ok(), "the client of a test cannot be made");
  return std::make_unique<Mount>(loop(), world_->host(*node), network, transport::Address{*node, 0},
                                 client, design_, cluster_->map());
}

void CancelWorld::run(sim::Task<void> task) {
  sim::TaskGroup tasks(loop());
  tasks.spawn(std::move(task), "the test");
  const sim::Status ran = world_->run([] {});
  EXPECT_TRUE(ran.ok()) << (ran.ok() ? "" : ran.error().message);
}

void CancelWorld::begin() {
  run(make_theirs());
  script_.spawn(cancel_script(*first_), "the script");
}

void CancelWorld::check(sim::Duration step, int steps) { run(check_all(nullptr, step, steps)); }

void CancelWorld::check_after(sim::Event& stopped, sim::Duration step, int steps) {
  run(check_all(&stopped, step, steps));
}

bool CancelWorld::quiet() const {
  if (cluster_->busy_threads() > 0) {
    return false;
  }
  if (first_ == nullptr) {
    return true;
  }
  // A call that is being prepared holds its slot, and is not under way yet.
  bool slots_free = first_->mdc().all_slots_free();
  first_->lov().for_each_target(
      [&](const stripe::Osc& osc) { slots_free &= osc.all_slots_free(); });
  return slots_free && first_->mdc().going_on() == 0 &&
         first_->context().endpoint.calls_under_way() == 0 && first_->write_back().dirty() == 0 &&
         first_->pages().ahead() == 0;
}

void CancelWorld::expect_nothing_lost(Mount& mount) const {
  EXPECT_EQ(mount.context().endpoint.calls_under_way(), 0u);
  EXPECT_EQ(mount.write_back().dirty(), 0u);
  EXPECT_EQ(mount.pages().ahead(), 0u);
  EXPECT_EQ(mount.mdc().import().in_flight(), 0u);
  EXPECT_TRUE(mount.mdc().all_slots_free());
  mount.lov().for_each_target([&](stripe::Osc& osc) {
    EXPECT_EQ(osc.import().in_flight(), 0u) << osc.import().name();
    EXPECT_TRUE(osc.all_slots_free()) << osc.import().name();
    EXPECT_EQ(osc.dirty_room().available(), design_.max_dirty_per_ost) << osc.import().name();
  });
}

sim::Task<void> CancelWorld::check_all(sim::Event* stopped, sim::Duration step, int steps) {
  // A script that came to its end sends no more messages that could stop it.
  while (stopped != nullptr && !stopped->is_set() && !finished()) {
    co_await sim::sleep_for(loop(), step);
  }
  for (int i = 0; i < steps && !quiet(); ++i) {
    co_await sim::sleep_for(loop(), step);
  }
  EXPECT_EQ(cluster_->busy_threads(), 0u);
  if (first_) {
    expect_nothing_lost(*first_);
  }
  expect_nothing_lost(*second_);
  co_await read_theirs();
  co_await write_and_read(*second_, "/second");
  if (first_) {
    co_await write_and_read(*first_, "/first");
    expect_nothing_lost(*first_);
  }
}

// What `writer` makes stable is what the second client then reads.
sim::Task<void> CancelWorld::write_and_read(Mount& writer, const char* path) {
  const std::unique_ptr<File> file = co_await open_file(writer, path, "-c 3 -S 64K", false);
  const Outcome written = co_await file->write({0, kMiB});
  EXPECT_TRUE(written.ok());
  const Outcome synced = co_await file->fsync();
  EXPECT_TRUE(synced.ok()) << sim::errc_name(synced.status);
  const Outcome closed = co_await file->close();
  EXPECT_TRUE(closed.ok());
  const std::unique_ptr<File> seen = co_await open_file(*second_, path, {}, true);
  const Outcome all = co_await seen->read({0, 2 * kMiB});
  EXPECT_EQ(writers_of(*seen, 0, all.data),
            (std::vector<Written>{{0, kMiB, file->last_stamp().value}}));
  const Outcome ended = co_await seen->close();
  EXPECT_TRUE(ended.ok());
}

sim::Task<void> CancelWorld::make_theirs() {
  const std::unique_ptr<File> file = co_await open_file(*second_, kTheirs, "-c 3 -S 64K", true);
  const Outcome written = co_await file->write({0, kMiB});
  EXPECT_TRUE(written.ok());
  their_writer_ = file->last_stamp().value;
  const Outcome closed = co_await file->close();
  EXPECT_TRUE(closed.ok());
}

sim::Task<void> CancelWorld::read_theirs() {
  const std::unique_ptr<File> file = co_await open_file(*second_, kTheirs, {}, true);
  const Outcome all = co_await file->read({0, 2 * kMiB});
  EXPECT_TRUE(all.ok());
  EXPECT_EQ(writers_of(*file, 0, all.data), (std::vector<Written>{{0, kMiB, their_writer_}}));
  const Outcome closed = co_await file->close();
  EXPECT_TRUE(closed.ok());
}

}  // namespace scenarios
