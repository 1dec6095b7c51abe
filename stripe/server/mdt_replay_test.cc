// What an MDT that has started anew takes from its clients, and what it does not: they may lie.
#include "stripe/server/mdt_replay_testing.h"

namespace stripe {
namespace {

using sim::Errc;

StripeObject& object_of(Layout& layout, std::size_t component = 0, std::size_t stripe = 0) {
  return layout.components[component].objects[stripe];
}

constexpr const char* kTwoParts = "-E 64k -c 1 -o 0 -E eof -c 2 -i 0";

class TrueReplay : public MdtReplay, public ::testing::WithParamInterface<const char*> {};

TEST_P(TrueReplay, IsTaken) {
  const Kept made = create(liar_, "mine", GetParam());
  const Fid fid = made.request.replay->fid;
  const Kept grown = grow(liar_, fid);
  restart();
  EXPECT_EQ(world_.meta.layout(fid), nullptr);
  EXPECT_EQ(replay(made), Errc::ok);
  if (grown.change != 0) {
    EXPECT_EQ(replay(grown), Errc::ok);
  }
  EXPECT_EQ(*world_.meta.layout(fid), grown.layout());
  end_recovery();
  EXPECT_EQ(grow(liar_, fid).layout(), grown.layout()) << "and nothing is missing";
}
INSTANTIATE_TEST_SUITE_P(OfEveryKindOfLayout, TrueReplay,
                         ::testing::Values("-c 1", "-c -1", "-C 9", "-C -2", kTwoParts, "-N 2 -c 2",
                                           "-E 64k -L mdt -E eof -c 2",
                                           "-N 2 -E 64k -c 1 -E eof -C -3"));

// With an object that it did not have.
class ForgedCreation : public MdtReplay {
 protected:
  Errc claiming(const StripeObject& object) {
    Layout layout = kept_.layout();
    object_of(layout) = object;
    kept_.claim(layout);
    return replay(kept_);
  }
  void expect_refused(const StripeObject& object) {
    EXPECT_EQ(claiming(object), Errc::invalid_argument);
    EXPECT_FALSE(world_.meta.lookup(kRootFid, "mine").ok());
  }
  Kept kept_;
};

TEST_F(ForgedCreation, TakesNoObjectOfAFileThatIsStable) {
  Layout theirs = create(honest_, "theirs").layout();
  commit();
  kept_ = create(liar_, "mine");
  restart();
  expect_refused(object_of(theirs));
}

TEST_F(ForgedCreation, TakesNoObjectOfAFileThatWasBroughtBackBefore) {
  const Kept theirs = create(honest_, "theirs");
  kept_ = create(liar_, "mine");
  restart();
  const std::uint64_t brought = honest_.send(theirs.request, theirs.change);
  Layout layout = theirs.layout();
  expect_refused(object_of(layout));
  EXPECT_EQ(honest_.status(brought), Errc::ok);
  EXPECT_EQ(*world_.meta.layout(theirs.request.replay->fid), theirs.layout());
}

// The last is nobody's when it comes: it was a file's that did not come back.
TEST_F(ForgedCreation, TakesTheLastObjectThatWasGivenAndNotTheNext) {
  for (const bool given : {true, false}) {
    kept_ = create(liar_, given ? "one" : "two");
    Layout last = create(liar_, "last").layout();
    restart();
    object_of(last).id.oid += given ? 0 : 1;
    EXPECT_EQ(claiming(object_of(last)), given ? Errc::ok : Errc::invalid_argument);
    end_recovery();
  }
}

// Two make a file at once, and the second has taken an object in vain.
TEST_F(ForgedCreation, TakesNoObjectThatWasGivenBack) {
  const auto request = MdtWorld::open_request("theirs", true, "-c 1 -o 0");
  const std::uint64_t one = honest_.send(request);
  const std::uint64_t other = honest_.send(request);
  world_.run_for(sim::seconds(1));
  ASSERT_TRUE(honest_.answered(one) && honest_.answered(other));
  Layout theirs = decode_lov_ea(honest_.body<MdsIntentReply>(one).layout).value();
  StripeObject back = object_of(theirs);
  ASSERT_LE(back.id.oid, 2u);
  back.id.oid = 3 - back.id.oid;
  kept_ = create(liar_, "mine", "-c 1 -o 1");
  restart();
  expect_refused(back);
}

TEST_F(ForgedCreation, TakesNoObjectThatIsAboutToBeDestroyed) {
  const Kept gone = create(honest_, "gone");
  Layout theirs = gone.layout();
  MdsCloseRequest close_it;
  close_it.handle = gone.request.replay->handle;
  honest_.call(close_it);
  world_.network.set_filter(
      [](const transport::Message& m) { return m.header.opcode != kOstDestroy; });
  world_.reint(Reint::unlink, "gone");
  world_.clients[0].reset();
  commit();
  kept_ = create(liar_, "mine");
  restart();
  EXPECT_TRUE(world_.object_exists(object_of(theirs)));
  expect_refused(object_of(theirs));
}

TEST_F(ForgedCreation, TakesNoObjectOfAnOstThatIsNotThere) {
  kept_ = create(liar_, "mine");
  restart();
  Layout layout = kept_.layout();
  object_of(layout).ost_index = static_cast<std::uint32_t>(world_.osts.size());
  expect_refused(object_of(layout));
}

TEST_F(ForgedCreation, TakesNoObjectTwice) {
  kept_ = create(liar_, "mine", "-C 2 -i 0");
  restart();
  Layout layout = kept_.layout();
  expect_refused(object_of(layout, 0, 1));
}

TEST_F(ForgedCreation, HasTheLayoutThatWasAskedFor) {
  Layout parts = create(liar_, "parts", kTwoParts).layout();
  kept_ = create(liar_, "mine");
  restart();
  Layout layout = kept_.layout();
  object_of(parts) = object_of(layout);
  for (Component& component : parts.components) {
    component.owner = layout.components[0].owner;
  }
  kept_.claim(parts);
  EXPECT_EQ(replay(kept_), Errc::invalid_argument);
}

TEST_F(ForgedCreation, HasNoOtherFilesDataOnTheMdt) {
  constexpr const char* kBegins = "-E 64k -L mdt -E eof -c 1 -o 0";
  const Layout theirs = create(honest_, "theirs", kBegins).layout();
  commit();
  kept_ = create(liar_, "mine", kBegins);
  restart();
  Layout layout = kept_.layout();
  layout.components[0].owner = theirs.components[0].owner;
  kept_.claim(layout);
  EXPECT_EQ(replay(kept_), Errc::invalid_argument);
}

class ForgedLayout : public MdtReplay {
 protected:
  ForgedLayout() {
    theirs_ = create(honest_, "theirs", "-c 4 -i 0").layout();
    twin_ = create(honest_, "twin", kTwoParts).request.replay->fid;
    fid_ = create(liar_, "mine", kTwoParts).request.replay->fid;
    commit();
    kept_ = grow(liar_, fid_);
    layout_ = kept_.layout();
    restart();
  }
  void expect_refused() {
    const Layout before = *world_.meta.layout(fid_);
    kept_.claim(layout_);
    EXPECT_EQ(replay(kept_), Errc::invalid_argument);
    EXPECT_EQ(*world_.meta.layout(fid_), before);
  }
  Layout theirs_;
  Fid twin_;
  Fid fid_;
  Kept kept_;
  Layout layout_;
};

TEST_F(ForgedLayout, TakesNoObjectOfAnotherFile) {
  object_of(layout_, 1, 1) = object_of(theirs_, 0, 1);
  expect_refused();
}
TEST_F(ForgedLayout, TakesNoObjectFromTheFileItself) {
  std::swap(object_of(layout_, 0), object_of(layout_, 1));
  expect_refused();
}
TEST_F(ForgedLayout, TakesNoComponentAway) {
  layout_.components.pop_back();
  layout_.components.back().extent.end = sim::kEof;
  expect_refused();
}
TEST_F(ForgedLayout, IsOfTheFileThatItNames) {
  kept_.request.replay->fid = twin_;
  expect_refused();
  EXPECT_FALSE(world_.meta.layout(twin_)->components[1].instantiated());
}

// Which number stands for which open file is known to who was given it, and to nobody else.
class ForgedHandle : public MdtReplay {
 protected:
  ForgedHandle() {
    theirs_ = create(honest_, "theirs");
    mine_ = create(liar_, "mine");
    commit();
  }
  std::uint64_t close(RawClient& client, OpenHandle handle) {
    MdsCloseRequest request;
    request.handle = handle;
    return client.call(request);
  }
  Kept theirs_;
  Kept mine_;
};

TEST_F(ForgedHandle, ThatIsAnothersOpensAndClosesNothing) {
  restart();
  const std::uint64_t brought = honest_.send(theirs_.request, theirs_.change);
  EXPECT_EQ(replay({theirs_.request, mine_.change}), Errc::exists);
  EXPECT_EQ(honest_.status(brought), Errc::ok);
  MdsCloseRequest close_it;
  close_it.handle = theirs_.request.replay->handle;
  EXPECT_EQ(liar_.status(liar_.call(close_it, mine_.change + 1)), Errc::invalid_argument);
  end_recovery();
  EXPECT_EQ(liar_.status(close(liar_, close_it.handle)), Errc::invalid_argument);
  EXPECT_EQ(world_.mdt->open_files(), 1u);
  EXPECT_EQ(honest_.status(close(honest_, close_it.handle)), Errc::ok);
}

TEST_F(ForgedHandle, ThatWasNeverGivenOpensNothing) {
  restart();
  Kept forged = mine_;
  forged.request.replay->handle = mine_.request.replay->handle + 1;
  EXPECT_EQ(replay(forged), Errc::invalid_argument) << "the one that would be given next";
  EXPECT_EQ(world_.mdt->open_files(), 0u);
  EXPECT_EQ(replay(mine_), Errc::ok) << "the last that was";
  end_recovery();
  const Kept next = intent(liar_, MdtWorld::open_request("mine", false));
  EXPECT_GT(next.request.replay->handle, mine_.request.replay->handle);
}

TEST_F(ForgedHandle, OfAFileThatIsNotThereOpensNothing) {
  restart();
  Kept forged = mine_;
  forged.request.replay->fid.oid += 1;
  EXPECT_EQ(replay(forged), Errc::not_found);
  EXPECT_EQ(world_.mdt->open_files(), 0u);
}

}  // namespace
}  // namespace stripe
