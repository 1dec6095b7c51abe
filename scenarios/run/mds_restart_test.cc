// A metadata server that restarts: what was answered is there again, and what is lost is told.
#include <gtest/gtest.h>

#include "scenarios/run/mds_restart_testing.h"

namespace scenarios {
namespace {

using sim::Errc;
using sim::kMiB;
using sim::seconds;

TEST_F(MdsRestart, ACreationThatWasAnsweredIsThereAgainWithItsLayoutAndItsData) {
  run([](MdsRestart& test) -> sim::Task<void> {
    stripe::Mount& one = test.mount();
    stripe::Mount& two = test.mount();
    EXPECT_EQ((co_await one.mkdir("/d")).status, Errc::ok);
    auto file = co_await open_file(one, "/d/f", "-c 2", true);
    co_await write(*file);
    EXPECT_EQ(test.cluster().mdt().server().last_committed(), 0u) << "nothing is stable yet";
    co_await test.restart();
    EXPECT_EQ(test.recovery().server, "mds0");
    EXPECT_EQ(test.recovery().undone_requests, 2u);
    EXPECT_EQ(test.recovery().replayed_requests, 2u);
    EXPECT_EQ(test.recovery().evicted, 0u);
    auto again = co_await open_file(two, "/d/f", "", true);
    EXPECT_EQ(again->fid(), file->fid());
    EXPECT_EQ(again->layout(), file->layout());
    co_await expect_written(*again, file->last_stamp());
    EXPECT_EQ((co_await file->close()).status, Errc::ok);
    EXPECT_EQ((co_await again->close()).status, Errc::ok);
    EXPECT_EQ(test.cluster().mdt().open_files(), 0u);
  }(*this));
}

// Whatever the order is in which their clients come back.
TEST_F(MdsRestart, AnUnlinkThatIsReplayedLeavesANewerFileOfTheNameAlone) {
  run([](MdsRestart& test) -> sim::Task<void> {
    stripe::Mount& maker = test.mount();
    stripe::Mount& remover = test.mount();
    co_await make(maker, "/f");
    co_await test.commit();
    EXPECT_EQ((co_await remover.unlink("/f")).status, Errc::ok);
    auto newer = co_await open_file(maker, "/f", "-c 1", true);
    co_await write(*newer);
    test.cut(remover, true);
    test.cluster().stop_mds();
    co_await test.sleep(seconds(1));
    test.cluster().start_mds();
    co_await test.sleep(seconds(10));
    test.cut(remover, false);
    co_await test.sleep(seconds(20));
    EXPECT_EQ(test.recovery().replayed_requests, 2u);
    auto again = co_await open_file(remover, "/f", "", true);
    EXPECT_EQ(again->fid(), newer->fid());
    co_await test.commit();
    co_await expect_written(*again, newer->last_stamp());
  }(*this));
}

TEST_F(MdsRestart, AFileThatIsOpenStaysOpen) {
  run([](MdsRestart& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open_file(client, "/f", "-c 1", true);
    co_await test.commit();
    for (int i = 0; i < 2; ++i) {
      co_await test.restart();
      EXPECT_EQ(test.cluster().mdt().open_files(), 1u);
    }
    co_await write(*file);
    EXPECT_EQ((co_await file->close()).status, Errc::ok);
    const stripe::Found found = co_await test.mount().stat("/f");
    EXPECT_EQ(found.attr.size, kMiB);
    EXPECT_EQ(test.cluster().mdt().open_files(), 0u);
    co_await test.restart();
    EXPECT_EQ(test.cluster().mdt().open_files(), 0u) << "a file that was closed is not";
  }(*this));
}

TEST_F(MdsRestart, AFileThatIsOpenAndHasNoNameLivesUntilItsClose) {
  run([](MdsRestart& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open_file(client, "/f", "-c 1", true);
    co_await write(*file);
    EXPECT_EQ((co_await test.mount().unlink("/f")).status, Errc::ok);
    co_await test.commit();
    co_await test.restart();
    co_await test.commit();
    co_await expect_written(*file, file->last_stamp());
    const std::uint32_t ost = file->layout().components.front().objects.front().ost_index;
    const sim::Bytes used = test.cluster().space(ost).used;
    EXPECT_GT(used, 0u);
    EXPECT_EQ((co_await file->close()).status, Errc::ok);
    co_await test.commit();
    EXPECT_LT(test.cluster().space(ost).used, used);
  }(*this));
}

TEST_F(MdsRestart, AComponentThatWasInstantiatedHasItsObjectsAgain) {
  run([](MdsRestart& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open_file(client, "/f", "-E 64k -c 1 -E eof -c 2", true);
    co_await test.commit();
    co_await write(*file);
    co_await test.restart();
    auto again = co_await open_file(test.mount(), "/f", "", true);
    EXPECT_EQ(again->layout(), file->layout());
    co_await expect_written(*again, file->last_stamp());
  }(*this));
}

TEST_F(MdsRestart, DataOnTheMdtComesBack) {
  run([](MdsRestart& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open_file(client, "/f", "-E 1M -L mdt -E eof -c 1", true);
    co_await write(*file);
    co_await test.restart();
    auto again = co_await open_file(test.mount(), "/f", "", true);
    co_await expect_written(*again, file->last_stamp());
  }(*this));
}

// The OST had made the object for the MDT, which would have it made again if it had not forgotten.
TEST_F(MdsRestart, AnObjectIsThereAgainThatItsOstHasLostToo) {
  run([](MdsRestart& test) -> sim::Task<void> {
    auto file = co_await open_file(test.mount(), "/f", "-c 1", true);
    co_await write(*file);
    const std::uint32_t ost = file->layout().components.front().objects.front().ost_index;
    EXPECT_EQ(test.cluster().space(ost).objects, 32u);
    test.cluster().stop_mds();
    test.cluster().stop_oss(ost);
    EXPECT_EQ(test.cluster().space(ost).objects, 0u);
    co_await test.sleep(seconds(1));
    test.cluster().start_mds();
    co_await test.sleep(seconds(1));
    test.cluster().start_oss(ost);
    co_await test.sleep(seconds(60));
    auto again = co_await open_file(test.mount(), "/f", "", true);
    co_await expect_written(*again, file->last_stamp());
    EXPECT_GE(test.cluster().space(ost).objects, 32u) << "those of the MDT's stock, too";
  }(*this));
}

// Others wait for it that long, and no longer.
TEST_F(MdsRestart, AClientThatDoesNotComeBackIsGivenUpAndItsLossIsTold) {
  run([](MdsRestart& test) -> sim::Task<void> {
    stripe::Mount& late = test.mount();
    stripe::Mount& other = test.mount();
    auto lost = co_await open_file(late, "/lost", "-c 1", true);
    co_await write(*lost);
    auto kept = co_await open_file(other, "/kept", "-c 1", true);
    test.cut(late, true);
    test.cluster().stop_mds();
    co_await test.sleep(seconds(1));
    test.cluster().start_mds();
    co_await test.sleep(seconds(305));
    EXPECT_EQ(test.recovery().evicted, 1u);
    EXPECT_EQ(test.cluster().mdt().open_files(), 1u) << "what the late one had open is not open";
    test.cut(late, false);
    co_await test.sleep(seconds(20));
    EXPECT_EQ(late.mdc().changes_lost(), 1u);
    EXPECT_EQ(other.mdc().changes_lost(), 0u);
    EXPECT_EQ(co_await status_of(other, "/lost"), Errc::not_found);
    EXPECT_EQ(co_await status_of(other, "/kept"), Errc::ok);
    EXPECT_EQ((co_await lost->close()).status, Errc::invalid_argument) << "no handle of this MDT's";
    EXPECT_EQ((co_await kept->close()).status, Errc::ok);
    auto anew = co_await open_file(late, "/lost", "-c 1", true);
    EXPECT_EQ((co_await anew->close()).status, Errc::ok) << "it goes on";
  }(*this));
}

TEST_F(MdsRestart, AClientThatMissesOneRestartIsWaitedForAfterTheNext) {
  run([](MdsRestart& test) -> sim::Task<void> {
    stripe::Mount& late = test.mount();
    stripe::Mount& other = test.mount();
    auto one = co_await open_file(late, "/one", "-c 1", true);
    auto two = co_await open_file(other, "/two", "-c 1", true);
    test.cut(late, true);
    co_await test.restart();
    co_await test.restart();
    test.cut(late, false);
    co_await test.sleep(seconds(20));
    EXPECT_EQ(test.recovery().clients, 2u);
    EXPECT_EQ(test.recovery().evicted, 0u);
    EXPECT_EQ(late.mdc().changes_lost() + other.mdc().changes_lost(), 0u);
    EXPECT_EQ(test.cluster().mdt().open_files(), 2u);
    EXPECT_EQ((co_await one->close()).status, Errc::ok);
    EXPECT_EQ((co_await two->close()).status, Errc::ok);
  }(*this));
}

TEST_F(MdsRestart, WhatWasSyncedIsNotLost) {
  run([](MdsRestart& test) -> sim::Task<void> {
    stripe::Mount& late = test.mount();
    auto file = co_await open_file(late, "/f", "-c 1", true);
    co_await write(*file);
    EXPECT_EQ((co_await file->fsync()).status, Errc::ok);
    test.cut(late, true);
    test.cluster().stop_mds();
    co_await test.sleep(seconds(1));
    test.cluster().start_mds();
    co_await test.sleep(seconds(305));
    auto again = co_await open_file(test.mount(), "/f", "", true);
    EXPECT_EQ(again->fid(), file->fid());
    co_await expect_written(*again, file->last_stamp());
    EXPECT_EQ(late.mdc().changes_lost(), 0u);
  }(*this));
}

// 300 s, from when the MDS is there again; this client tries once a second.
class Window : public MdsRestart, public ::testing::WithParamInterface<int> {};

TEST_P(Window, AClientHasUntilItIsOverToComeBack) {
  run([](Window& test) -> sim::Task<void> {
    const bool in_time = GetParam() < 300;
    stripe::Mount& late = test.mount();
    auto file = co_await open_file(late, "/f", "-c 1", true);
    test.cut(late, true);
    test.cluster().stop_mds();
    co_await test.sleep(seconds(1));
    test.cluster().start_mds();
    co_await test.sleep(seconds(GetParam()));
    test.cut(late, false);
    co_await test.sleep(seconds(20));
    EXPECT_EQ(test.recovery().evicted, in_time ? 0u : 1u);
    EXPECT_EQ(test.recovery().replayed_requests, in_time ? 1u : 0u);
    EXPECT_EQ(late.mdc().changes_lost(), in_time ? 0u : 1u);
    EXPECT_EQ(co_await status_of(test.mount(), "/f"), in_time ? Errc::ok : Errc::not_found);
    EXPECT_EQ((co_await file->close()).status, in_time ? Errc::ok : Errc::invalid_argument);
  }(*this));
}
INSTANTIATE_TEST_SUITE_P(JustInTimeAndJustLate, Window, ::testing::Values(298, 301));

TEST_F(MdsRestart, LocksComeBackAndAreCalledBack) {
  run([](MdsRestart& test) -> sim::Task<void> {
    stripe::Mount& holder = test.mount();
    stripe::Mount& other = test.mount();
    co_await make(holder, "/f");
    EXPECT_EQ(co_await status_of(holder, "/f"), Errc::ok);
    co_await test.restart();
    EXPECT_GT(test.recovery().replayed_locks, 0u);
    const std::uint64_t asked = test.cluster_.requests(stripe::kLdlmEnqueue);
    EXPECT_EQ(co_await status_of(holder, "/f"), Errc::ok);
    EXPECT_EQ(test.cluster_.requests(stripe::kLdlmEnqueue), asked) << "its lock is still here";
    EXPECT_EQ((co_await other.set_mode("/f", 0600)).status, Errc::ok);
    const stripe::Found found = co_await holder.stat("/f");
    EXPECT_EQ(found.attr.mode, 0600u);
    EXPECT_EQ((co_await other.unlink("/f")).status, Errc::ok);
    EXPECT_EQ(co_await status_of(holder, "/f"), Errc::not_found);
  }(*this));
}

TEST_F(MdsRestart, ALockOnWhatIsLostDoesNotComeBack) {
  run([](MdsRestart& test) -> sim::Task<void> {
    stripe::Mount& late = test.mount();
    stripe::Mount& reader = test.mount();
    co_await make(reader, "/kept");
    co_await test.commit();
    co_await make(late, "/lost");
    const stripe::Listed before = co_await reader.readdir("/");
    EXPECT_EQ(before.entries.size(), 2u);
    test.cut(late, true);
    test.cluster().stop_mds();
    co_await test.sleep(seconds(1));
    test.cluster().start_mds();
    co_await test.sleep(seconds(305));
    const stripe::Listed after = co_await reader.readdir("/");
    EXPECT_EQ(after.entries.size(), 1u);
  }(*this));
}

TEST_F(MdsRestart, NewFilesGetOtherObjectsThanThoseOfBefore) {
  run([](MdsRestart& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto before = co_await open_file(client, "/before", "-c 1 -o 0", true);
    co_await write(*before);
    co_await test.restart();
    auto after = co_await open_file(client, "/after", "-c 1 -o 0", true);
    EXPECT_NE(after->fid(), before->fid());
    EXPECT_NE(after->layout().components.front().objects.front().id,
              before->layout().components.front().objects.front().id);
    co_await write(*after);
    co_await expect_written(*before, before->last_stamp());
  }(*this));
}

}  // namespace
}  // namespace scenarios
