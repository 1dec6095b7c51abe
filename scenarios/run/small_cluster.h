// A small cluster in virtual time whose clients a test drives by hand.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "scenarios/cluster/cluster.h"
#include "stripe/client/mount.h"

namespace scenarios {

// Four OSTs, each on a server of its own, whose devices take no time and keep contents.
class SmallCluster {
 public:
  explicit SmallCluster(sim::Bytes capacity = 16 * sim::kGiB)
      : SmallCluster(HardwareSpec(), NullDeviceSpec{capacity}) {}
  SmallCluster(HardwareSpec hardware, DeviceSpec device) : world_(make_sim_world(WorldParams())) {
    ClusterSpec spec;
    spec.osts = spec.oss = 4;
    spec.hardware = std::move(hardware);
    spec.hardware.ost_device = device;
    spec.hardware.store = StoreKind::memory;
    auto built = Cluster::build(*world_, spec);
    sim::check(built.ok(), "the cluster of a test cannot be built");
    cluster_ = std::move(*built);
  }

  // Mounts the next client.
  stripe::Mount& mount(const stripe::ClientDesign& design = stripe::ClientDesign()) {
    designs_.push_back(std::make_unique<stripe::ClientDesign>(design));
    const auto client = static_cast<std::uint32_t>(mounts_.size()) + 1;
    const auto node = cluster_->add_client(fmt::format("client{}", client));
    sim::check(node.ok(), "the client of a test cannot be made");
    mounts_.push_back(std::make_unique<stripe::Mount>(
        world_->loop(), world_->host(*node), world_->network(), transport::Address{*node, 0},
        client, *designs_.back(), cluster_->map()));
    return *mounts_.back();
  }

  // Runs `task` and all it starts to their end.
  void run(sim::Task<void> task) {
    sim::TaskGroup tasks(world_->loop());
    tasks.spawn(std::move(task), "the test");
    const sim::Status ran = world_->run([] {});
    EXPECT_TRUE(ran.ok()) << (ran.ok() ? "" : ran.error().message);
  }

  Cluster& cluster() { return *cluster_; }
  sim::Loop& loop() { return world_->loop(); }
  // Requests with this opcode that were delivered so far.
  std::uint64_t requests(transport::Opcode opcode) const {
    return world_->traffic().of(transport::MessageKind::request, opcode).messages;
  }

 private:
  std::unique_ptr<WorldModel> world_;
  std::unique_ptr<Cluster> cluster_;
  std::vector<std::unique_ptr<stripe::ClientDesign>> designs_;
  std::vector<std::unique_ptr<stripe::Mount>> mounts_;
};

// Opens `path` for writing, making it with `layout` if it is not there.
inline sim::Task<std::unique_ptr<stripe::File>> open_file(stripe::Mount& mount, std::string path,
                                                          std::string layout, bool direct) {
  stripe::OpenFlags flags;
  flags.create = true;
  flags.write = true;
  flags.direct = direct;
  stripe::Opened opened = co_await mount.open(std::move(path), flags, std::move(layout));
  sim::check(opened.file != nullptr, "the file of a test cannot be opened");
  co_return std::move(opened.file);
}

// Destroys the object of `file`'s stripe `stripe` behind the back of all: its OST then fails
// whatever is asked of it.
inline sim::Task<void> lose_object(stripe::Mount& mount, const stripe::File& file,
                                   std::size_t stripe) {
  const stripe::StripeObject object = file.layout().components.front().objects[stripe];
  stripe::OstDestroyRequest request;
  request.object = object.id;
  transport::CallOptions options;
  options.opcode = stripe::kOstDestroy;
  const transport::RpcReply reply =
      co_await mount.lov().target(object.ost_index).import().call(request, std::move(options));
  EXPECT_EQ(reply.status, sim::Errc::ok);
}

// Who wrote the bytes [begin, end) of a file; a writer of 0 is nobody, they are zeros.
struct Written {
  sim::Bytes begin = 0;
  sim::Bytes end = 0;
  std::uint64_t writer = 0;
  bool operator==(const Written&) const = default;
};
inline std::ostream& operator<<(std::ostream& out, const Written& w) {
  return out << fmt::format("[{}, {}) by {:x}", w.begin, w.end, w.writer);
}

// What was read from `file` at `offset`, neighbours of one writer joined. Data that belongs
// elsewhere fails the test.
inline std::vector<Written> writers_of(const stripe::File& file, sim::Bytes offset,
                                       const transport::Payload& data) {
  std::vector<Written> all;
  sim::Bytes at = offset;
  for (const transport::ContentRun& run : data.runs()) {
    if (run.stamp.value != 0) {
      EXPECT_EQ(run.file, file.fid().content_id());
      EXPECT_EQ(run.offset, at);
    }
    if (!all.empty() && all.back().writer == run.stamp.value) {
      all.back().end += run.length;
    } else {
      all.push_back({at, at + run.length, run.stamp.value});
    }
    at += run.length;
  }
  EXPECT_EQ(at - offset, data.size()) << "contents are described in full";
  return all;
}

}  // namespace scenarios
