// How clients go at the end of a run, and what is told of locks that they cannot give back.
#include "scenarios/run/farewell.h"

#include "scenarios/run/load_workload.h"
#include "scenarios/run/run_testing.h"

namespace scenarios {
namespace {

// A cluster with one group of one client whose design has this coherence policy.
class FarewellTest : public ::testing::Test {
 protected:
  void start(const std::string& coherence) {
    auto scenario = read(R"({"name": "t",
        "cluster": {"osts": 1, "hardware": "null", "overrides": {"store": "memory"}},
        "clients": [{"name": "g", "design": {"coherence": ")" +
                             coherence + R"("}, "workload": {"ior": "-w -t 4k -b 4k"}}]})",
                         {});
    ASSERT_TRUE(scenario.ok());
    scenario_ = std::move(*scenario);
    world_ = make_sim_world(WorldParams());
    auto cluster = Cluster::build(*world_, scenario_.cluster);
    ASSERT_TRUE(cluster.ok());
    cluster_ = std::move(*cluster);
    meets_ = std::make_unique<Rendezvous>(world_->loop());
    auto loaded = load_workload(scenario_, 0);
    ASSERT_TRUE(loaded.ok());
    groups_.push_back(std::make_unique<Group>(scenario_, scenario_.clients[0], *cluster_,
                                              std::move(loaded->workload), 1, *meets_, watch_));
    ASSERT_TRUE(groups_.back()->mount().ok());
  }
  stripe::Mount& mount() { return *groups_.back()->mounts().front(); }
  void run(sim::Task<void> task) {
    sim::TaskGroup tasks(world_->loop());
    tasks.spawn(std::move(task), "the test");
    EXPECT_TRUE(world_->run([] {}).ok());
  }
  // Writes 4 KiB to a new file, which stay in the cache.
  static sim::Task<void> write(stripe::Mount& mount, std::unique_ptr<stripe::File>& file) {
    stripe::OpenFlags flags;
    flags.create = flags.write = true;
    stripe::Opened opened = co_await mount.open("/f", flags, "-c 1");
    file = std::move(opened.file);
    const stripe::Outcome outcome = co_await file->write({0, 4096});
    EXPECT_EQ(outcome.status, sim::Errc::ok);
  }
  std::vector<std::string> errors() const {
    std::vector<std::string> told;
    farewell_.tell_leaks(told);
    return told;
  }

  Scenario scenario_;
  std::unique_ptr<WorldModel> world_;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Rendezvous> meets_;
  GroupWatch watch_;
  Farewell::Groups groups_;
  std::unique_ptr<stripe::File> file_;
  Farewell farewell_;
};

TEST_F(FarewellTest, AClientThatHoldsNothingAtServersStaysAsItIs) {
  start("unshared");
  run(write(mount(), file_));
  ASSERT_TRUE(farewell_.run(*world_, groups_).ok());
  EXPECT_EQ(farewell_.unmounted(), 0u);
  EXPECT_EQ(farewell_.dirty(*groups_.front()), 4096u);
  EXPECT_EQ(mount().write_back().dirty(), 4096u);
  EXPECT_EQ(errors(), std::vector<std::string>());
}

TEST_F(FarewellTest, AClientWithLocksWritesBackAndGivesThemBack) {
  start("ldlm");
  run(write(mount(), file_));
  EXPECT_GT(mount().policy()->held(), 0u);
  ASSERT_TRUE(farewell_.run(*world_, groups_).ok());
  EXPECT_EQ(farewell_.unmounted(), 1u);
  EXPECT_EQ(farewell_.dirty(*groups_.front()), 4096u) << "before it went";
  EXPECT_EQ(mount().write_back().dirty(), 0u);
  EXPECT_EQ(mount().policy()->held(), 0u);
  EXPECT_EQ(farewell_.leaked_locks(), 0u);
  EXPECT_EQ(errors(), std::vector<std::string>());
}

TEST_F(FarewellTest, ALockThatSomebodyStillUsesIsALeakAndFailsTheRun) {
  start("ldlm");
  run(write(mount(), file_));
  const cachemodel::ModeSet modes{cachemodel::LockMode::pr, cachemodel::LockMode::cr};
  const auto used = mount().mdc().locks()->client().match(stripe::resource_of(file_->fid()), modes,
                                                          cachemodel::kBitLayout);
  ASSERT_TRUE(used.has_value());
  ASSERT_TRUE(farewell_.run(*world_, groups_).ok());
  EXPECT_EQ(farewell_.leaked_locks(), 1u);
  EXPECT_EQ(errors(), std::vector<std::string>{"1 locks could not be given back at unmount"});
  EXPECT_EQ(liveness_of(*cluster_, groups_, farewell_).leaked_locks, 1u);
}

}  // namespace
}  // namespace scenarios
