#include "scenarios/run/small_cluster.h"

#include <fmt/core.h>

#include <ostream>
#include <utility>

namespace scenarios {

SmallCluster::SmallCluster(sim::Bytes capacity)
    : SmallCluster(HardwareSpec(), NullDeviceSpec{capacity}) {}

SmallCluster::SmallCluster(HardwareSpec hardware, DeviceSpec device, bool restarts,
                           bool mds_restarts, std::unique_ptr<WorldModel> world)
    : world_(std::move(world)) {
  ClusterSpec spec;
  spec.osts = spec.oss = 4;
  spec.share_servers = 5;  // one on the metadata node, and one on each object server
  spec.hardware = std::move(hardware);
  spec.hardware.ost_device = device;
  spec.hardware.store = StoreKind::memory;
  auto built = Cluster::build(*world_, spec, restarts, mds_restarts);
  sim::check(built.ok(), "the cluster of a test cannot be built");
  cluster_ = std::move(*built);
}

SmallCluster::~SmallCluster() = default;

stripe::Mount& SmallCluster::mount(const stripe::ClientDesign& design) {
  designs_.push_back(std::make_unique<stripe::ClientDesign>(design));
  const auto client = static_cast<std::uint32_t>(mounts_.size()) + 1;
  const auto node = cluster_->add_client(fmt::format("client{}", client));
  sim::check(node.ok(), "the client of a test cannot be made");
  mounts_.push_back(std::make_unique<stripe::Mount>(world_->loop(), world_->host(*node),
                                                    world_->network(), transport::Address{*node, 0},
                                                    client, *designs_.back(), cluster_->map()));
  return *mounts_.back();
}

void SmallCluster::run(sim::Task<void> task) {
  sim::TaskGroup tasks(world_->loop());
  tasks.spawn(std::move(task), "the test");
  const sim::Status ran = world_->run([] {});
  EXPECT_TRUE(ran.ok()) << (ran.ok() ? "" : ran.error().message);
}

std::uint64_t SmallCluster::requests(transport::Opcode opcode) const {
  return world_->traffic().of(transport::MessageKind::request, opcode).messages;
}

sim::Task<std::unique_ptr<stripe::File>> open_file(stripe::Mount& mount, std::string path,
                                                   std::string layout, bool direct) {
  stripe::OpenFlags flags;
  flags.create = true;
  flags.write = true;
  flags.direct = direct;
  stripe::Opened opened = co_await mount.open(std::move(path), flags, std::move(layout));
  sim::check(opened.file != nullptr, "the file of a test cannot be opened");
  co_return std::move(opened.file);
}

sim::Task<void> lose_object(stripe::Mount& mount, const stripe::File& file, std::size_t stripe) {
  const stripe::StripeObject object = file.layout().components.front().objects[stripe];
  stripe::OstDestroyRequest request;
  request.object = object.id;
  transport::CallOptions options;
  options.opcode = stripe::kOstDestroy;
  const transport::RpcReply reply =
      co_await mount.lov().target(object.ost_index).import().call(request, std::move(options));
  EXPECT_EQ(reply.status, sim::Errc::ok);
}

std::ostream& operator<<(std::ostream& out, const Written& written) {
  return out << fmt::format("[{}, {}) by {:x}", written.begin, written.end, written.writer);
}

std::vector<Written> writers_of(const stripe::File& file, sim::Bytes offset,
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
