// What becomes of open files, and what closes tell.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "stripe/server/mdt_testing.h"

namespace stripe {
namespace {

using sim::Errc;

const FileAttr& attr_of(const transport::RpcReply& reply) { return MdtWorld::body(reply).attr; }

// Two have it open; what the first to close tells is not undone by the second.
TEST(Mdt, CloseMakesTheLazySizeAndTimeNoLess) {
  MdtWorld world;
  MdsCloseRequest request;
  request.handle = MdtWorld::body(world.create("a")).handle;
  request.size_known = true;
  request.size = 12345;
  request.mtime_ns = 1'000'000'000;
  MdsCloseRequest later = request;
  later.handle = MdtWorld::body(world.create("a")).handle;
  later.size = 12344;
  later.mtime_ns = 999'999'999;
  const OpenHandle reader = MdtWorld::body(world.create("a")).handle;
  EXPECT_EQ(world.call(request).status, Errc::ok);
  EXPECT_EQ(attr_of(world.getattr("a")).size, 12345u);
  EXPECT_EQ(attr_of(world.getattr("a")).mtime_ns, 1'000'000'000);
  EXPECT_EQ(world.call(later).status, Errc::ok);
  EXPECT_EQ(world.close(reader).status, Errc::ok);
  EXPECT_EQ(attr_of(world.getattr("a")).size, 12345u);
  EXPECT_EQ(attr_of(world.getattr("a")).mtime_ns, 1'000'000'000);
  EXPECT_EQ(world.mdt->open_files(), 0u);
}

TEST(Mdt, ALostLinkTakesNoHandleFromAClientThatComesBack) {
  MdtWorld world;
  const OpenHandle handle = MdtWorld::body(world.create("a")).handle;
  world.network.disconnect(100, 0);
  EXPECT_EQ(world.mdt->open_files(), 1u);
  EXPECT_EQ(world.close(handle).status, Errc::ok);
}

TEST(Mdt, HandlesDieWithTheirClient) {
  MdtWorld world;
  const auto file = world.create("a");
  world.call(MdtWorld::open_request("a", false), 1);
  EXPECT_EQ(world.mdt->open_files(), 2u);
  world.reint(Reint::unlink, "a");
  world.clients[0].reset();
  world.run_for(sim::seconds(1));
  EXPECT_EQ(world.mdt->open_files(), 1u);
  EXPECT_TRUE(world.object_exists(MdtWorld::layout(file).components[0].objects[0]))
      << "the other client has it open";
  world.clients[1].reset();
  world.run_for(sim::seconds(1));
  EXPECT_EQ(world.mdt->open_files(), 0u);
  EXPECT_FALSE(world.object_exists(MdtWorld::layout(file).components[0].objects[0]));
}

TEST(Mdt, ClientsThatRaceToMakeOneFileTakeOneTurnOfTheOsts) {
  MdtWorld world;
  for (const char* first : {"w", "x", "y", "z"}) {
    world.create(first);  // so that every OST has objects in stock
  }
  std::set<std::uint32_t> osts;
  for (const char* name : {"a", "b", "c", "d"}) {
    std::vector<transport::RpcReply> replies(8);
    sim::TaskGroup callers(world.loop);
    for (std::size_t i = 0; i < replies.size(); ++i) {
      callers.spawn(world.call_to(MdtWorld::open_request(name, true), i % 2, replies[i]), "caller");
    }
    ASSERT_TRUE(sim::run_virtual(world.loop).ok());
    for (const transport::RpcReply& reply : replies) {
      osts.insert(MdtWorld::layout(reply).components[0].objects[0].ost_index);
    }
  }
  EXPECT_EQ(osts.size(), std::min<std::size_t>(4, world.osts.size()));
}

TEST(Mdt, WaitingForObjectsIsTheServersTime) {
  MdtOptions options;
  options.precreate = {1, 1};
  MdtWorld world(1, options);
  sim::Duration waited;
  for (int i = 0; i < 8; ++i) {
    waited += world.create("f" + std::to_string(i)).server.queue;
  }
  EXPECT_GE(waited, sim::microseconds(20)) << "at least one had to fetch an object";
}

}  // namespace
}  // namespace stripe
