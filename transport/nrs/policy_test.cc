#include "transport/nrs/policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace transport {
namespace {

void push(NrsPolicy& policy, std::uint64_t object, sim::Bytes offset, std::int64_t arrived = 0) {
  auto request = std::make_unique<Request>();
  request->key = {object, offset};
  request->arrived = sim::TimePoint(arrived);
  policy.push(std::move(request));
}

class EveryPolicy : public ::testing::TestWithParam<std::string_view> {};

TEST_P(EveryPolicy, PopsEachRequestExactlyOnce) {
  const std::unique_ptr<NrsPolicy> policy = make_nrs(GetParam());
  EXPECT_EQ(policy->pop(), nullptr);
  std::vector<std::int64_t> seen;
  std::int64_t pushed = 0;
  for (int round = 0; round < 50; ++round) {
    for (int i = 0; i < 40; ++i, ++pushed) {
      const auto n = static_cast<std::uint64_t>(pushed);
      push(*policy, n % 3, n * 7919 % 101, pushed);
    }
    for (int i = 0; i < 30; ++i) {
      seen.push_back(policy->pop()->arrived.ns());
    }
  }
  EXPECT_EQ(policy->size(), 500u);
  while (const std::unique_ptr<Request> request = policy->pop()) {
    seen.push_back(request->arrived.ns());
  }
  std::ranges::sort(seen);
  ASSERT_EQ(seen.size(), 2000u);
  for (std::int64_t i = 0; i < 2000; ++i) {
    EXPECT_EQ(seen[static_cast<std::size_t>(i)], i);
  }
}

std::vector<std::string_view> policy_names() {
  std::vector<std::string_view> names;
  for (const NrsEntry& entry : nrs_policies()) {
    names.push_back(entry.name);
  }
  return names;
}
INSTANTIATE_TEST_SUITE_P(All, EveryPolicy, ::testing::ValuesIn(policy_names()),
                         [](const auto& p) { return std::string(p.param); });

TEST(Policy, AnUnknownNameIsNoPolicy) { EXPECT_EQ(make_nrs("lifo"), nullptr); }

TEST(Orr, ServesTheRequestsOfAnObjectByOffset) {
  const std::unique_ptr<NrsPolicy> policy = make_nrs("orr");
  for (const sim::Bytes offset : {5u, 1u, 4u, 1u, 3u}) {
    push(*policy, 1, offset);
  }
  std::vector<sim::Bytes> order;
  while (const std::unique_ptr<Request> request = policy->pop()) {
    order.push_back(request->key.offset);
  }
  EXPECT_EQ(order, (std::vector<sim::Bytes>{1, 1, 3, 4, 5}));
}

TEST(Orr, RequestsOfOneObjectAtOneOffsetKeepTheirOrder) {
  const std::unique_ptr<NrsPolicy> policy = make_nrs("orr");
  for (std::int64_t i = 0; i < 5; ++i) {
    push(*policy, 1, 0, i);
  }
  for (std::int64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(policy->pop()->arrived.ns(), i);
  }
}

TEST(Orr, TheNextObjectHasItsTurnAfter256Requests) {
  const std::unique_ptr<NrsPolicy> policy = make_nrs("orr");
  for (sim::Bytes offset = 0; offset < 300; ++offset) {
    push(*policy, 1, offset);
    push(*policy, 2, offset);
  }
  std::vector<std::uint64_t> objects;
  while (const std::unique_ptr<Request> request = policy->pop()) {
    objects.push_back(request->key.object);
  }
  ASSERT_EQ(objects.size(), 600u);
  for (std::size_t i = 0; i < 600; ++i) {
    const std::uint64_t expected = i < 256 ? 1 : i < 512 ? 2 : i < 556 ? 1 : 2;
    EXPECT_EQ(objects[i], expected) << i;
  }
}

TEST(Orr, AnObjectThatRanDryStartsAnewBehindTheOthers) {
  const std::unique_ptr<NrsPolicy> policy = make_nrs("orr");
  push(*policy, 1, 0);
  push(*policy, 2, 0);
  EXPECT_EQ(policy->pop()->key.object, 1u);
  push(*policy, 1, 1);
  EXPECT_EQ(policy->pop()->key.object, 2u);
  EXPECT_EQ(policy->pop()->key.object, 1u);
}

}  // namespace
}  // namespace transport
