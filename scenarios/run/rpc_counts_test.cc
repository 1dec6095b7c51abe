// How many RPCs each operation costs a client with cold caches, with intents and without: the table
// of Lustre's costs, row by row (llite, mdc and mdt of Lustre 2.17; sanity test_120).
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"

namespace scenarios {
namespace {

using sim::kKiB;
using sim::kMiB;

// Requests since the last look.
struct Cost {
  std::uint64_t mds = 0;     // to the MDT, but for data on it
  std::uint64_t locks = 0;   // enqueues of data
  std::uint64_t reads = 0;   // OST_READ
  std::uint64_t writes = 0;  // OST_WRITE
  std::uint64_t other = 0;   // of other kinds to an OST, or of locks given up and called back
  bool operator==(const Cost&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Cost& c) {
  return out << fmt::format("mds {} locks {} reads {} writes {} other {}", c.mds, c.locks, c.reads,
                            c.writes, c.other);
}

class RpcCounts : public ::testing::TestWithParam<bool> {
 public:
  stripe::Mount& mount() {
    stripe::ClientDesign design;
    design.coherence = stripe::Coherence::ldlm;
    design.intents = GetParam();
    return cluster_.mount(design);
  }
  static std::uint64_t with_or_without(std::uint64_t with, std::uint64_t without) {
    return GetParam() ? with : without;
  }
  Cost cost() {
    const auto sent = [this](std::initializer_list<transport::Opcode> opcodes) {
      std::uint64_t sum = 0;
      for (const transport::Opcode opcode : opcodes) {
        sum += cluster_.requests(opcode);
      }
      return sum;
    };
    const Cost now{
        sent({stripe::kLdlmEnqueue, stripe::kMdsReint, stripe::kMdsClose, stripe::kMdsReadpage}),
        sent({stripe::kLdlmExtent}), sent({stripe::kOstRead}), sent({stripe::kOstWrite}),
        sent({stripe::kOstGetattr, stripe::kOstPunch, stripe::kLdlmBlocking, stripe::kLdlmCancel,
              stripe::kLdlmConvert, stripe::kLdlmGlimpse})};
    const Cost since{now.mds - last_.mds, now.locks - last_.locks, now.reads - last_.reads,
                     now.writes - last_.writes, now.other - last_.other};
    last_ = now;
    return since;
  }
  void run(sim::Task<void> task) { cluster_.run(std::move(task)); }
  // /d/f with four stripes of 1 MiB and something in each, /d/g on the MDT, /d/p with a component
  // without objects; nobody holds a lock.
  static sim::Task<void> furnish(RpcCounts& test) {
    stripe::Mount& maker = test.mount();
    static_cast<void>(co_await maker.mkdir("/d"));
    co_await make(maker, "/d/f", "-c 4 -S 1M", 4 * kMiB);
    co_await make(maker, "/d/g", "-E 1M -L mdt", 8 * kKiB);
    co_await make(maker, "/d/p", "-E 1M -c 1 -E eof -c 1", kMiB);
    EXPECT_EQ(co_await maker.unmount(), 0u);
    test.cost();
  }
  static sim::Task<void> make(stripe::Mount& mount, std::string path, std::string layout,
                              sim::Bytes size) {
    auto file = co_await open_file(mount, std::move(path), std::move(layout), false);
    EXPECT_EQ((co_await file->write({0, size})).status, sim::Errc::ok);
    EXPECT_EQ((co_await file->fsync()).status, sim::Errc::ok);
    EXPECT_EQ((co_await file->close()).status, sim::Errc::ok);
  }
  // Without O_CREAT.
  static sim::Task<std::unique_ptr<stripe::File>> open(stripe::Mount& mount, std::string path) {
    stripe::OpenFlags flags;
    flags.write = true;
    stripe::Opened opened = co_await mount.open(std::move(path), flags);
    sim::check(opened.file != nullptr, "the file of a test cannot be opened");
    co_return std::move(opened.file);
  }
  // A client that knows the way to /d.
  static sim::Task<stripe::Mount*> newcomer(RpcCounts& test) {
    stripe::Mount& client = test.mount();
    static_cast<void>(co_await client.set_mode("/d/f", 0644));
    EXPECT_EQ(test.cost(), (Cost{with_or_without(1, 3) + 1})) << "one lookup, and the change";
    co_return &client;
  }

 private:
  SmallCluster cluster_;
  Cost last_;
};

TEST_P(RpcCounts, OfLooking) {
  run([](RpcCounts& test) -> sim::Task<void> {
    co_await furnish(test);
    stripe::Mount& client = *co_await newcomer(test);
    static_cast<void>(co_await client.stat("/d/f"));
    EXPECT_EQ(test.cost(), (Cost{with_or_without(1, 4), 4})) << "stat, and a glimpse of a stripe";
    static_cast<void>(co_await client.stat("/d/f"));
    EXPECT_EQ(test.cost(), Cost{}) << "stat again";
    static_cast<void>(co_await client.stat("/d/g"));
    EXPECT_EQ(test.cost(), (Cost{with_or_without(1, 4), 1})) << "data on the MDT";
    static_cast<void>(co_await client.readdir("/d"));
    EXPECT_EQ(test.cost(), Cost{2}) << "an enqueue and a page";
    static_cast<void>(co_await client.readdir("/d"));
    EXPECT_EQ(test.cost(), Cost{}) << "readdir again";
  }(*this));
}

TEST_P(RpcCounts, OfOpeningAndClosing) {
  run([](RpcCounts& test) -> sim::Task<void> {
    co_await furnish(test);
    stripe::Mount& client = *co_await newcomer(test);
    auto file = co_await open(client, "/d/f");
    EXPECT_EQ(test.cost(), Cost{with_or_without(1, 5)}) << "open";
    co_await file->close();
    EXPECT_EQ(test.cost(), Cost{1}) << "close";
    auto fresh = co_await open_file(client, "/d/new", "-c 4", false);
    EXPECT_EQ(test.cost(), Cost{with_or_without(1, 5)}) << "create";
    co_await fresh->close();
    EXPECT_EQ(test.cost(), Cost{1});
  }(*this));
}

TEST_P(RpcCounts, OfReadingAndWriting) {
  run([](RpcCounts& test) -> sim::Task<void> {
    co_await furnish(test);
    stripe::Mount& client = *co_await newcomer(test);
    auto file = co_await open(client, "/d/f");
    test.cost();
    static_cast<void>(co_await file->read({0, 4 * kMiB}));
    EXPECT_EQ(test.cost(), (Cost{0, 4, 4})) << "first read";
    static_cast<void>(co_await file->read({0, 4 * kMiB}));
    EXPECT_EQ(test.cost(), Cost{}) << "read again";
    EXPECT_EQ(co_await client.unmount(), 0u);
    test.cost();
    static_cast<void>(co_await file->write({0, 4 * kMiB}));
    static_cast<void>(co_await file->fsync());
    EXPECT_EQ(test.cost(), (Cost{with_or_without(1, 2), 4, 0, 4}))
        << "first write; the layout was given back too";
    static_cast<void>(co_await file->write({0, 4 * kMiB}));
    EXPECT_EQ(test.cost(), Cost{}) << "write again";
  }(*this));
}

TEST_P(RpcCounts, OfDataOnTheMdt) {
  run([](RpcCounts& test) -> sim::Task<void> {
    co_await furnish(test);
    stripe::Mount& client = *co_await newcomer(test);
    auto file = co_await open(client, "/d/g");
    static_cast<void>(co_await file->read({0, 8 * kKiB}));
    EXPECT_EQ(test.cost(), (Cost{with_or_without(1, 5), 1, 1})) << "open, a lock, a read";
  }(*this));
}

TEST_P(RpcCounts, OfAFirstWriteWhereThereAreNoObjects) {
  run([](RpcCounts& test) -> sim::Task<void> {
    co_await furnish(test);
    stripe::Mount& client = *co_await newcomer(test);
    auto file = co_await open(client, "/d/p");
    test.cost();
    static_cast<void>(co_await file->write({kMiB, 2 * kMiB}));
    EXPECT_EQ(test.cost().mds, with_or_without(1, 3));
    static_cast<void>(co_await file->write({2 * kMiB, 3 * kMiB}));
    EXPECT_EQ(test.cost().mds, 0u);
  }(*this));
}

TEST_P(RpcCounts, OfChanges) {
  run([](RpcCounts& test) -> sim::Task<void> {
    co_await furnish(test);
    stripe::Mount& client = *co_await newcomer(test);
    static_cast<void>(co_await client.readdir("/d"));
    static_cast<void>(co_await client.stat("/d/p"));
    test.cost();
    static_cast<void>(co_await client.mkdir("/d/sub"));
    EXPECT_EQ(test.cost(), Cost{1}) << "mkdir";
    static_cast<void>(co_await client.set_mode("/d/p", 0600));
    EXPECT_EQ(test.cost(), Cost{1}) << "chmod";
    static_cast<void>(co_await client.rename("/d/f", "/d/f2"));
    EXPECT_EQ(test.cost(), Cost{1}) << "rename";
    static_cast<void>(co_await client.unlink("/d/f2"));
    EXPECT_EQ(test.cost(), Cost{1}) << "unlink";
  }(*this));
}

TEST_P(RpcCounts, OfTruncates) {
  run([](RpcCounts& test) -> sim::Task<void> {
    co_await furnish(test);
    stripe::Mount& client = *co_await newcomer(test);
    auto file = co_await open(client, "/d/p");
    test.cost();
    static_cast<void>(co_await file->truncate(0));
    EXPECT_EQ(test.cost(), (Cost{1, 1, 0, 0, 1})) << "truncate: setattr, a lock and a punch";
  }(*this));
}

INSTANTIATE_TEST_SUITE_P(Table, RpcCounts, ::testing::Bool(), [](const auto& p) {
  return std::string(p.param ? "WithIntents" : "Without");
});

}  // namespace
}  // namespace scenarios
