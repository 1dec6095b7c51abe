// What is not to be left behind when a metadata server restarts: files that are open for nobody,
// and objects that belong to no file.
#include <gtest/gtest.h>

#include "scenarios/run/mds_restart_testing.h"

namespace scenarios {
namespace {

using sim::Errc;
using sim::milliseconds;
using sim::seconds;

class Leftovers : public MdsRestart {
 public:
  sim::Task<void> expect_nothing_open(stripe::Mount& client) {
    EXPECT_EQ(cluster().mdt().open_files(), 0u);
    EXPECT_EQ(client.mdc().opens_kept(), 0u);
    co_await restart();
    EXPECT_EQ(cluster().mdt().open_files(), 0u) << "nor is anything opened again";
  }
};

// The close is lost with the link, or waits because the link is known to be lost.
class GivenUpClose : public Leftovers, public ::testing::WithParamInterface<sim::Duration> {};

TEST_P(GivenUpClose, LeavesNoOpenFile) {
  run([](GivenUpClose& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open_file(client, "/f", "-c 1", true);
    co_await test.commit();
    test.cut(client, true);
    co_await test.sleep(GetParam());
    {
      sim::TaskGroup callers(test.cluster_.loop());
      callers.spawn(
          [](stripe::File& open) -> sim::Task<void> {
            static_cast<void>(co_await open.close());
          }(*file),
          "a close");
      co_await test.sleep(milliseconds(100));
    }
    co_await test.sleep(seconds(5));
    EXPECT_EQ(client.mdc().opens_kept(), 1u) << "a restart now would have to hear of it";
    test.cut(client, false);
    co_await test.sleep(seconds(20));
    co_await test.expect_nothing_open(client);
  }(*this));
}
INSTANTIATE_TEST_SUITE_P(SentAndWaiting, GivenUpClose,
                         ::testing::Values(milliseconds(1), seconds(20)));

TEST_F(Leftovers, AFileThatWasOpenedForNobodyIsClosed) {
  run([](Leftovers& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount(seconds(100));
    co_await make(client, "/f");
    co_await test.commit();
    test.slow(client, seconds(1));
    stripe::MdsIntentRequest request;
    request.intent = stripe::Intent::open;
    request.parent = stripe::kRootFid;
    request.name = "f";
    {
      sim::TaskGroup callers(test.cluster_.loop());
      callers.spawn(
          [](stripe::Mdc& mdc, stripe::MdsIntentRequest open) -> sim::Task<void> {
            static_cast<void>(co_await mdc.intent(std::move(open)));
          }(client.mdc(), request),
          "an open");
      co_await test.sleep(milliseconds(1500));
      EXPECT_EQ(test.cluster().mdt().open_files(), 1u) << "its answer is under way";
    }
    co_await test.sleep(seconds(20));
    co_await test.expect_nothing_open(client);
  }(*this));
}

TEST_F(Leftovers, AnEvictionEndsWhatWasOpen) {
  run([](Leftovers& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto closed = co_await open_file(client, "/a", "-c 1", true);
    auto open = co_await open_file(client, "/b", "-c 1", true);
    co_await test.commit();
    EXPECT_EQ(client.mdc().opens_kept(), 2u);
    test.cut(client, true);
    co_await test.sleep(seconds(200));
    EXPECT_EQ(test.cluster().mdt().server().evictions(), 1u);
    test.cut(client, false);
    EXPECT_NE((co_await closed->close()).status, Errc::ok);
    co_await test.sleep(seconds(20));
    co_await test.expect_nothing_open(client);
    auto anew = co_await open_file(client, "/b", "", true);
    EXPECT_EQ(client.mdc().opens_kept(), 1u);
    EXPECT_EQ((co_await anew->close()).status, Errc::ok);
    co_await test.commit();
    co_await test.expect_nothing_open(client);
  }(*this));
}

// The destruction was carried out, and answered, and was not stable anywhere but with the MDT.
TEST_F(Leftovers, ADestructionThatBothServersHaveLostIsAskedForAgain) {
  run([](Leftovers& test) -> sim::Task<void> {
    stripe::Mount& client = test.mount();
    auto file = co_await open_file(client, "/f", "-c 1", true);
    const stripe::StripeObject object = file->layout().components.front().objects.front();
    const std::uint32_t ost = object.ost_index;
    const auto objects = [&] { return test.cluster().space(ost).objects; };
    EXPECT_EQ((co_await file->close()).status, Errc::ok);
    co_await test.commit();
    const std::uint64_t before = objects();
    EXPECT_EQ((co_await client.unlink("/f")).status, Errc::ok);
    for (int i = 0; i < 1000 && objects() == before; ++i) {
      co_await test.sleep(milliseconds(10));
    }
    EXPECT_EQ(objects(), before - 1);
    co_await test.sleep(milliseconds(10));
    test.cluster().stop_mds();
    test.cluster().stop_oss(ost);
    EXPECT_EQ(objects(), before);
    co_await test.sleep(seconds(1));
    test.cluster().start_mds();
    test.cluster().start_oss(ost);
    co_await test.sleep(seconds(60));
    const stripe::Transfer asked = co_await client.lov().target(ost).ask(object.id);
    EXPECT_EQ(asked.status, Errc::not_found);
  }(*this));
}

}  // namespace
}  // namespace scenarios
