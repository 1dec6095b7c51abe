// A client's data path, without a mount, against OSTs that a test can slow down or make fail.
#pragma once

#include <gtest/gtest.h>

#include <ostream>

#include "stripe/client/fake_ost.h"
#include "stripe/client/page_reader.h"
#include "stripe/client/write_back.h"
#include "transport/testing/loopback_network.h"

namespace stripe {

// One client and `osts` OSTs on a network that takes no time. Options are set before the first use.
class ClientWorld {
 public:
  static constexpr Fid kFid{0x200000400, 1, 0};

  explicit ClientWorld(ClientDesign d = ClientDesign(), std::uint32_t osts = 1,
                       sim::HostProfile profile = {.request = {}, .copy = {}, .checksum = {}})
      : design(std::move(d)), host(loop, "client", profile) {
    for (std::uint32_t i = 0; i < osts; ++i) {
      map_.osts.push_back({0, i});
      fakes_.push_back(std::make_unique<FakeOst>(loop, network, i));
    }
  }

  // A file striped over the first `stripes` OSTs; its objects are (1, number).
  std::unique_ptr<Inode> file(std::uint32_t stripes = 1, std::uint32_t stripe_size = sim::kMiB) {
    auto inode = std::make_unique<Inode>(loop, Fid{kFid.seq, ++files_, 0});
    Component component;
    component.flags = kComponentInit;
    component.stripe_size = stripe_size;
    component.stripe_count = static_cast<std::uint16_t>(stripes);
    for (std::uint32_t i = 0; i < stripes; ++i) {
      component.objects.push_back({object(*inode), 0, i});
    }
    inode->layout.components.push_back(component);
    return inode;
  }
  // The object of each of the file's stripes, on its own OST.
  static ObjectId object(const Inode& inode) { return {1, inode.fid.oid}; }
  // Gives a file of one stripe content of `size`, written by `stamp`.
  void fill(Inode& inode, sim::Bytes size, transport::Stamp stamp) {
    ost(0).content(object(inode)) =
        transport::Payload(transport::ContentRun{inode.content_id(), 0, size, stamp});
    inode.known_size = size;
  }

  FakeOst& ost(std::uint32_t index) { return *fakes_[index]; }
  transport::Stamp stamp() { return transport::Stamp::make(1, ++stamps_); }

  // Starts `task`; run() ends when all that were started have.
  void start(sim::Task<void> task) { tasks_.spawn(std::move(task), "the test"); }
  void run() {
    const sim::Status ran = sim::run_virtual(loop);
    EXPECT_TRUE(ran.ok()) << (ran.ok() ? "" : ran.error().message);
  }
  void run(sim::Task<void> task) {
    start(std::move(task));
    run();
  }
  // Everything that is going to happen by `span` from now.
  void run_for(sim::Duration span) {
    const sim::TimePoint end = loop.now() + span;
    while (loop.step(end)) {
    }
    loop.advance_to(end);
  }

  sim::Loop loop{1};
  ClientDesign design;
  sim::ModelledHost host;
  transport::testing::LoopbackNetwork network{loop};

 private:
  transport::Endpoint endpoint_{loop, network, {1, 0}};
  ClusterMap map_;
  std::vector<std::unique_ptr<FakeOst>> fakes_;
  std::uint32_t files_ = 0;
  std::uint64_t stamps_ = 0;

 public:
  ClientContext context{loop, host, design, endpoint_, {}, {}, {}};
  Mdc mdc{context, {1000, 0}};  // nobody is there
  Lov lov{context, mdc, map_};
  cachemodel::PageCache cache{design.cache_size};
  WriteBack write_back{context, lov, cache};
  PageReader pages{context, lov, cache};

 private:
  sim::TaskGroup tasks_{loop};
};

// One open file; reads one after another.
struct Reader {
  explicit Reader(ClientWorld& w, Inode& i)
      : world(w), inode(i), read_ahead(read_ahead_options(w.design)) {}

  sim::Task<void> task(sim::Extent range, Outcome& outcome) {
    outcome = co_await world.pages.read(inode, range, read_ahead);
  }
  Outcome read(sim::Extent range) {
    Outcome outcome;
    world.run(task(range, outcome));
    return outcome;
  }

  ClientWorld& world;
  Inode& inode;
  cachemodel::ReadAhead read_ahead;
};

// Who wrote the bytes [begin, end) of a file; a writer of 0 is nobody, they are zeros.
struct Written {
  sim::Bytes begin = 0;
  sim::Bytes end = 0;
  std::uint64_t writer = 0;
  bool operator==(const Written&) const = default;
};
inline std::ostream& operator<<(std::ostream& out, const Written& w) {
  return out << "[" << w.begin << ", " << w.end << ") by " << w.writer;
}

// What `data`, read at `offset`, says; neighbours of one writer joined.
inline std::vector<Written> writers_of(sim::Bytes offset, const transport::Payload& data) {
  std::vector<Written> all;
  for (const transport::ContentRun& run : data.runs()) {
    if (!all.empty() && all.back().writer == run.stamp.value) {
      all.back().end += run.length;
    } else {
      all.push_back({offset, offset + run.length, run.stamp.value});
    }
    offset += run.length;
  }
  return all;
}

}  // namespace stripe
