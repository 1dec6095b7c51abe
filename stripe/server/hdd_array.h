// A RAID-6 group of disk drives behind a controller with a write-back cache.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "sim/frame_pool.h"
#include "sim/intrusive_list.h"
#include "sim/station.h"
#include "stripe/server/device.h"
#include "stripe/server/dirty_ranges.h"
#include "stripe/server/disk.h"
#include "stripe/server/raid6.h"

namespace stripe {

struct HddArrayParams {
  DiskParams disk;
  DiskQueueParams queue;
  RaidGeometry raid;
  // Bytes of write-back cache; 0 for none. 1 GiB: LSI MegaRAID 9271-8i data sheet.
  sim::Bytes cache = sim::kGiB;
  // Into and out of the cache. Four lanes of 6 Gbit/s SAS with 8b/10b coding.
  sim::Rate cache_rate{2'400'000'000};
  // How much is written back at a time (rounded down to full stripes), and how many such runs are
  // under way at once. Ours: large enough to make a seek small, two so that no drive runs dry.
  sim::Bytes destage_run = 8 * sim::kMiB;
  std::uint32_t destage_runs = 2;
  // Partial stripes wait this long for their other part. Linux md keeps partial stripes likewise
  // ("plugging"); the length is ours.
  sim::Duration destage_after = sim::seconds(1);
  // The cache survives a power loss (battery or flash), so that flush has nothing to do.
  bool cache_is_stable = true;
};

// Reads go to the drives unless all their data waits in the cache. Writes are done once they are in
// the cache, which takes length ÷ cache_rate, one at a time, first come first served, after waiting
// for space; longer ones than the cache go to the drives directly. Space is free again when the
// drives have it. More than half a cache, or somebody waiting for space, makes partial stripes
// leave too. Every drive has its own head and queue, and a request is done when its last piece is.
//
// flush, if the cache is not stable, makes everything leave; writes that come meanwhile wait.
// A rebuild is queue.rebuild_percent and raid.failed_disks together.
class HddArray : public Device {
 public:
  HddArray(sim::Loop& loop, std::string name, const HddArrayParams& params);
  ~HddArray() override;

  sim::Bytes capacity() const override {
    return params_.disk.capacity / params_.raid.chunk * params_.raid.row();
  }
  // Every drive, then the cache's port.
  std::vector<DeviceUse> use() const override;
  // Bytes of the cache that are taken.
  sim::Bytes cached() const { return used_; }
  // Runs being written back.
  std::uint32_t destaging() const { return destaging_; }

 private:
  enum class JobKind : std::uint8_t { direct, cached, destage, flush };
  // One request, or one run written back. Lives until its last piece is done, whoever waits.
  struct Job : DiskClient, sim::Callback, sim::ListNode, sim::Pooled {
    HddArray* array = nullptr;
    Io* io = nullptr;  // nullptr: nobody waits
    JobKind kind = JobKind::direct;
    ExtentList parts;
    sim::Bytes length = 0;
    std::size_t left = 0;  // pieces not done yet
    sim::TimePoint arrived;
    sim::TimePoint due;  // of the transfer into or out of the cache
    sim::Duration service;
    bool scheduled = false;
  };

  bool start(Io& io) override;
  void forget(Io& io) override;

  Job& add_job(JobKind kind, Io* io, std::span<const sim::Extent> parts);
  void finish(Job& job);
  void start_read(Job& job);
  void start_write(Job& job);
  void submit(Job& job, const RaidPieces& pieces);
  void transfer(Job& job);
  static void piece_done(DiskClient& client, sim::Duration service);
  static void transferred(sim::Callback& callback);

  void admit();
  void destage();
  void arm_age();
  static void aged(sim::Callback& timer);
  void end_flushes();

  struct AgeTimer : sim::Callback {
    HddArray* array = nullptr;
  };

  HddArrayParams params_;
  std::vector<std::unique_ptr<Disk>> disks_;
  sim::Station port_;
  DirtyRanges dirty_;
  sim::Bytes used_ = 0;  // dirty, being written back, or admitted and on its way in
  std::uint32_t destaging_ = 0;
  sim::IntrusiveList<Job> jobs_;  // all, in order of arrival
  std::deque<Job*> writers_;      // wait for space
  std::vector<Job*> flushes_;
  AgeTimer age_timer_;
  sim::TimePoint age_due_;
  bool age_armed_ = false;
};

}  // namespace stripe
