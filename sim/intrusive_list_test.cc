#include "sim/intrusive_list.h"

#include <gmock/gmock.h>

#include <memory>
#include <vector>

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Item : ListNode {
  explicit Item(int n) : number(n) {}
  int number;
};

std::vector<int> numbers(const IntrusiveList<Item>& list) {
  std::vector<int> out;
  list.for_each([&](const Item& item) { out.push_back(item.number); });
  EXPECT_EQ(list.size(), out.size());
  EXPECT_EQ(list.empty(), out.empty());
  return out;
}

class IntrusiveListTest : public testing::Test {
 protected:
  Item a_{1}, b_{2}, c_{3};
  IntrusiveList<Item> list_;
};

TEST_F(IntrusiveListTest, KeepsTheOrderOfPushing) {
  EXPECT_THAT(numbers(list_), IsEmpty());
  list_.push_back(b_);
  list_.push_back(c_);
  list_.push_front(a_);
  EXPECT_THAT(numbers(list_), ElementsAre(1, 2, 3));
  EXPECT_EQ(list_.pop_front().number, 1);
  EXPECT_FALSE(a_.linked());
  EXPECT_THAT(numbers(list_), ElementsAre(2, 3));
}

TEST_F(IntrusiveListTest, AnElementDestroyedLeavesByItself) {
  auto mortal = std::make_unique<Item>(9);
  list_.push_back(a_);
  list_.push_back(*mortal);
  list_.push_back(b_);
  mortal.reset();
  EXPECT_THAT(numbers(list_), ElementsAre(1, 2));
}

TEST_F(IntrusiveListTest, UnlinkingTwiceDoesNothingMore) {
  list_.push_back(a_);
  list_.push_back(b_);
  a_.unlink();
  a_.unlink();
  EXPECT_THAT(numbers(list_), ElementsAre(2));
}

TEST_F(IntrusiveListTest, PushingAnElementAgainMovesIt) {
  list_.push_back(a_);
  list_.push_back(b_);
  list_.push_back(a_);
  EXPECT_THAT(numbers(list_), ElementsAre(2, 1));
  list_.push_back(a_);
  EXPECT_THAT(numbers(list_), ElementsAre(2, 1));
  list_.push_front(a_);
  EXPECT_THAT(numbers(list_), ElementsAre(1, 2));
  list_.push_front(a_);
  EXPECT_THAT(numbers(list_), ElementsAre(1, 2));
}

TEST_F(IntrusiveListTest, PushingMovesBetweenLists) {
  IntrusiveList<Item> other;
  list_.push_back(a_);
  other.push_back(a_);
  EXPECT_THAT(numbers(list_), IsEmpty());
  EXPECT_THAT(numbers(other), ElementsAre(1));
}

TEST_F(IntrusiveListTest, AListDestroyedLetsItsElementsGo) {
  {
    IntrusiveList<Item> brief;
    brief.push_back(a_);
    brief.push_back(b_);
    EXPECT_TRUE(a_.linked());
  }
  EXPECT_FALSE(a_.linked());
  EXPECT_FALSE(b_.linked());
}

}  // namespace
}  // namespace sim
