#include "stripe/server/mdt.h"

#include <gtest/gtest.h>

#include <set>

#include "stripe/server/mdt_testing.h"

namespace stripe {
namespace {

using sim::Errc;
using transport::MessageKind;

const FileAttr& attr_of(const transport::RpcReply& reply) { return MdtWorld::body(reply).attr; }

template <typename Reply>
const Reply& as(const transport::RpcReply& reply) {
  return static_cast<const Reply&>(*reply.body);
}

TEST(Mdt, OneRequestOpensCreatesAndTellsTheLayout) {
  MdtWorld world;
  const auto reply = world.create("a", "-c 2 -S 1M");
  EXPECT_EQ(world.sent(kLdlmEnqueue), 1u);
  EXPECT_EQ(MdtWorld::body(reply).created, true);
  EXPECT_NE(MdtWorld::body(reply).handle, 0u);
  EXPECT_EQ(attr_of(reply).type, FileType::file);
  const Layout layout = MdtWorld::layout(reply);
  ASSERT_EQ(layout.components.size(), 1u);
  EXPECT_EQ(layout.components[0].stripe_size, sim::kMiB);
  ASSERT_EQ(layout.components[0].objects.size(), 2u);
  for (const StripeObject& object : layout.components[0].objects) {
    EXPECT_TRUE(world.object_exists(object));
  }
}

TEST(Mdt, AFileThatAsksForNothingHasOneStripeOf4MiB) {
  MdtWorld world;
  const Layout layout = MdtWorld::layout(world.create("a"));
  EXPECT_EQ(layout.components[0].stripe_size, 4 * sim::kMiB);
  EXPECT_EQ(layout.components[0].stripe_count, 1u);
}

TEST(Mdt, OpeningWhatExistsCreatesNothing) {
  MdtWorld world;
  const auto made = world.create("a");
  const auto again = world.create("a");
  EXPECT_FALSE(MdtWorld::body(again).created);
  EXPECT_EQ(attr_of(again).fid, attr_of(made).fid);
  EXPECT_NE(MdtWorld::body(again).handle, MdtWorld::body(made).handle);
  EXPECT_EQ(MdtWorld::body(again).layout, MdtWorld::body(made).layout);
  EXPECT_EQ(world.mdt->counts().creates, 1u);
}

TEST(Mdt, AThousandFilesSpreadEvenlyOverTheOsts) {
  MdtWorld world(4);
  std::vector<int> files(4);
  for (int i = 0; i < 1000; ++i) {
    const Layout layout = MdtWorld::layout(world.create("f" + std::to_string(i)));
    ++files[layout.components[0].objects[0].ost_index];
  }
  EXPECT_EQ(files, (std::vector<int>{250, 250, 250, 250}));
}

TEST(Mdt, ManyFilesMadeAtOnceHaveObjectsOfTheirOwn) {
  MdtWorld world(2);
  sim::TaskGroup callers(world.loop);
  std::vector<transport::RpcReply> replies(500);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const std::string name = "f" + std::to_string(i);
    callers.spawn(world.call_to(MdtWorld::open_request(name, true), 0, replies[i]), name);
  }
  ASSERT_TRUE(sim::run_virtual(world.loop).ok());
  std::set<std::pair<std::uint32_t, ObjectId>> objects;
  for (const auto& reply : replies) {
    const StripeObject object = MdtWorld::layout(reply).components[0].objects[0];
    EXPECT_TRUE(objects.emplace(object.ost_index, object.id).second);
    EXPECT_TRUE(world.object_exists(object));
  }
}

TEST(Mdt, ClientsThatMakeOneFileAtTheSameTimeShareIt) {
  MdtWorld world(1);
  sim::TaskGroup callers(world.loop);
  std::vector<transport::RpcReply> replies(2);
  for (std::size_t i = 0; i < 2; ++i) {
    callers.spawn(world.call_to(MdtWorld::open_request("a", true), i, replies[i]), "a caller");
  }
  ASSERT_TRUE(sim::run_virtual(world.loop).ok());
  EXPECT_EQ(attr_of(replies[0]).fid, attr_of(replies[1]).fid);
  EXPECT_NE(MdtWorld::body(replies[0]).created, MdtWorld::body(replies[1]).created);
  EXPECT_EQ(MdtWorld::body(replies[0]).layout, MdtWorld::body(replies[1]).layout);
}

TEST(Mdt, AHandleClosesOnceAndOnlyForItsClient) {
  MdtWorld world;
  const OpenHandle handle = MdtWorld::body(world.create("a")).handle;
  EXPECT_EQ(world.close(handle, 1).status, Errc::invalid_argument);
  EXPECT_EQ(world.close(handle + 1).status, Errc::invalid_argument);
  EXPECT_EQ(world.mdt->open_files(), 1u);
  EXPECT_EQ(world.close(handle).status, Errc::ok);
  EXPECT_EQ(world.close(handle).status, Errc::invalid_argument);
  // None of it was taken for a lost connection.
  EXPECT_EQ(world.sent(transport::kConnect), 2u + 4u);  // two clients, and the MDT to its OSTs
}

TEST(Mdt, UnlinkDestroysTheObjectsLater) {
  MdtWorld world;
  const auto file = world.create("a", "-c 4");
  world.close(MdtWorld::body(file).handle);
  const auto gone = world.reint(Reint::unlink, "a");
  EXPECT_EQ(gone.status, Errc::ok);
  EXPECT_EQ(as<MdsReintReply>(gone).attr.fid, attr_of(file).fid);
  EXPECT_EQ(as<MdsReintReply>(gone).attr.nlink, 0u);
  EXPECT_EQ(as<MdsReintReply>(gone).layout, MdtWorld::body(file).layout);
  EXPECT_EQ(world.getattr("a").status, Errc::not_found);
  world.run_for(sim::seconds(1));
  const Layout layout = MdtWorld::layout(file);
  for (const StripeObject& object : layout.components[0].objects) {
    EXPECT_FALSE(world.object_exists(object));
  }
}

TEST(Mdt, AnUnlinkedFileKeepsItsObjectsUntilTheLastClose) {
  MdtWorld world;
  const auto file = world.create("a");
  const auto second = world.call(MdtWorld::open_request("a", false), 1);
  const StripeObject object = MdtWorld::layout(file).components[0].objects[0];
  EXPECT_EQ(world.reint(Reint::unlink, "a").status, Errc::ok);
  world.close(MdtWorld::body(file).handle);
  world.run_for(sim::seconds(1));
  EXPECT_TRUE(world.object_exists(object));
  EXPECT_EQ(world.close(MdtWorld::body(second).handle, 1).status, Errc::ok);
  world.run_for(sim::seconds(1));
  EXPECT_FALSE(world.object_exists(object));
}

TEST(Mdt, NoLinksAreToldOnlyWhenTheLastHandleIsGoneToo) {
  MdtWorld world;
  const auto file = world.create("a");
  const auto second = world.call(MdtWorld::open_request("a", false), 1);
  const auto unlinked = world.reint(Reint::unlink, "a");
  EXPECT_EQ(as<MdsReintReply>(unlinked).attr.nlink, 1u);
  const auto first = world.close(MdtWorld::body(file).handle);
  EXPECT_EQ(as<MdsCloseReply>(first).attr.nlink, 1u);
  const auto last = world.close(MdtWorld::body(second).handle, 1);
  EXPECT_EQ(as<MdsCloseReply>(last).attr.nlink, 0u);
}

TEST(Mdt, RenameOverAFileDestroysItsObjects) {
  MdtWorld world;
  const auto from = world.create("from");
  const auto over = world.create("over");
  world.close(MdtWorld::body(over).handle);
  EXPECT_EQ(world.reint(Reint::rename, "from", "over").status, Errc::ok);
  EXPECT_EQ(attr_of(world.getattr("over")).fid, attr_of(from).fid);
  world.run_for(sim::seconds(1));
  EXPECT_FALSE(world.object_exists(MdtWorld::layout(over).components[0].objects[0]));
  EXPECT_TRUE(world.object_exists(MdtWorld::layout(from).components[0].objects[0]));
}

TEST(Mdt, SetattrSetsWhatItIsToldAndNoMore) {
  MdtWorld world;
  const auto file = world.create("a");
  MdsReintRequest request;
  request.op = Reint::setattr;
  request.parent = attr_of(file).fid;
  request.set_size = true;
  request.size = 777;
  const auto cut = world.call(request);
  EXPECT_EQ(as<MdsReintReply>(cut).attr.size, 777u);
  EXPECT_EQ(as<MdsReintReply>(cut).layout, MdtWorld::body(file).layout);
  request.set_size = false;
  request.size = 1;
  request.set_mode = true;
  request.mode = 0600;
  const auto changed = as<MdsReintReply>(world.call(request)).attr;
  EXPECT_EQ(changed.size, 777u);
  EXPECT_EQ(changed.mode, 0600u);
}

TEST(Mdt, LookupTellsAttributesAndGetattrTheLayoutToo) {
  MdtWorld world;
  const auto file = world.create("a");
  MdsIntentRequest request;
  request.intent = Intent::lookup;
  request.parent = kRootFid;
  request.name = "a";
  EXPECT_TRUE(MdtWorld::body(world.call(request)).layout.empty());
  EXPECT_EQ(attr_of(world.call(request)).fid, attr_of(file).fid);
  EXPECT_EQ(MdtWorld::body(world.getattr("a")).layout, MdtWorld::body(file).layout);
}

TEST(Mdt, DirectoriesAreMadeListedAndRemoved) {
  MdtWorld world;
  EXPECT_EQ(world.reint(Reint::mkdir, "d").status, Errc::ok);
  EXPECT_EQ(world.reint(Reint::mkdir, "d").status, Errc::exists);
  world.create("a");
  MdsReadpageRequest request;
  request.directory = kRootFid;
  request.max_bytes = 40;  // one entry
  const auto first = world.call(request);
  ASSERT_EQ(as<MdsReadpageReply>(first).entries.size(), 1u);
  EXPECT_EQ(as<MdsReadpageReply>(first).entries[0].name, "d");
  EXPECT_EQ(as<MdsReadpageReply>(first).entries[0].type, FileType::directory);
  request.cookie = as<MdsReadpageReply>(first).next_cookie;
  EXPECT_EQ(world.reint(Reint::unlink, "d").status, Errc::ok);
  const auto second = world.call(request);
  ASSERT_EQ(as<MdsReadpageReply>(second).entries.size(), 1u);
  EXPECT_EQ(as<MdsReadpageReply>(second).entries[0].name, "a");
  EXPECT_EQ(as<MdsReadpageReply>(second).next_cookie, 0u);
}

// A lost reply: the same request comes again, and is answered as the first time.
TEST(Mdt, ACreateSentAgainIsCarriedOutOnce) {
  MdtWorld world;
  bool lost = false;
  world.network.set_filter([&](const transport::Message& m) {
    const bool lose =
        !lost && m.header.kind == MessageKind::reply && m.header.opcode == kLdlmEnqueue;
    lost = lost || lose;
    return !lose;
  });
  MdsIntentRequest request = MdtWorld::open_request("a", true);
  request.exclusive = true;
  const auto reply = world.call(request);
  EXPECT_EQ(reply.status, Errc::ok);
  EXPECT_TRUE(MdtWorld::body(reply).created);
  EXPECT_EQ(world.sent(kLdlmEnqueue), 2u);
  EXPECT_EQ(world.mdt->counts().creates, 1u);
  EXPECT_EQ(world.mdt->open_files(), 1u);
  world.network.set_filter({});
}

TEST(Mdt, WaitingForObjectsIsTimeOfTheServersProcessors) {
  MdtOptions options;
  options.modify = sim::milliseconds(7);
  OssOptions slow;
  slow.costs.object = sim::milliseconds(1);
  MdtWorld world(1, options, sim::kTiB, slow);
  const auto file = world.create("a");  // finds no stock, so the first batch is 2 × 32 objects
  EXPECT_EQ(file.server.cpu, sim::milliseconds(7 + 64));
}

TEST(Mdt, ProcessorTimeIsChargedByKind) {
  MdtOptions options;
  options.modify = sim::milliseconds(7);
  options.lookup = sim::milliseconds(3);
  options.close = sim::milliseconds(2);
  MdtWorld world(1, options);
  world.mdt->start();
  world.run_for(sim::seconds(1));
  const auto file = world.create("a");
  EXPECT_EQ(file.server.cpu, sim::milliseconds(7));
  EXPECT_EQ(world.getattr("a").server.cpu, sim::milliseconds(3));
  EXPECT_EQ(world.close(MdtWorld::body(file).handle).server.cpu, sim::milliseconds(2));
}

}  // namespace
}  // namespace stripe
