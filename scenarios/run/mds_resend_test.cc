// Requests to a metadata server that restarts before their answers have come: done exactly once.
#include <gtest/gtest.h>

#include "scenarios/run/mds_restart_testing.h"

namespace scenarios {
namespace {

using sim::Errc;
using sim::kMiB;
using sim::seconds;

// The request is carried out 8 s after it was sent, and stable another 5 s later; the answer would
// come 16 s after it.
class LostReply : public MdsRestart, public ::testing::WithParamInterface<sim::Duration> {
 public:
  template <typename Change>
  sim::Task<void> restart_during(stripe::Mount& client, Change change) {
    co_await commit();
    slow(client, seconds(8));
    sim::TaskGroup callers(cluster_.loop());
    callers.spawn(std::move(change), "a change");
    co_await sleep(GetParam());
    EXPECT_EQ(cluster().mdt().server().last_change() == cluster().mdt().server().last_committed(),
              GetParam() > seconds(13));
    cluster().stop_mds();
    slow(client, sim::Duration() - seconds(8));
    co_await sleep(seconds(1));
    cluster().start_mds();
    co_await sleep(seconds(200));
  }
};

TEST_P(LostReply, OfARenameDoesNotMakeItHappenTwice) {
  run([](LostReply& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount(seconds(100));
    co_await make(client, "/a");
    Errc status = Errc::io_error;
    co_await test.restart_during(client, [](stripe::Mount& mount, Errc& result) -> sim::Task<void> {
      result = (co_await mount.rename("/a", "/b")).status;
    }(client, status));
    EXPECT_EQ(status, Errc::ok);
    EXPECT_EQ(co_await status_of(client, "/b"), Errc::ok);
    EXPECT_EQ(co_await status_of(client, "/a"), Errc::not_found);
  }(*this));
}

TEST_P(LostReply, OfAnUnlinkDoesNotMakeItHappenTwice) {
  run([](LostReply& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount(seconds(100));
    co_await make(client, "/a");
    Errc status = Errc::io_error;
    co_await test.restart_during(client, [](stripe::Mount& mount, Errc& result) -> sim::Task<void> {
      result = (co_await mount.unlink("/a")).status;
    }(client, status));
    EXPECT_EQ(status, Errc::ok);
    EXPECT_EQ(co_await status_of(client, "/a"), Errc::not_found);
  }(*this));
}

TEST_P(LostReply, OfAnExclusiveCreationLeavesOneOpenFile) {
  run([](LostReply& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount(seconds(100));
    co_await make(client, "/other");
    stripe::Opened opened;
    co_await test.restart_during(
        client, [](stripe::Mount& mount, stripe::Opened& result) -> sim::Task<void> {
          stripe::OpenFlags flags;
          flags.create = flags.exclusive = flags.write = true;
          flags.direct = true;
          result = co_await mount.open("/a", flags, "-c 1");
        }(client, opened));
    EXPECT_EQ(opened.outcome.status, Errc::ok);
    if (opened.file == nullptr) {
      co_return;
    }
    EXPECT_EQ(test.cluster().mdt().open_files(), 1u);
    co_await write(*opened.file);
    co_await test.restart();
    EXPECT_EQ((co_await opened.file->close()).status, Errc::ok) << "it was open after another one";
    EXPECT_EQ(test.cluster().mdt().open_files(), 0u);
  }(*this));
}

TEST_P(LostReply, OfACloseLeavesNoOpenFile) {
  run([](LostReply& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount(seconds(100));
    auto file = co_await open_file(client, "/a", "-c 1", true);
    co_await write(*file);
    Errc status = Errc::io_error;
    co_await test.restart_during(client, [](stripe::File& open, Errc& result) -> sim::Task<void> {
      result = (co_await open.close()).status;
    }(*file, status));
    EXPECT_EQ(status, Errc::ok);
    EXPECT_EQ(test.cluster().mdt().open_files(), 0u);
    co_await test.restart();
    EXPECT_EQ(test.cluster().mdt().open_files(), 0u) << "nor is it opened again";
  }(*this));
}
INSTANTIATE_TEST_SUITE_P(NotStableAndStable, LostReply,
                         ::testing::Values(seconds(10), seconds(15)));

}  // namespace
}  // namespace scenarios
