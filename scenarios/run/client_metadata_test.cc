// A client and its MDT: handles, slots, one connection, and where the time is charged.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"
#include "stripe/protocol/opcodes.h"
#include "stripe/server/mdt.h"
#include "transport/connect.h"

namespace scenarios {
namespace {

using sim::kKiB;
using sim::kMiB;
using sim::Stage;
using stripe::Outcome;

sim::Duration time_in(const sim::Timeline& timeline, Stage stage) {
  sim::StageTimes times{};
  timeline.add_to(times);
  return at(times, stage);
}

sim::Task<void> open_directory(SmallCluster& cluster, stripe::Mount& mount) {
  static_cast<void>(co_await mount.mkdir("/d"));
  const stripe::Opened opened = co_await mount.open("/d", {});
  EXPECT_EQ(opened.outcome.status, sim::Errc::is_directory);
  EXPECT_EQ(opened.file, nullptr);
  EXPECT_EQ(cluster.cluster().mdt().open_files(), 0u);
}
TEST(Handles, OfADirectoryAreGivenBack) {
  SmallCluster cluster;
  cluster.run(open_directory(cluster, cluster.mount()));
}

sim::Task<void> leave_open(SmallCluster& cluster, stripe::Mount& mount, sim::Duration patience) {
  static_cast<void>(
      co_await sim::with_timeout(cluster.loop(), open_file(mount, "/f", {}, true), patience));
}
// Whenever its caller goes: a caller who got it has it still.
TEST(Handles, OfAnOpenWhoseCallerWentAreGivenBack) {
  int left = 0;
  for (int us = 0; us < 400; us += 7) {
    SmallCluster cluster;
    stripe::Mount& mount = cluster.mount();
    cluster.run(leave_open(cluster, mount, sim::microseconds(us)));
    const bool closed = cluster.cluster().mdt().open_files() == 0;
    left += closed ? 1 : 0;
    EXPECT_EQ(closed, cluster.requests(stripe::kMdsClose) == cluster.cluster().mdt().counts().opens)
        << us;
  }
  EXPECT_GT(left, 10);
}

sim::Task<void> come_and_go(stripe::Mount& mount) {
  for (int i = 0; i < 100; ++i) {
    const std::unique_ptr<stripe::File> direct =
        co_await open_file(mount, fmt::format("/direct{}", i), {}, true);
    static_cast<void>(co_await direct->write({0, kKiB}));
    static_cast<void>(co_await direct->close());
    static_cast<void>(co_await mount.stat(fmt::format("/direct{}", i)));
    const std::unique_ptr<stripe::File> buffered =
        co_await open_file(mount, fmt::format("/buffered{}", i), {}, false);
    static_cast<void>(co_await buffered->write({0, kKiB}));
    static_cast<void>(co_await buffered->fsync());
    static_cast<void>(co_await buffered->close());
  }
  EXPECT_EQ(mount.inodes(), 100u) << "those with cached data";
  EXPECT_EQ(mount.cache().cached(), 100 * kKiB);
  for (int i = 0; i < 100; ++i) {
    static_cast<void>(co_await mount.unlink(fmt::format("/buffered{}", i)));
  }
  EXPECT_EQ(mount.inodes(), 0u);
  EXPECT_EQ(mount.cache().cached(), 0u);
}
TEST(Inodes, StayForTheirCachedDataOnly) {
  SmallCluster cluster;
  cluster.run(come_and_go(cluster.mount()));
}

sim::Task<void> unlink_dirty(SmallCluster& cluster, stripe::Mount& mount, stripe::Mount& other) {
  const std::unique_ptr<stripe::File> file = co_await open_file(mount, "/f", {}, false);
  static_cast<void>(co_await file->write({0, 64 * kKiB}));
  const std::uint64_t writer = file->last_stamp().value;
  stripe::Opened reading = co_await other.open("/f", {});
  static_cast<void>(co_await mount.unlink("/f"));
  EXPECT_EQ(mount.write_back().dirty(), 64 * kKiB) << "it is open";
  static_cast<void>(co_await file->close());
  EXPECT_EQ(mount.write_back().dirty(), 64 * kKiB) << "another client has it open";
  co_await sim::sleep_for(cluster.loop(), sim::seconds(60));
  const Outcome all = co_await reading.file->read({0, kMiB});
  EXPECT_EQ(writers_of(*reading.file, 0, all.data), (std::vector<Written>{{0, 64 * kKiB, writer}}));
  static_cast<void>(co_await reading.file->close());

  const std::uint64_t writes = cluster.requests(stripe::kOstWrite);
  const std::unique_ptr<stripe::File> next = co_await open_file(mount, "/f", {}, false);
  static_cast<void>(co_await next->write({0, 64 * kKiB}));
  static_cast<void>(co_await next->close());
  EXPECT_EQ(mount.write_back().dirty(), 64 * kKiB);
  static_cast<void>(co_await mount.unlink("/f"));
  EXPECT_EQ(mount.write_back().dirty(), 0u);
  co_await sim::sleep_for(cluster.loop(), sim::seconds(60));
  EXPECT_EQ(cluster.requests(stripe::kOstWrite), writes);
}
TEST(Unlink, GivesUpDirtyDataOnceNobodyCanAskForIt) {
  SmallCluster cluster;
  stripe::Mount& mount = cluster.mount();
  cluster.run(unlink_dirty(cluster, mount, cluster.mount()));
}

sim::Task<void> use_data_on_mdt(stripe::Mount& mount, int number) {
  const std::unique_ptr<stripe::File> file = co_await open_file(
      mount, fmt::format("/f{}", number), "-E 1M -L mdt -E eof -c 2", number % 2 == 0);
  static_cast<void>(co_await file->write({0, 64 * kKiB}));
  static_cast<void>(co_await file->fsync());
  const stripe::Found found = co_await mount.stat(fmt::format("/f{}", number));
  EXPECT_EQ(found.attr.size, 64 * kKiB);
  static_cast<void>(co_await file->close());
}
sim::Task<void> use_data_on_mdt_twice(stripe::Mount& mount) {
  co_await use_data_on_mdt(mount, 0);
  co_await use_data_on_mdt(mount, 1);
}
TEST(DataOnMdt, SharesTheConnectionOfTheMetadata) {
  SmallCluster cluster;
  std::vector<stripe::Mount*> mounts;
  const std::uint64_t before = cluster.requests(transport::kConnect);
  for (int i = 0; i < 3; ++i) {
    cluster.run(use_data_on_mdt_twice(cluster.mount()));
  }
  // The MDT connects to four OSTs in the course of that.
  EXPECT_LE(cluster.requests(transport::kConnect), before + 4 + 3);
  EXPECT_EQ(cluster.requests(stripe::kMdsClose), 6u) << "nothing was sent again";
}

constexpr sim::Duration kSlow = sim::seconds(1);

HardwareSpec slow_mds() {
  HardwareSpec hardware;
  hardware.mds.cpu_per_modify = hardware.mds.cpu_per_close = hardware.mds.cpu_per_lookup = kSlow;
  hardware.mds.node.cores = 64;
  return hardware;
}
sim::Task<void> mkdir(stripe::Mount& mount, int number) {
  static_cast<void>(co_await mount.mkdir(fmt::format("/d{}", number)));
}
sim::Task<void> lookup(stripe::Mount& mount) { static_cast<void>(co_await mount.stat("/f")); }
sim::Task<void> close_file(stripe::File& file) { static_cast<void>(co_await file.close()); }

sim::Task<void> fill_slots(SmallCluster& cluster, stripe::Mount& mount) {
  std::vector<std::unique_ptr<stripe::File>> files;
  for (int i = 0; i < 2; ++i) {
    files.push_back(co_await open_file(mount, "/f", {}, true));
  }
  sim::TaskGroup tasks(cluster.loop());
  const auto settle = [&] { return sim::sleep_for(cluster.loop(), sim::milliseconds(100)); };
  const auto in_flight = [&] { return mount.mdc().import().in_flight(); };
  for (int i = 0; i < 20; ++i) {
    tasks.spawn(mkdir(mount, i), "mkdir");
  }
  co_await settle();
  EXPECT_EQ(in_flight(), 7u) << "max_mod_rpcs_in_flight";
  tasks.spawn(close_file(*files[0]), "close");
  tasks.spawn(close_file(*files[1]), "close");
  co_await settle();
  EXPECT_EQ(in_flight(), 8u) << "one close more";
  for (int i = 0; i < 20; ++i) {
    tasks.spawn(lookup(mount), "lookup");
  }
  co_await settle();
  EXPECT_EQ(in_flight(), 16u) << "what changes nothing has max_rpcs_in_flight of its own";
  co_await sim::sleep_for(cluster.loop(), 10 * kSlow);
  EXPECT_EQ(in_flight(), 0u);
}
TEST(Slots, OfTheMdtLimitChangesClosesAndLookups) {
  SmallCluster cluster(slow_mds(), NullDeviceSpec{sim::kGiB});
  stripe::ClientDesign design;
  design.rpcs_in_flight = 256;  // the OSTs' limit is another one
  cluster.run(fill_slots(cluster, cluster.mount(design)));
}

sim::Task<void> charge(stripe::Mount& mount) {
  static_cast<void>(co_await open_file(mount, "/f", {}, true));
  const stripe::Opened opened = co_await mount.open("/f", {});
  const sim::Timeline& timeline = opened.outcome.timeline;
  const sim::Duration message = NodeSpec().cpu_per_message;
  EXPECT_EQ(time_in(timeline, Stage::metadata), kSlow + 2 * message) << "request and reply";
  EXPECT_EQ(time_in(timeline, Stage::server_cpu), sim::Duration());
  EXPECT_GT(time_in(timeline, Stage::fabric), sim::Duration());
  EXPECT_GT(time_in(timeline, Stage::reply), sim::Duration());
}
TEST(MetadataStage, IsTheTimeAtTheMdt) {
  SmallCluster cluster(slow_mds(), NullDeviceSpec{sim::kGiB});
  cluster.run(charge(cluster.mount()));
}

// The MDT has no stock yet when the first file is created: it waits for objects.
sim::Task<void> charge_create(stripe::Mount& mount) {
  stripe::OpenFlags flags;
  flags.create = flags.write = true;
  const stripe::Opened opened = co_await mount.open("/f", flags, "-c 1");
  EXPECT_GT(time_in(opened.outcome.timeline, Stage::metadata), sim::milliseconds(900));
  EXPECT_LT(time_in(opened.outcome.timeline, Stage::reply), sim::milliseconds(100));
}
TEST(MetadataStage, HoldsTheMdtsWaitForObjects) {
  HardwareSpec hardware;
  hardware.oss.cpu_per_object = kSlow;
  SmallCluster cluster(hardware, NullDeviceSpec{sim::kGiB});
  cluster.run(charge_create(cluster.mount()));
}

// 64 MiB to one OST whose device writes 500 MB/s: that is what a waiter for them waits for.
sim::Task<void> wait_for_device(stripe::Mount& mount) {
  const std::unique_ptr<stripe::File> file = co_await open_file(mount, "/f", "-c 1", false);
  for (sim::Bytes at = 0; at < 64 * kMiB; at += kMiB) {
    static_cast<void>(co_await file->write({at, at + kMiB}));
  }
  const Outcome synced = co_await file->fsync();
  const sim::Duration total = synced.timeline.total();
  EXPECT_GT(total, sim::milliseconds(100));
  const sim::Duration device =
      time_in(synced.timeline, Stage::device) + time_in(synced.timeline, Stage::device_queue);
  EXPECT_GT(device.ns() * 10, total.ns() * 9);
}
TEST(FsyncStages, AreThoseOfTheWritesItWaitsFor) {
  NvmeSpec device;
  device.write_rate = sim::Rate{500'000'000};
  device.capacity = sim::kGiB;
  HardwareSpec hardware;
  hardware.oss.page_cache.enabled = false;
  SmallCluster cluster(hardware, device);
  cluster.run(wait_for_device(cluster.mount()));
}

}  // namespace
}  // namespace scenarios
