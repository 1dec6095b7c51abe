#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "stripe/server/mdt_testing.h"

namespace stripe {
namespace {

using sim::Errc;
using sim::kMiB;

std::vector<std::uint32_t> osts_of(const Component& component) {
  std::vector<std::uint32_t> osts;
  for (const StripeObject& object : component.objects) {
    osts.push_back(object.ost_index);
  }
  return osts;
}

Fid fid_of(const transport::RpcReply& reply) { return MdtWorld::body(reply).attr.fid; }

TEST(MdtLayout, AStripeCountAboveTheOstsIsCut) {
  MdtWorld world(3);
  EXPECT_EQ(MdtWorld::layout(world.create("a", "-c 10")).components[0].stripe_count, 3u);
  EXPECT_EQ(MdtWorld::layout(world.create("b", "-c -1")).components[0].stripe_count, 3u);
  EXPECT_EQ(MdtWorld::layout(world.create("c", "-C 10")).components[0].stripe_count, 10u);
}

TEST(MdtLayout, PoolsAndListsAreObeyed) {
  MdtOptions options;
  options.pools["fast"] = {1, 3};
  MdtWorld world(4, options);
  auto pooled = osts_of(MdtWorld::layout(world.create("a", "-c -1 -p fast")).components[0]);
  std::ranges::sort(pooled);
  EXPECT_EQ(pooled, (std::vector<std::uint32_t>{1, 3}));
  EXPECT_EQ(MdtWorld::layout(world.create("b", "-C -2 -p fast")).components[0].stripe_count, 4u);
  EXPECT_EQ(osts_of(MdtWorld::layout(world.create("c", "-o 2,0")).components[0]),
            (std::vector<std::uint32_t>{2, 0}));
  EXPECT_EQ(osts_of(MdtWorld::layout(world.create("d", "-c 2 -i 3")).components[0]),
            (std::vector<std::uint32_t>{3, 0}));
}

TEST(MdtLayout, OnlyTheComponentsThatBeginAtZeroHaveObjectsAtFirst) {
  MdtWorld world;
  const auto file = world.create("a", "-E 1M -c 1 -E 16M -c 2 -E -1 -c 4");
  const Layout layout = MdtWorld::layout(file);
  ASSERT_EQ(layout.components.size(), 3u);
  EXPECT_EQ(layout.components[0].objects.size(), 1u);
  EXPECT_FALSE(layout.components[1].instantiated());
  EXPECT_FALSE(layout.components[2].instantiated());
}

TEST(MdtLayout, AWriteIntentInstantiatesWhatItTouchesAndMovesTheGenerationOn) {
  MdtWorld world;
  const auto file = world.create("a", "-E 1M -c 1 -E 16M -c 2 -E -1 -c 4");
  const auto generation = MdtWorld::layout(file).layout_gen;
  const Layout second = MdtWorld::layout(world.write_intent(fid_of(file), {kMiB, kMiB + 1}));
  EXPECT_EQ(second.components[1].objects.size(), 2u);
  EXPECT_FALSE(second.components[2].instantiated());
  EXPECT_GT(second.layout_gen, generation);
  const Layout again = MdtWorld::layout(world.write_intent(fid_of(file), {0, 16 * kMiB}));
  EXPECT_EQ(again, second);  // nothing was left to do
  const Layout all =
      MdtWorld::layout(world.write_intent(fid_of(file), {16 * kMiB - 1, 16 * kMiB + 1}));
  EXPECT_EQ(all.components[2].objects.size(), 4u);
  EXPECT_EQ(MdtWorld::layout(world.getattr("a")), all);
}

TEST(MdtLayout, TwoWriteIntentsAtTheSameTimeInstantiateOnce) {
  MdtWorld world(2);
  const auto file = world.create("a", "-E 1M -c 1 -E -1 -c 2");
  MdsIntentRequest request;
  request.intent = Intent::layout;
  request.parent = fid_of(file);
  request.write = true;
  request.extent = {2 * kMiB, 3 * kMiB};
  // Empty stocks make both wait for objects in between.
  world.create("b", "-C 62");
  std::vector<transport::RpcReply> replies(2);
  sim::TaskGroup callers(world.loop);
  for (std::size_t i = 0; i < 2; ++i) {
    callers.spawn(world.call_to(request, i, replies[i]), "a writer");
  }
  ASSERT_TRUE(sim::run_virtual(world.loop).ok());
  EXPECT_EQ(MdtWorld::layout(replies[0]), MdtWorld::layout(replies[1]));
  EXPECT_EQ(MdtWorld::layout(replies[0]), MdtWorld::layout(world.getattr("a")));
}

TEST(MdtLayout, UnlinkDestroysTheObjectsOfEveryComponent) {
  MdtWorld world;
  const auto file = world.create("a", "-E 1M -c 1 -E -1 -c 4");
  const Layout layout = MdtWorld::layout(world.write_intent(fid_of(file), {0, 2 * kMiB}));
  world.close(MdtWorld::body(file).handle);
  world.reint(Reint::unlink, "a");
  world.run_for(sim::seconds(1));
  for (const Component& component : layout.components) {
    EXPECT_FALSE(component.objects.empty());
    for (const StripeObject& object : component.objects) {
      EXPECT_FALSE(world.object_exists(object));
    }
  }
}

TEST(MdtLayout, TheFirstWriteToMirrorsMarksAllButOneStale) {
  MdtWorld world;
  const auto file = world.create("a", "-N -c 1 -N -c 2");
  const Layout before = MdtWorld::layout(file);
  ASSERT_EQ(before.mirror_count(), 2u);
  EXPECT_EQ(before.flr_state(), FlrState::read_only);
  const Layout after = MdtWorld::layout(world.write_intent(fid_of(file), {0, 1}));
  EXPECT_EQ(after.flr_state(), FlrState::write_pending);
  EXPECT_GT(after.layout_gen, before.layout_gen);
  EXPECT_FALSE(after.mirror(0)[0].stale());
  EXPECT_TRUE(after.mirror(1)[0].stale());
  EXPECT_EQ(MdtWorld::layout(world.write_intent(fid_of(file), {0, 1})), after);
}

TEST(MdtLayout, ThePreferredMirrorIsWritten) {
  MdtWorld world;
  const auto file = world.create("a", "-N -c 1 -N -c 1 --component-flags prefer");
  const Layout after = MdtWorld::layout(world.write_intent(fid_of(file), {0, 1}));
  EXPECT_TRUE(after.mirror(0)[0].stale());
  EXPECT_FALSE(after.mirror(1)[0].stale());
}

TEST(MdtLayout, DataOnTheMdtIsServedThereAndGoesWithTheFile) {
  MdtWorld world;
  const auto file = world.create("a", "-E 64K -L mdt -E -1 -c 1");
  const Component first = MdtWorld::layout(file).components[0];
  EXPECT_TRUE(first.on_mdt());
  OstWriteRequest write;
  write.object = first.owner;
  write.ranges = {{0, 100}};
  transport::CallOptions options;
  options.opcode = kOstWrite;
  options.inline_bulk = true;
  options.bulk = transport::Payload(transport::ContentRun{1, 0, 100, transport::Stamp::make(1, 1)});
  transport::RpcReply written;
  sim::TaskGroup callers(world.loop);
  const auto send = [&]() -> sim::Task<void> {
    written = co_await world.clients[0]->import.call(write, std::move(options));
  };
  callers.spawn(send(), "a writer");
  ASSERT_TRUE(sim::run_virtual(world.loop).ok());
  EXPECT_EQ(written.status, Errc::ok);
  EXPECT_EQ(world.data_store->attr(first.owner)->size, 100u);
  OstReadRequest read;
  read.object = first.owner;
  read.ranges = {{0, 200}};
  EXPECT_EQ(world.call(read).bulk.size(), 100u);
  world.close(MdtWorld::body(file).handle);
  world.reint(Reint::unlink, "a");
  EXPECT_EQ(world.data_store->space().objects, 0u);
}

TEST(MdtLayout, AnOstIsNoPlaceForRequestsOfAnMdt) {
  MdtWorld world;
  OstCreateRequest request;
  request.seq = 1;
  request.last_oid = 5;
  EXPECT_EQ(world.call(request).status, Errc::not_supported);
}

TEST(MdtLayout, EmptyOstsArePreferredWhenOthersAreNearlyFull) {
  MdtWorld world(4);
  constexpr ObjectId kBig{1, 1};
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(world.stores[i]->create(kBig).ok());
    StoreTimes times;
    auto data = transport::Payload(
        transport::ContentRun{1, 0, 950 * sim::kGiB, transport::Stamp::make(1, 1)});
    auto task = world.stores[i]->write(kBig, 0, std::move(data), times);
    std::vector<sim::Task<sim::Status>> tasks;
    tasks.push_back(std::move(task));
    sim::TaskGroup group(world.loop);
    const auto wait = [&]() -> sim::Task<void> { co_await sim::when_all(world.loop, tasks); };
    group.spawn(wait(), "filling");
    ASSERT_TRUE(sim::run_virtual(world.loop).ok());
    ASSERT_TRUE(tasks[0].take().ok());
  }
  world.mdt->start();
  world.run_for(sim::seconds(1));
  int on_empty = 0;
  for (int i = 0; i < 200; ++i) {
    const auto file = world.create("f" + std::to_string(i));
    on_empty += osts_of(MdtWorld::layout(file).components[0])[0] == 3 ? 1 : 0;
  }
  EXPECT_GT(on_empty, 140);  // expected: 1024 of 1024 + 3 × 74 GiB, 164 of 200
}

TEST(MdtLayout, FullOstsGetNoFilesAndWithoutAnyThereIsNoSpace) {
  MdtWorld world(2, MdtOptions(), 0);
  world.mdt->start();
  world.run_for(sim::seconds(1));
  EXPECT_EQ(world.create("a").status, Errc::no_space);
  EXPECT_EQ(world.getattr("a").status, Errc::not_found);
}

TEST(MdtLayout, AnOstThatDoesNotAnswerIsPassedOver) {
  MdtWorld world(3);
  world.osts[1].reset();
  for (int i = 0; i < 10; ++i) {
    const auto file = world.create("f" + std::to_string(i), "-c 1");
    ASSERT_EQ(file.status, Errc::ok);
    EXPECT_NE(osts_of(MdtWorld::layout(file).components[0])[0], 1u);
  }
  EXPECT_EQ(MdtWorld::layout(world.create("wide", "-c -1")).components[0].stripe_count, 2u);
}

}  // namespace
}  // namespace stripe
