#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "stripe/server/mdt_testing.h"

namespace stripe {
namespace {

using sim::Errc;

// A world with the file "file" and the empty directory "dir".
struct Furnished {
  Furnished() {
    file = MdtWorld::body(world.create("file")).attr.fid;
    sim::check(world.reint(Reint::mkdir, "dir").status == Errc::ok, "a new directory");
    dir = MdtWorld::body(world.getattr("dir")).attr.fid;
  }
  MdtWorld world;
  Fid file;
  Fid dir;
};

struct IntentCase {
  std::string name;
  Errc expected;
  // Spoils a request that opens "file" for reading.
  std::function<void(MdsIntentRequest&, const Furnished&)> spoil;
};

class BadIntent : public ::testing::TestWithParam<IntentCase> {};

TEST_P(BadIntent, IsRefusedAndTheServerLivesOn) {
  Furnished furnished;
  const std::size_t open = furnished.world.mdt->open_files();
  MdsIntentRequest request = MdtWorld::open_request("file", false);
  GetParam().spoil(request, furnished);
  EXPECT_EQ(furnished.world.call(request).status, GetParam().expected);
  EXPECT_EQ(furnished.world.mdt->open_files(), open);
  EXPECT_EQ(furnished.world.create("another").status, Errc::ok);
}

using R = MdsIntentRequest;
using F = Furnished;
INSTANTIATE_TEST_SUITE_P(Table, BadIntent,
                         ::testing::
                             Values(
                                 IntentCase{"ExclusiveWithoutCreate", Errc::invalid_argument,
                                            [](R& r, const F&) { r.exclusive = true; }},
                                 IntentCase{
                                     "CreateWithoutName", Errc::invalid_argument,
                                     [](R& r, const F&) { r.create = true, r.name.clear(); }},
                                 IntentCase{
                                     "NameWithSlash", Errc::invalid_argument,
                                     [](R& r, const F&) { r.create = true, r.name = "a/b"; }},
                                 IntentCase{"NameWithNul", Errc::invalid_argument,
                                            [](R& r, const F&) {
                                              r.create = true, r.name = std::string("a\0b", 3);
                                            }},
                                 IntentCase{"NameTooLong", Errc::invalid_argument,
                                            [](R& r, const F&) {
                                              r.create = true, r.name = std::string(256, 'x');
                                            }},
                                 IntentCase{"NameDot", Errc::invalid_argument,
                                            [](R& r, const F&) { r.name = "."; }},
                                 IntentCase{"NameDotDot", Errc::invalid_argument,
                                            [](R& r, const F&) { r.name = ".."; }},
                                 IntentCase{"NoFid", Errc::invalid_argument,
                                            [](R& r, const F&) { r.parent = Fid(); }},
                                 IntentCase{"UnknownParent", Errc::not_found,
                                            [](R& r, const F&) {
                                              r.parent = {9, 9, 9}, r.create = true;
                                            }},
                                 IntentCase{
                                     "ParentIsAFile", Errc::not_directory,
                                     [](R& r, const F& f) { r.parent = f.file, r.create = true; }},
                                 IntentCase{"MissingFile", Errc::not_found,
                                            [](R& r, const F&) { r.name = "none"; }},
                                 IntentCase{"ExclusiveOfWhatExists", Errc::exists,
                                            [](R& r, const F&) { r.create = r.exclusive = true; }},
                                 IntentCase{"DirectoryForWriting", Errc::is_directory,
                                            [](R& r, const F&) { r.name = "dir", r.write = true; }},
                                 IntentCase{
                                     "CreateOverDirectory", Errc::is_directory,
                                     [](R& r, const F&) { r.name = "dir", r.create = true; }},
                                 IntentCase{"ModeTooLarge", Errc::invalid_argument,
                                            [](R& r, const F&) {
                                              r.name = "x", r.create = true, r.mode = 010000;
                                            }},
                                 IntentCase{"MalformedLayout", Errc::invalid_argument,
                                            [](R& r, const F&) {
                                              r.name = "x", r.create = true, r.layout = "-c many";
                                            }},
                                 IntentCase{"UnknownPool", Errc::invalid_argument,
                                            [](R& r, const F&) {
                                              r.name = "x", r.create = true, r.layout = "-p nosuch";
                                            }},
                                 IntentCase{"UnknownOst", Errc::invalid_argument,
                                            [](R& r, const F&) {
                                              r.name = "x", r.create = true, r.layout = "-i 4";
                                            }},
                                 IntentCase{
                                     "GetattrThatCreates", Errc::invalid_argument,
                                     [](R& r, const F&) {
                                       r.intent = Intent::getattr, r.create = true;
                                     }},
                                 IntentCase{
                                     "LookupThatWrites", Errc::invalid_argument,
                                     [](R& r, const F&) {
                                       r.intent = Intent::lookup, r.write = true;
                                     }},
                                 IntentCase{
                                     "LookupWithLayout", Errc::invalid_argument,
                                     [](R& r, const F&) {
                                       r.intent = Intent::lookup, r.layout = "-c 1";
                                     }},
                                 IntentCase{
                                     "LayoutByName", Errc::invalid_argument,
                                     [](R& r, const F&) { r.intent = Intent::layout; }},
                                 IntentCase{
                                     "LayoutToWriteNothing", Errc::invalid_argument,
                                     [](R& r, const F& f) {
                                       r.intent = Intent::layout, r.name.clear(), r.parent = f.file;
                                       r.write = true, r.extent = {10, 10};
                                     }},
                                 IntentCase{"LayoutOfADirectory", Errc::not_found,
                                            [](R& r, const F& f) {
                                              r.intent = Intent::layout, r.name.clear(),
                                              r.parent = f.dir;
                                            }}),
                         [](const auto& p) { return p.param.name; });

struct ReintCase {
  std::string name;
  Errc expected;
  // Spoils a rename of "file" to "new".
  std::function<void(MdsReintRequest&, const Furnished&)> spoil;
};

class BadReint : public ::testing::TestWithParam<ReintCase> {};

TEST_P(BadReint, IsRefusedAndTheServerLivesOn) {
  Furnished furnished;
  MdsReintRequest request;
  request.op = Reint::rename;
  request.parent = request.new_parent = kRootFid;
  request.name = "file";
  request.new_name = "new";
  GetParam().spoil(request, furnished);
  EXPECT_EQ(furnished.world.call(request).status, GetParam().expected);
  EXPECT_EQ(furnished.world.getattr("file").status, Errc::ok);
  EXPECT_EQ(furnished.world.getattr("new").status, Errc::not_found);
}

using Q = MdsReintRequest;
INSTANTIATE_TEST_SUITE_P(
    Table, BadReint,
    ::testing::Values(
        ReintCase{"NoName", Errc::invalid_argument, [](Q& q, const F&) { q.name.clear(); }},
        ReintCase{"NewNameWithSlash", Errc::invalid_argument,
                  [](Q& q, const F&) { q.new_name = "a/b"; }},
        ReintCase{"NoNewParent", Errc::invalid_argument,
                  [](Q& q, const F&) { q.new_parent = Fid(); }},
        ReintCase{"NoParent", Errc::invalid_argument, [](Q& q, const F&) { q.parent = Fid(); }},
        ReintCase{"UnknownNewParent", Errc::not_found,
                  [](Q& q, const F&) {
                    q.new_parent = {9, 9, 9};
                  }},
        ReintCase{"DirectoryIntoItself", Errc::invalid_argument,
                  [](Q& q, const F& f) { q.name = "dir", q.new_parent = f.dir; }},
        ReintCase{"UnlinkOfNothing", Errc::not_found,
                  [](Q& q, const F&) { q.op = Reint::unlink, q.name = "none"; }},
        ReintCase{"UnlinkInAFile", Errc::not_directory,
                  [](Q& q, const F& f) { q.op = Reint::unlink, q.parent = f.file; }},
        ReintCase{"MkdirOverFile", Errc::exists, [](Q& q, const F&) { q.op = Reint::mkdir; }},
        ReintCase{"MkdirWithHugeMode", Errc::invalid_argument,
                  [](Q& q, const F&) { q.op = Reint::mkdir, q.name = "x", q.mode = 010000; }},
        ReintCase{"SizeOfADirectory", Errc::is_directory,
                  [](Q& q, const F& f) {
                    q.op = Reint::setattr, q.parent = f.dir, q.name.clear(), q.set_size = true;
                  }},
        ReintCase{"SetattrOfNothing", Errc::not_found,
                  [](Q& q, const F&) {
                    q.op = Reint::setattr, q.parent = {9, 9, 9}, q.name = "";
                  }}),
    [](const auto& p) { return p.param.name; });

TEST(MdtRefusals, PagesOfWhatIsNoDirectory) {
  Furnished furnished;
  MdsReadpageRequest request;
  request.directory = furnished.file;
  EXPECT_EQ(furnished.world.call(request).status, Errc::not_directory);
  request.directory = {9, 9, 9};
  EXPECT_EQ(furnished.world.call(request).status, Errc::not_found);
  request.directory = kRootFid;
  request.max_bytes = 0;
  EXPECT_EQ(furnished.world.call(request).status, Errc::invalid_argument);
  request.max_bytes = sim::kMiB + 1;
  EXPECT_EQ(furnished.world.call(request).status, Errc::invalid_argument);
  request.max_bytes = sim::kMiB;
  request.cookie = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(furnished.world.call(request).status, Errc::ok);
}

// A directory that is removed while it is open takes nothing in, and leaves nothing behind.
TEST(MdtRefusals, ARemovedDirectoryThatIsStillOpen) {
  Furnished furnished;
  const auto open = furnished.world.call(MdtWorld::open_request("dir", false));
  EXPECT_EQ(furnished.world.reint(Reint::unlink, "dir").status, Errc::ok);
  MdsReintRequest request;
  request.op = Reint::mkdir;
  request.parent = furnished.dir;
  request.name = "child";
  EXPECT_EQ(furnished.world.call(request).status, Errc::not_found);
  MdsIntentRequest create = MdtWorld::open_request("child", true);
  create.parent = furnished.dir;
  EXPECT_EQ(furnished.world.call(create).status, Errc::not_found);
  EXPECT_EQ(furnished.world.close(MdtWorld::body(open).handle).status, Errc::ok);
}

TEST(MdtRefusal, DataOnTheMdtBeyondItsLimitIsRefused) {
  MdtWorld world;
  EXPECT_EQ(world.create("a", "-E 1M -L mdt -E -1 -c 1").status, Errc::ok);
  EXPECT_EQ(world.create("b", "-E 1088K -L mdt -E -1 -c 1").status, Errc::invalid_argument);
  MdtOptions none;
  none.dom_max = 0;
  MdtWorld without(4, none);
  EXPECT_EQ(without.create("a", "-E 64K -L mdt -E -1 -c 1").status, Errc::invalid_argument);
}

}  // namespace
}  // namespace stripe
