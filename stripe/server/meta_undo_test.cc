// What a store of names loses, and what it takes to come back.
#include "stripe/server/meta_undo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stripe/server/memory_meta_store.h"

namespace stripe {
namespace {

using sim::Errc;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MetaUndoTest : public ::testing::Test {
 protected:
  Fid file(const std::string& name) {
    return store_.create(kRootFid, name, FileType::file, 0644, ++now_).value();
  }
  Fid directory(const std::string& name) {
    return store_.create(kRootFid, name, FileType::directory, 0755, ++now_).value();
  }
  void all_stable() { store_.stable(store_.changes()); }
  std::vector<std::string> names(const Fid& directory = kRootFid) {
    std::vector<std::string> all;
    const MetaStore::Listing listing = store_.list(directory, 0, sim::kMiB).value();
    for (const DirEntry& entry : listing.entries) {
      all.push_back(entry.name);
    }
    return all;
  }
  static Layout layout_on(std::uint32_t ost, std::uint64_t oid) {
    Layout layout;
    layout.components.emplace_back();
    layout.components.front().objects.push_back({{1, oid}, 0, ost});
    return layout;
  }
  MemoryMetaStore store_{true};
  std::int64_t now_ = 0;
};

TEST_F(MetaUndoTest, WhatIsNotStableIsAsItWasBefore) {
  const Fid kept = file("kept");
  const Fid sub = directory("sub");
  all_stable();
  const FileAttr root = store_.attr(kRootFid).value();
  FileAttr attr = store_.attr(kept).value();
  attr.mode = 0600;
  ASSERT_TRUE(store_.set_attr(attr).ok());
  file("new");
  ASSERT_TRUE(store_.rename(kRootFid, "kept", sub, "moved", ++now_).ok());
  ASSERT_TRUE(store_.unlink(kRootFid, "new", ++now_).ok());
  store_.crash();
  EXPECT_THAT(names(), ElementsAre("kept", "sub"));
  EXPECT_THAT(names(sub), IsEmpty());
  EXPECT_EQ(store_.attr(kept)->mode, 0644u);
  EXPECT_EQ(store_.attr(kRootFid).value(), root);
}

TEST_F(MetaUndoTest, AFileThatWasForgottenIsThereAgainWithItsLayout) {
  const Fid fid = file("f");
  ASSERT_TRUE(store_.set_layout(fid, layout_on(0, 7)).ok());
  all_stable();
  ASSERT_TRUE(store_.unlink(kRootFid, "f", ++now_).ok());
  store_.forget(fid);
  EXPECT_FALSE(store_.attr(fid).ok());
  store_.crash();
  EXPECT_EQ(store_.lookup(kRootFid, "f").value(), fid);
  EXPECT_EQ(*store_.layout(fid), layout_on(0, 7));
}

TEST_F(MetaUndoTest, WhatIsStableStays) {
  file("a");
  const std::uint64_t stable = store_.changes();
  file("b");
  store_.stable(stable);
  EXPECT_FALSE(store_.all_stable());
  store_.crash();
  EXPECT_THAT(names(), ElementsAre("a"));
  EXPECT_TRUE(store_.all_stable());
}

TEST_F(MetaUndoTest, ANumberIsNotGivenTwice) {
  const Fid lost = file("a");
  store_.crash();
  EXPECT_NE(file("b"), lost);
}

TEST_F(MetaUndoTest, AFileThatIsMadeAgainHasItsNumber) {
  const Fid fid = file("a");
  store_.crash();
  EXPECT_TRUE(store_.create_again(fid, kRootFid, "a", FileType::file, 0644, 1).ok());
  EXPECT_EQ(store_.lookup(kRootFid, "a").value(), fid);
  EXPECT_EQ(store_.create_again(fid, kRootFid, "b", FileType::file, 0644, 1).code(), Errc::exists);
  const Fid never{fid.seq, fid.oid + 1, 0};
  EXPECT_EQ(store_.create_again(never, kRootFid, "b", FileType::file, 0644, 1).code(),
            Errc::invalid_argument)
      << "nobody was given it";
}

TEST_F(MetaUndoTest, AnInodeIsBackWhenAllThatWasLostOfItHasBeenDoneAgain) {
  const Fid other = directory("other");
  all_stable();
  const Fid a = file("a");
  const Fid b = file("b");
  EXPECT_TRUE(store_.is_back(kRootFid)) << "nothing is lost yet";
  store_.crash();
  EXPECT_TRUE(store_.is_back(other)) << "nothing of it was lost";
  EXPECT_FALSE(store_.is_back(a));
  ASSERT_TRUE(store_.create_again(a, kRootFid, "a", FileType::file, 0644, 2).ok());
  EXPECT_TRUE(store_.is_back(a));
  EXPECT_FALSE(store_.is_back(kRootFid)) << "a name is missing";
  ASSERT_TRUE(store_.create_again(b, kRootFid, "b", FileType::file, 0644, 4).ok());
  EXPECT_FALSE(store_.is_back(kRootFid)) << "it has another time";
}

TEST_F(MetaUndoTest, ObjectsOfFilesThatDidNotComeBackAreTold) {
  const Fid lost = file("lost");
  ASSERT_TRUE(store_.set_layout(lost, layout_on(0, 1)).ok());
  const Fid back = file("back");
  ASSERT_TRUE(store_.set_layout(back, layout_on(1, 2)).ok());
  store_.crash();
  ASSERT_TRUE(store_.create_again(back, kRootFid, "back", FileType::file, 0644, 2).ok());
  ASSERT_TRUE(store_.set_layout(back, layout_on(1, 2)).ok());
  const std::vector<StripeObject> orphans = store_.settle().objects;
  ASSERT_EQ(orphans.size(), 1u);
  EXPECT_EQ(orphans.front().id.oid, 1u);
  EXPECT_TRUE(store_.is_back(lost)) << "nobody can bring it back any more";
}

TEST_F(MetaUndoTest, InodesWithoutANameAreTold) {
  const Fid open = file("open");
  file("named");
  ASSERT_TRUE(store_.unlink(kRootFid, "open", ++now_).ok());
  EXPECT_THAT(store_.settle().inodes, ElementsAre(open));
}

}  // namespace
}  // namespace stripe
