#include "cachemodel/ldlm/extent_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "sim/rng.h"

namespace cachemodel {
namespace {

struct Node : ExtentNode {
  std::uint64_t order = 0;
};

// The same contents as a plain list, asked the slow way.
class Model {
 public:
  explicit Model(std::uint64_t seed) : rng_(seed) {}

  sim::Extent any_extent() {
    const sim::Bytes begin = rng_.below(64);
    const sim::Bytes end = rng_.chance(1, 10) ? sim::kEof : begin + 1 + rng_.below(16);
    return {begin, end};
  }

  void change() {
    if (nodes_.empty() || rng_.chance(1, 2)) {
      nodes_.push_back(std::make_unique<Node>());
      nodes_.back()->order = ++order_;
      tree_.insert(*nodes_.back(), any_extent(), order_);
    } else if (rng_.chance(1, 3)) {
      tree_.call_back(*nodes_[rng_.below(nodes_.size())]);
    } else {
      const auto place = nodes_.begin() + static_cast<std::ptrdiff_t>(rng_.below(nodes_.size()));
      tree_.erase(**place);
      nodes_.erase(place);
    }
    std::ranges::sort(nodes_, [](const auto& a, const auto& b) {
      return a->extent().begin != b->extent().begin ? a->extent().begin < b->extent().begin
                                                    : a->order < b->order;
    });
  }

  template <typename Wanted>
  std::vector<const ExtentNode*> those(Wanted wanted) const {
    std::vector<const ExtentNode*> found;
    for (const auto& node : nodes_) {
      if (wanted(*node)) {
        found.push_back(node.get());
      }
    }
    return found;
  }

  const ExtentTree& tree() const { return tree_; }
  std::size_t size() const { return nodes_.size(); }

 private:
  sim::Rng rng_;
  std::uint64_t order_ = 0;
  std::vector<std::unique_ptr<Node>> nodes_;
  ExtentTree tree_;
};

auto into(std::vector<const ExtentNode*>& found) {
  return [&found](ExtentNode& node) {
    found.push_back(&node);
    return true;
  };
}

void expect_same_answers(const Model& model, sim::Extent asked) {
  const ExtentTree& tree = model.tree();
  const auto overlapping =
      model.those([&](const ExtentNode& n) { return n.extent().overlaps(asked); });
  EXPECT_EQ(tree.overlaps(asked), !overlapping.empty());
  std::vector<const ExtentNode*> found;
  tree.visit_overlapping(asked, into(found));
  EXPECT_EQ(found, overlapping);

  found.clear();
  tree.visit_fresh_overlapping(asked, into(found));
  EXPECT_EQ(found, model.those([&](const ExtentNode& n) {
    return n.extent().overlaps(asked) && !n.called_back();
  }));

  found.clear();
  tree.visit_fresh_covering(asked, into(found));
  EXPECT_EQ(found, model.those([&](const ExtentNode& n) {
    return n.extent().intersect(asked) == asked && !n.called_back();
  }));

  found.clear();
  tree.visit_beyond_descending(asked.begin, into(found));
  std::ranges::reverse(found);
  EXPECT_EQ(found, model.those([&](const ExtentNode& n) { return n.extent().end > asked.begin; }));

  const auto beyond =
      model.those([&](const ExtentNode& n) { return n.extent().begin >= asked.begin; });
  EXPECT_EQ(tree.first_begin_from(asked.begin),
            beyond.empty() ? sim::kEof : beyond.front()->extent().begin);
}

TEST(ExtentTree, AnswersAsAListDoes) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Model model(seed);
    for (int step = 0; step < 200; ++step) {
      model.change();
      ASSERT_EQ(model.tree().size(), model.size());
      for (int question = 0; question < 3; ++question) {
        expect_same_answers(model, model.any_extent());
      }
    }
  }
}

TEST(ExtentTree, ExtentsThatOnlyTouchDoNotOverlap) {
  Node node;
  ExtentTree tree;
  tree.insert(node, {10, 20}, 1);
  EXPECT_FALSE(tree.overlaps({0, 10}));
  EXPECT_TRUE(tree.overlaps({0, 11}));
  EXPECT_TRUE(tree.overlaps({19, 20}));
  EXPECT_FALSE(tree.overlaps({20, sim::kEof}));
}

// A treap of random shape is about 2.5 times as high as it must be, in whatever order locks come.
TEST(ExtentTree, IsAsHighAsTheLogarithmOfItsSize) {
  for (const std::size_t bits : {6u, 10u, 14u, 17u}) {
    const std::size_t size = std::size_t{1} << bits;
    std::vector<Node> nodes(size);
    ExtentTree ascending;
    for (std::size_t i = 0; i < size; ++i) {
      ascending.insert(nodes[i], {i * 4096, (i + 1) * 4096}, i);
    }
    EXPECT_LE(ascending.height(), 4 * bits);
    ExtentTree all_alike;
    for (std::size_t i = 0; i < size; ++i) {
      ascending.erase(nodes[i]);
      all_alike.insert(nodes[i], {0, sim::kEof}, i);
    }
    EXPECT_EQ(ascending.height(), 0u);
    EXPECT_LE(all_alike.height(), 4 * bits);
  }
}

TEST(ExtentTree, AVisitEndsWhenToldTo) {
  std::vector<Node> nodes(100);
  ExtentTree tree;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    tree.insert(nodes[i], {0, 100}, i);
  }
  int visits = 0;
  tree.visit_overlapping({0, 1}, [&](ExtentNode&) { return ++visits < 7; });
  EXPECT_EQ(visits, 7);
}

TEST(ExtentTree, AskingForFreshNodesPassesOverManyThatAreNot) {
  std::vector<Node> nodes(1000);
  ExtentTree tree;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    tree.insert(nodes[i], {0, 100}, i);
    tree.call_back(nodes[i]);
  }
  int visits = 0;
  tree.visit_fresh_overlapping({0, 1}, [&](ExtentNode&) { return ++visits > 0; });
  EXPECT_EQ(visits, 0);
  tree.erase(nodes[500]);
  tree.insert(nodes[500], {0, 100}, 500);
  tree.visit_fresh_overlapping({0, 1}, [&](ExtentNode& node) {
    EXPECT_EQ(&node, &nodes[500]);
    return ++visits > 0;
  });
  EXPECT_EQ(visits, 1);
}

}  // namespace
}  // namespace cachemodel
