// A small cluster, in virtual time if nothing else is said, whose clients a test drives by hand.
#pragma once

#include <gtest/gtest.h>

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/cluster/cluster.h"
#include "stripe/client/mount.h"

namespace scenarios {

// Four OSTs, each on a server of its own, whose devices take no time and keep contents.
class SmallCluster {
 public:
  explicit SmallCluster(sim::Bytes capacity = 16 * sim::kGiB);
  // `restarts`: its object servers may be stopped and started again; `mds_restarts`: its metadata
  // server.
  SmallCluster(HardwareSpec hardware, DeviceSpec device, bool restarts = false,
               bool mds_restarts = false,
               std::unique_ptr<WorldModel> world = make_sim_world(WorldParams()));
  ~SmallCluster();

  // Mounts the next client.
  stripe::Mount& mount(const stripe::ClientDesign& design = stripe::ClientDesign());

  // Runs `task` and all it starts to their end.
  void run(sim::Task<void> task);

  Cluster& cluster() { return *cluster_; }
  sim::Loop& loop() { return world_->loop(); }
  // Requests with this opcode that were delivered so far.
  std::uint64_t requests(transport::Opcode opcode) const;

 private:
  std::unique_ptr<WorldModel> world_;
  std::unique_ptr<Cluster> cluster_;
  std::vector<std::unique_ptr<stripe::ClientDesign>> designs_;
  std::vector<std::unique_ptr<stripe::Mount>> mounts_;
};

// Opens `path` for writing, making it with `layout` if it is not there.
sim::Task<std::unique_ptr<stripe::File>> open_file(stripe::Mount& mount, std::string path,
                                                   std::string layout, bool direct);

// Destroys the object of `file`'s stripe `stripe` behind the back of all: its OST then fails
// whatever is asked of it.
sim::Task<void> lose_object(stripe::Mount& mount, const stripe::File& file, std::size_t stripe);

// Who wrote the bytes [begin, end) of a file; a writer of 0 is nobody, they are zeros.
struct Written {
  sim::Bytes begin = 0;
  sim::Bytes end = 0;
  std::uint64_t writer = 0;
  bool operator==(const Written&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Written& written);

// What was read from `file` at `offset`, neighbours of one writer joined. Data that belongs
// elsewhere fails the test.
std::vector<Written> writers_of(const stripe::File& file, sim::Bytes offset,
                                const transport::Payload& data);

}  // namespace scenarios
