// Clients that cache names, attributes, directories and layouts under locks of the MDT: nobody sees
// what is not true any more, and nobody asks for what is.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"
#include "stripe/server/mdt.h"

namespace scenarios {
namespace {

using sim::Errc;
using sim::kKiB;
using sim::kMiB;

stripe::ClientDesign locking() {
  stripe::ClientDesign design;
  design.coherence = stripe::Coherence::ldlm;
  return design;
}

class InodeLocks : public ::testing::Test {
 public:
  stripe::Mount& mount() { return cluster_.mount(locking()); }
  void run(sim::Task<void> task) { cluster_.run(std::move(task)); }
  std::uint64_t sent(transport::Opcode opcode) const { return cluster_.requests(opcode); }
  // Requests of clients to the MDT.
  std::uint64_t mds() const {
    return sent(stripe::kLdlmEnqueue) + sent(stripe::kMdsReint) + sent(stripe::kMdsClose) +
           sent(stripe::kMdsReadpage);
  }
  std::uint64_t callbacks() const { return sent(stripe::kLdlmBlocking); }
  std::uint64_t cancels() const { return sent(stripe::kLdlmCancel) + sent(stripe::kLdlmConvert); }

  static sim::Task<void> make(stripe::Mount& mount, std::string path, std::string layout = "-c 1") {
    auto file = co_await open_file(mount, std::move(path), std::move(layout), false);
    EXPECT_EQ((co_await file->close()).status, Errc::ok);
  }
  static sim::Task<Errc> status_of(stripe::Mount& mount, std::string path) {
    const stripe::Found found = co_await mount.stat(std::move(path));
    co_return found.outcome.status;
  }
  static sim::Task<void> look_around(stripe::Mount& mount) {
    static_cast<void>(co_await mount.readdir("/d"));
    static_cast<void>(co_await mount.readdir("/e"));
    static_cast<void>(co_await mount.stat("/d/f"));
    static_cast<void>(co_await mount.stat("/e/f"));
  }
  static sim::Task<std::size_t> count(stripe::Mount& mount, std::string path) {
    const stripe::Listed listed = co_await mount.readdir(std::move(path));
    EXPECT_EQ(listed.outcome.status, Errc::ok);
    co_return listed.entries.size();
  }
  SmallCluster cluster_;
};

TEST_F(InodeLocks, ACachedStatAsksNobody) {
  run([](InodeLocks& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    EXPECT_EQ((co_await client.mkdir("/d")).status, Errc::ok);
    co_await make(client, "/d/f");
    EXPECT_EQ(co_await status_of(client, "/d/f"), Errc::ok);
    const auto before = test.cluster_.cluster().world().traffic();
    EXPECT_EQ(co_await status_of(client, "/d/f"), Errc::ok);
    EXPECT_EQ(co_await status_of(client, "/d"), Errc::ok);
    EXPECT_NE(test.cluster_.cluster().world().traffic(), before) << "the directory is another one";
    const auto known = test.cluster_.cluster().world().traffic();
    EXPECT_EQ(co_await status_of(client, "/d/f"), Errc::ok);
    EXPECT_EQ(co_await status_of(client, "/d"), Errc::ok);
    EXPECT_EQ(test.cluster_.cluster().world().traffic(), known);
  }(*this));
}

TEST_F(InodeLocks, ACachedStatTellsTheRightSize) {
  run([](InodeLocks& test) -> sim::Task<void> {
    stripe::Mount& writer = test.mount();
    stripe::Mount& other = test.mount();
    auto file = co_await open_file(writer, "/f", "-c 2 -S 1M", false);
    EXPECT_EQ((co_await file->write({0, 3 * kMiB})).status, Errc::ok);
    EXPECT_EQ((co_await file->fsync()).status, Errc::ok);
    EXPECT_EQ((co_await file->close()).status, Errc::ok);
    EXPECT_EQ((co_await writer.unmount()), 0u);
    for (int i = 0; i < 3; ++i) {
      const stripe::Found found = co_await other.stat("/f");
      EXPECT_EQ(found.attr.size, 3 * kMiB) << i;
    }
  }(*this));
}

TEST_F(InodeLocks, AnUnlinkIsSeenByOthersAtOnce) {
  run([](InodeLocks& test) -> sim::Task<void> {
    stripe::Mount& one = test.mount();
    stripe::Mount& two = test.mount();
    co_await make(one, "/f");
    EXPECT_EQ(co_await status_of(two, "/f"), Errc::ok);
    EXPECT_EQ((co_await one.unlink("/f")).status, Errc::ok);
    EXPECT_EQ(test.callbacks(), 1u);
    EXPECT_EQ(co_await status_of(two, "/f"), Errc::not_found);
    EXPECT_EQ(co_await status_of(one, "/f"), Errc::not_found);
  }(*this));
}

TEST_F(InodeLocks, ARenameOnAPathIsSeenByOthersAtOnce) {
  run([](InodeLocks& test) -> sim::Task<void> {
    stripe::Mount& one = test.mount();
    stripe::Mount& two = test.mount();
    EXPECT_EQ((co_await one.mkdir("/a")).status, Errc::ok);
    co_await make(one, "/a/f");
    EXPECT_EQ(co_await status_of(two, "/a/f"), Errc::ok);
    EXPECT_EQ((co_await one.rename("/a", "/b")).status, Errc::ok);
    EXPECT_EQ(co_await status_of(two, "/a/f"), Errc::not_found);
    EXPECT_EQ(co_await status_of(two, "/b/f"), Errc::ok);
    EXPECT_EQ((co_await one.mkdir("/a")).status, Errc::ok);
    EXPECT_EQ(co_await status_of(two, "/a/f"), Errc::not_found);
  }(*this));
}

TEST_F(InodeLocks, StatAfterChmodElsewhereTellsTheNewMode) {
  run([](InodeLocks& test) -> sim::Task<void> {
    stripe::Mount& one = test.mount();
    stripe::Mount& two = test.mount();
    co_await make(one, "/f");
    for (const std::uint32_t mode : {0600u, 0444u, 0640u}) {
      EXPECT_EQ((co_await one.set_mode("/f", mode)).status, Errc::ok);
      const stripe::Found found = co_await two.stat("/f");
      EXPECT_EQ(found.attr.mode, mode);
    }
    EXPECT_EQ(test.callbacks(), 2u) << "the first found nobody's lock";
  }(*this));
}

TEST_F(InodeLocks, ReaddirTellsWhatOthersMadeAndAsksNobodyAgain) {
  run([](InodeLocks& test) -> sim::Task<void> {
    stripe::Mount& one = test.mount();
    stripe::Mount& two = test.mount();
    EXPECT_EQ((co_await one.mkdir("/d")).status, Errc::ok);
    co_await make(one, "/d/f1");
    EXPECT_EQ(co_await count(two, "/d"), 1u);
    const std::uint64_t before = test.mds();
    EXPECT_EQ(co_await count(two, "/d"), 1u);
    EXPECT_EQ(test.mds(), before);
    co_await make(one, "/d/f2");
    EXPECT_EQ(co_await count(two, "/d"), 2u);
    EXPECT_EQ((co_await one.unlink("/d/f1")).status, Errc::ok);
    EXPECT_EQ(co_await count(two, "/d"), 1u);
  }(*this));
}

TEST_F(InodeLocks, ALayoutThatAnotherGaveMoreObjectsIsSeen) {
  run([](InodeLocks& test) -> sim::Task<void> {
    const std::string layout = "-E 1M -c 1 -E eof -c 2 -S 1M";
    auto one = co_await open_file(test.mount(), "/f", layout, false);
    auto two = co_await open_file(test.mount(), "/f", "", false);
    EXPECT_EQ((co_await one->write({0, kMiB})).status, Errc::ok);
    const stripe::Outcome nothing = co_await two->read({2 * kMiB, 3 * kMiB});
    EXPECT_EQ(nothing.bytes, 0u);
    EXPECT_EQ((co_await one->write({2 * kMiB, 3 * kMiB})).status, Errc::ok);
    const stripe::Outcome seen = co_await two->read({2 * kMiB, 3 * kMiB});
    EXPECT_EQ(writers_of(*two, 2 * kMiB, seen.data),
              (std::vector<Written>{{2 * kMiB, 3 * kMiB, one->last_stamp().value}}));
    const stripe::Outcome hole = co_await two->read({kMiB, 2 * kMiB});
    EXPECT_EQ(hole.bytes, kMiB);
    EXPECT_EQ((co_await one->write({kMiB, 2 * kMiB})).status, Errc::ok);
    const stripe::Outcome filled = co_await two->read({kMiB, 2 * kMiB});
    EXPECT_EQ(writers_of(*two, kMiB, filled.data),
              (std::vector<Written>{{kMiB, 2 * kMiB, one->last_stamp().value}}));
  }(*this));
}

TEST_F(InodeLocks, AMirrorThatAnotherMadeStaleIsNotReadAnyMore) {
  run([](InodeLocks& test) -> sim::Task<void> {
    auto one = co_await open_file(test.mount(), "/f", "-N2 -c 1", false);
    auto two = co_await open_file(test.mount(), "/f", "", false);
    EXPECT_EQ((co_await two->read({0, kMiB})).status, Errc::ok);
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ((co_await one->write({0, kMiB})).status, Errc::ok);
      const stripe::Outcome seen = co_await two->read({0, kMiB});
      EXPECT_EQ(writers_of(*two, 0, seen.data),
                (std::vector<Written>{{0, kMiB, one->last_stamp().value}}));
    }
  }(*this));
}

TEST_F(InodeLocks, DataOnTheMdtIsCoherentToo) {
  run([](InodeLocks& test) -> sim::Task<void> {
    stripe::Mount& third = test.mount();
    auto one = co_await open_file(test.mount(), "/f", "-E 1M -L mdt", false);
    auto two = co_await open_file(test.mount(), "/f", "", false);
    stripe::File* files[] = {one.get(), two.get()};
    for (std::size_t i = 0; i < 20; ++i) {
      const sim::Bytes at = i % 4 * 4 * kKiB;
      EXPECT_EQ((co_await files[i % 2]->write({at, at + 4 * kKiB})).status, Errc::ok);
      const stripe::Outcome seen = co_await files[1 - i % 2]->read({at, at + 4 * kKiB});
      EXPECT_EQ(writers_of(*files[0], at, seen.data),
                (std::vector<Written>{{at, at + 4 * kKiB, files[i % 2]->last_stamp().value}}));
      const stripe::Found found = co_await third.stat("/f");
      EXPECT_EQ(found.attr.size, std::min<sim::Bytes>(i + 1, 4) * 4 * kKiB);
    }
    const std::uint64_t before = test.mds() + test.sent(stripe::kOstRead);
    EXPECT_EQ((co_await two->read({0, 16 * kKiB})).bytes, 16 * kKiB);
    EXPECT_EQ((co_await two->read({0, 16 * kKiB})).bytes, 16 * kKiB);
    EXPECT_LE(test.mds() + test.sent(stripe::kOstRead), before + 1);
  }(*this));
}

// sanity test_120a to g: neither a callback nor a cancel is sent for a client's own locks.
TEST_F(InodeLocks, AClientsOwnLocksGoWithItsChanges) {
  run([](InodeLocks& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    EXPECT_EQ((co_await client.mkdir("/d")).status, Errc::ok);
    EXPECT_EQ((co_await client.mkdir("/e")).status, Errc::ok);
    co_await look_around(client);
    EXPECT_EQ((co_await client.mkdir("/d/sub")).status, Errc::ok);
    co_await look_around(client);
    co_await make(client, "/d/f");
    co_await look_around(client);
    EXPECT_EQ((co_await client.set_mode("/d/f", 0600)).status, Errc::ok);
    co_await look_around(client);
    EXPECT_EQ((co_await client.rename("/d/f", "/e/f")).status, Errc::ok);
    co_await look_around(client);
    EXPECT_EQ((co_await client.unlink("/e/f")).status, Errc::ok);
    co_await look_around(client);
    EXPECT_EQ(test.callbacks(), 0u);
    EXPECT_EQ(test.cancels(), 0u);
  }(*this));
}

TEST_F(InodeLocks, NoneIsLeftAfterUnmount) {
  run([](InodeLocks& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    co_await make(client, "/f");
    EXPECT_EQ(co_await status_of(client, "/f"), Errc::ok);
    EXPECT_EQ(co_await count(client, "/"), 1u);
    EXPECT_GT(test.cluster_.cluster().mdt().locks().locks().granted_count(), 0u);
    EXPECT_EQ(co_await client.unmount(), 0u);
    EXPECT_EQ(test.cluster_.cluster().mdt().locks().locks().granted_count(), 0u);
  }(*this));
}

}  // namespace
}  // namespace scenarios
