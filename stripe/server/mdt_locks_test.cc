// Inode-bits locks: which come with which answer, what a change does to them, and what is refused.
#include <gtest/gtest.h>

#include <functional>

#include "stripe/server/mdt_testing.h"

namespace stripe {
namespace {

using cachemodel::kBitDom;
using cachemodel::kBitLayout;
using cachemodel::kBitLookup;
using cachemodel::kBitOpen;
using cachemodel::kBitPerm;
using cachemodel::kBitUpdate;
using cachemodel::LockMode;
using sim::Errc;

constexpr InodeBits kAttributes = kBitLookup | kBitUpdate | kBitPerm;

// A world with the file "file" and the directory "dir". Clients answer callbacks, and cancel what
// is called back if they are willing.
class MdtLocks : public ::testing::Test {
 public:
  struct Holder : transport::CallbackHandler {
    Holder(MdtLocks& owner, std::size_t number) : test(owner), client(number) {
      endpoint().set_callback_handler(this);
    }
    ~Holder() override { endpoint().set_callback_handler(nullptr); }
    transport::Endpoint& endpoint() const { return test.world.clients[client]->endpoint; }
    void callback(transport::MessagePtr request) override {
      blocked.push_back(static_cast<const LdlmBlockingRequest&>(*request->body));
      endpoint().answer(*request, Errc::ok, std::make_unique<LdlmBlockingReply>());
      if (willing) {
        cancel();
      }
    }
    void cancel() {
      LdlmCancelRequest request;
      request.handles = {blocked.back().handle};
      test.tasks.spawn(test.world.call_to(request, client, answer), "a cancel");
    }
    MdtLocks& test;
    std::size_t client;
    bool willing = true;
    std::vector<LdlmBlockingRequest> blocked;
    transport::RpcReply answer;
  };

  MdtLocks() {
    file = MdtWorld::body(world.create("file")).attr.fid;
    EXPECT_EQ(world.reint(Reint::mkdir, "dir").status, Errc::ok);
    dir = MdtWorld::body(world.getattr("dir")).attr.fid;
  }
  static MdsIntentRequest named(Intent intent, std::string name) {
    MdsIntentRequest request;
    request.intent = intent;
    request.parent = kRootFid;
    request.name = std::move(name);
    request.lock = true;
    return request;
  }
  MdsIntentRequest of_file(Intent intent, InodeBits bits = 0) const {
    MdsIntentRequest request = named(intent, {});
    request.parent = file;
    request.bits = bits;
    return request;
  }
  // What `request` is given, by client `from`.
  InodeBits bits_of(const MdsIntentRequest& request, std::size_t from = 0) {
    const transport::RpcReply reply = world.call(request, from);
    const MdsIntentReply& body = MdtWorld::body(reply);
    mode = body.lock_mode;
    handle = body.lock;
    return body.lock_bits;
  }
  static MdsReintRequest chmod(std::uint32_t mode_bits) {
    MdsReintRequest request;
    request.op = Reint::setattr;
    request.parent = kRootFid;
    request.name = "file";
    request.set_mode = true;
    request.mode = mode_bits;
    return request;
  }
  std::size_t held() const { return world.mdt->locks().locks().granted_count(); }

  MdtWorld world;
  Holder one{*this, 0};
  Holder two{*this, 1};
  sim::TaskGroup tasks{world.loop};
  Fid file;
  Fid dir;
  LockMode mode = LockMode::nl;
  LockHandle handle = cachemodel::kNoLock;
};

TEST_F(MdtLocks, ComeWithAnswersToThoseWhoAsk) {
  MdsIntentRequest without = named(Intent::getattr, "file");
  without.lock = false;
  EXPECT_EQ(bits_of(without), 0u);
  EXPECT_EQ(held(), 0u);
  EXPECT_EQ(bits_of(named(Intent::lookup, "file")), kBitLookup | kBitPerm);
  EXPECT_EQ(bits_of(named(Intent::getattr, "file")), kAttributes | kBitLayout);
  EXPECT_EQ(bits_of(named(Intent::getattr, "dir")), kAttributes);
  EXPECT_EQ(bits_of(named(Intent::open, "file")), kAttributes | kBitLayout);
  EXPECT_EQ(mode, LockMode::pr);
  EXPECT_EQ(bits_of(of_file(Intent::layout)), kBitLayout);
  EXPECT_EQ(mode, LockMode::cr);
  EXPECT_EQ(bits_of(of_file(Intent::lock, kBitUpdate)), kBitUpdate);
  EXPECT_EQ(held(), 6u);
}

TEST_F(MdtLocks, AChangeCallsBackWhatItChangesAndNothingElse) {
  bits_of(named(Intent::lookup, "dir"));
  bits_of(named(Intent::getattr, "file"));
  const LockHandle called_back = handle;
  EXPECT_EQ(world.call(chmod(0600), 1).status, Errc::ok);
  ASSERT_EQ(one.blocked.size(), 1u);
  EXPECT_EQ(one.blocked[0].handle, called_back);
  EXPECT_EQ(one.blocked[0].wanted, kBitUpdate | kBitPerm);
  EXPECT_EQ(held(), 1u);
}

TEST_F(MdtLocks, AChangeOfADirectoryCallsBackWhoReadIt) {
  MdsIntentRequest root = of_file(Intent::lock, kBitUpdate);
  root.parent = kRootFid;
  bits_of(root);
  EXPECT_EQ(world.call(MdtWorld::open_request("new", true), 1).status, Errc::ok);
  EXPECT_EQ(one.blocked.size(), 1u);
  bits_of(root);
  EXPECT_EQ(world.reint(Reint::unlink, "new").status, Errc::ok);
  EXPECT_EQ(one.blocked.size(), 2u);
}

// Nobody is told of the old mode once the change is under way.
TEST_F(MdtLocks, AnAnswerWaitsForTheChangeBeforeIt) {
  one.willing = false;
  bits_of(named(Intent::getattr, "file"));
  transport::RpcReply changed, looked;
  tasks.spawn(world.call_to(chmod(0640), 1, changed), "a change");
  world.run_for(sim::seconds(1));
  tasks.spawn(world.call_to(named(Intent::getattr, "file"), 1, looked), "a look");
  world.run_for(sim::seconds(1));
  EXPECT_EQ(changed.body, nullptr);
  EXPECT_EQ(looked.body, nullptr);
  one.cancel();
  world.run_for(sim::seconds(1));
  EXPECT_EQ(changed.status, Errc::ok);
  EXPECT_EQ(MdtWorld::body(looked).attr.mode, 0640u);
  EXPECT_NE(MdtWorld::body(looked).lock, cachemodel::kNoLock);
}

TEST_F(MdtLocks, AClientsOwnEndWithItsChange) {
  bits_of(named(Intent::getattr, "file"));
  MdsReintRequest change = chmod(0600);
  change.cancels = {handle};
  EXPECT_EQ(world.call(change).status, Errc::ok);
  EXPECT_TRUE(one.blocked.empty());
  EXPECT_EQ(held(), 0u);
}

TEST_F(MdtLocks, AClosedFilesNewSizeCallsBackWhoCachesTheOld) {
  const OpenHandle open = MdtWorld::body(world.call(named(Intent::open, "file"), 1)).handle;
  bits_of(named(Intent::getattr, "file"));
  MdsCloseRequest close;
  close.handle = open;
  close.size_known = true;
  close.size = 5;
  close.mtime_ns = world.loop.now().ns() + 1;
  EXPECT_EQ(world.call(close, 1).status, Errc::ok);
  EXPECT_EQ(one.blocked.size(), 1u);
}

TEST_F(MdtLocks, AHolderThatDoesNotCancelIsEvicted) {
  one.willing = false;
  world.clients[0]->import.hold();  // or it would leave by itself
  bits_of(named(Intent::getattr, "file"));
  transport::RpcReply changed;
  tasks.spawn(world.call_to(chmod(0640), 1, changed), "a change");
  world.run_for(LockOptions().callback_timeout + sim::seconds(10));
  EXPECT_EQ(changed.status, Errc::ok);
  EXPECT_EQ(world.mdt->locks().counts().timeouts, 1u);
}

TEST_F(MdtLocks, DataOnTheMdtIsLockedByItsDomBit) {
  const Fid dom = MdtWorld::body(world.create("dom", "-E 1M -L mdt")).attr.fid;
  LdlmExtentRequest wanted;
  wanted.object = data_of(dom);
  wanted.mode = LockMode::pw;
  const auto first = world.call(wanted);
  ASSERT_EQ(first.status, Errc::ok);
  EXPECT_TRUE(static_cast<const LdlmExtentReply&>(*first.body).granted);
  const auto lock =
      world.mdt->locks().locks().find(static_cast<const LdlmExtentReply&>(*first.body).handle);
  ASSERT_TRUE(lock.has_value());
  EXPECT_EQ(lock->bits, kBitDom);
  EXPECT_EQ(lock->resource, resource_of(dom));
  wanted.object = data_of(file);
  EXPECT_EQ(world.call(wanted).status, Errc::not_found);
  wanted.object = data_of(dom);
  wanted.mode = LockMode::ex;
  EXPECT_EQ(world.call(wanted).status, Errc::invalid_argument);
}

TEST_F(MdtLocks, SomebodyElsesStay) {
  bits_of(named(Intent::getattr, "file"));
  LdlmCancelRequest cancel;
  cancel.handles = {handle};
  EXPECT_EQ(world.call(cancel, 1).status, Errc::access_denied);
  LdlmConvertRequest convert;
  convert.handle = handle;
  convert.drop = kBitUpdate;
  EXPECT_EQ(world.call(convert, 1).status, Errc::access_denied);
  MdsReintRequest change = chmod(0600);
  change.name = "none";
  change.cancels = {handle};
  EXPECT_EQ(world.call(change, 1).status, Errc::not_found);
  EXPECT_EQ(held(), 1u);
  convert.drop = 0x80;
  EXPECT_EQ(world.call(convert).status, Errc::invalid_argument);
  convert.drop = kBitUpdate;
  EXPECT_EQ(world.call(convert).status, Errc::ok);
  EXPECT_EQ(world.call(cancel).status, Errc::ok);
  EXPECT_EQ(world.call(cancel).status, Errc::ok) << "gone already";
  EXPECT_EQ(held(), 0u);
}

TEST_F(MdtLocks, AreNotGivenOnWhatTheNameDoesNotLeadToAnyMore) {
  one.willing = false;
  bits_of(named(Intent::getattr, "file"));
  MdsReintRequest unlink = chmod(0);
  unlink.op = Reint::unlink;
  unlink.set_mode = false;
  transport::RpcReply gone, looked;
  tasks.spawn(world.call_to(unlink, 1, gone), "an unlink");
  world.run_for(sim::seconds(1));
  tasks.spawn(world.call_to(named(Intent::getattr, "file"), 1, looked), "a look");
  world.run_for(sim::seconds(1));
  one.cancel();
  world.run_for(sim::seconds(1));
  EXPECT_EQ(gone.status, Errc::ok);
  EXPECT_EQ(looked.status, Errc::not_found);
  EXPECT_EQ(held(), 0u);
}

struct LockCase {
  std::string name;
  Errc expected;
  std::function<void(MdsIntentRequest&, const MdtLocks&)> spoil;
};

// A request for the UPDATE bit of "file", spoiled.
const LockCase kCases[] = {
    {"UnknownBits", Errc::invalid_argument, [](auto& r, const auto&) { r.bits = 0x80; }},
    {"SomeUnknownBits", Errc::invalid_argument,
     [](auto& r, const auto&) { r.bits = 0x80 | kBitUpdate; }},
    {"OpenWithoutAnOpen", Errc::invalid_argument, [](auto& r, const auto&) { r.bits = kBitOpen; }},
    {"DomWithoutTheData", Errc::invalid_argument, [](auto& r, const auto&) { r.bits = kBitDom; }},
    {"NoBits", Errc::invalid_argument, [](auto& r, const auto&) { r.bits = 0; }},
    {"NoLock", Errc::invalid_argument, [](auto& r, const auto&) { r.lock = false; }},
    {"ByName", Errc::invalid_argument,
     [](auto& r, const auto&) { r.parent = kRootFid, r.name = "file"; }},
    {"ToWrite", Errc::invalid_argument, [](auto& r, const auto&) { r.write = true; }},
    {"BitsWithAnotherIntent", Errc::invalid_argument,
     [](auto& r, const auto&) { r.intent = Intent::getattr; }},
    {"LayoutOfADirectory", Errc::invalid_argument,
     [](auto& r, const auto& t) { r.parent = t.dir, r.bits = kBitLayout; }},
    {"NoSuchFile", Errc::not_found,
     [](auto& r, const auto&) {
       r.parent = {9, 9, 9};
     }},
};

TEST_F(MdtLocks, MalformedRequestsAreRefusedAndTheServerLivesOn) {
  for (const LockCase& c : kCases) {
    MdsIntentRequest request = of_file(Intent::lock, kBitUpdate);
    c.spoil(request, *this);
    EXPECT_EQ(world.call(request).status, c.expected) << c.name;
    EXPECT_EQ(held(), 0u) << c.name;
  }
  EXPECT_EQ(bits_of(of_file(Intent::lock, kBitUpdate)), kBitUpdate);
}

TEST_F(MdtLocks, AFileThatNobodyMayWriteIsNotOpenedForWriting) {
  EXPECT_EQ(world.call(chmod(0444)).status, Errc::ok);
  MdsIntentRequest open = named(Intent::open, "file");
  EXPECT_EQ(world.call(open).status, Errc::ok);
  open.write = true;
  EXPECT_EQ(world.call(open).status, Errc::access_denied);
  EXPECT_EQ(world.call(chmod(0222)).status, Errc::ok);
  EXPECT_EQ(world.call(open).status, Errc::ok);
  open.write = false;
  EXPECT_EQ(world.call(open).status, Errc::access_denied);
}

}  // namespace
}  // namespace stripe
