#include "stripe/server/object_owners.h"

#include <gtest/gtest.h>

#include "stripe/protocol/ldlm_messages.h"

namespace stripe {
namespace {

constexpr Fid kOne{7, 1, 0};
constexpr Fid kOther{7, 2, 0};

StripeObject object(std::uint64_t oid, std::uint32_t ost = 0) { return {{5, oid}, 0, ost}; }

Layout layout(const Fid& file, std::vector<StripeObject> objects) {
  Layout made;
  Component& component = made.components.emplace_back();
  component.owner = data_of(file);
  component.objects = std::move(objects);
  return made;
}

TEST(ObjectOwners, AFileMayHaveItsOwnObjectsAndNobodysButNoOthers) {
  ObjectOwners owners;
  owners.add(kOne, layout(kOne, {object(1), object(2)}));
  EXPECT_TRUE(owners.may_have(kOne, layout(kOne, {object(1), object(3)})));
  EXPECT_FALSE(owners.may_have(kOther, layout(kOther, {object(3), object(2)})));
  EXPECT_TRUE(owners.may_have(kOther, layout(kOther, {object(3), object(4)})));
}

TEST(ObjectOwners, AnObjectIsOfOneOst) {
  ObjectOwners owners;
  owners.add(kOne, layout(kOne, {object(1, 0)}));
  EXPECT_TRUE(owners.may_have(kOther, layout(kOther, {object(1, 1)})));
  EXPECT_TRUE(owners.has_owner(object(1, 0)));
  EXPECT_FALSE(owners.has_owner(object(1, 1)));
}

TEST(ObjectOwners, NoneStandsInALayoutTwice) {
  const ObjectOwners owners;
  EXPECT_TRUE(owners.may_have(kOne, layout(kOne, {object(1, 0), object(1, 1)})));
  EXPECT_FALSE(owners.may_have(kOne, layout(kOne, {object(1, 0), object(1, 0)})));
  Layout mirrors = layout(kOne, {object(1)});
  mirrors.components.push_back(mirrors.components.front());
  EXPECT_FALSE(owners.may_have(kOne, mirrors)) << "nor in two components";
}

TEST(ObjectOwners, WhatIsWithheldNobodyMayHave) {
  ObjectOwners owners;
  owners.withhold(0, object(1).id);
  EXPECT_FALSE(owners.may_have(kOne, layout(kOne, {object(1)})));
  owners.clear();
  EXPECT_TRUE(owners.may_have(kOne, layout(kOne, {object(1)})));
}

TEST(ObjectOwners, ALayoutNamesItsFile) {
  const ObjectOwners owners;
  EXPECT_FALSE(owners.may_have(kOne, layout(kOther, {object(1)})));
}

}  // namespace
}  // namespace stripe
