#include "cachemodel/ldlm/extent_tree.h"

#include <algorithm>

#include "sim/status.h"

namespace cachemodel {
namespace {

// splitmix64's finisher: consecutive numbers become unrelated ones.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace

bool ExtentTree::before(const ExtentNode& a, const ExtentNode& b) {
  return a.extent_.begin != b.extent_.begin ? a.extent_.begin < b.extent_.begin
                                            : a.order_ < b.order_;
}

void ExtentTree::pull(ExtentNode& node) {
  node.max_end_ = node.extent_.end;
  node.max_fresh_end_ = node.called_back_ ? 0 : node.extent_.end;
  for (const ExtentNode* child : {node.left_, node.right_}) {
    if (child != nullptr) {
      node.max_end_ = std::max(node.max_end_, child->max_end_);
      node.max_fresh_end_ = std::max(node.max_fresh_end_, child->max_fresh_end_);
    }
  }
}

// What stands before `at` goes to `left`, the rest to `right`.
void ExtentTree::split(ExtentNode* tree, const ExtentNode& at, ExtentNode*& left,
                       ExtentNode*& right) {
  if (tree == nullptr) {
    left = right = nullptr;
    return;
  }
  if (before(*tree, at)) {
    left = tree;
    split(tree->right_, at, tree->right_, right);
  } else {
    right = tree;
    split(tree->left_, at, left, tree->left_);
  }
  pull(*tree);
}

// Everything in `left` stands before everything in `right`.
ExtentNode* ExtentTree::merge(ExtentNode* left, ExtentNode* right) {
  if (left == nullptr || right == nullptr) {
    return left == nullptr ? right : left;
  }
  if (left->priority_ > right->priority_) {
    left->right_ = merge(left->right_, right);
    pull(*left);
    return left;
  }
  right->left_ = merge(left, right->left_);
  pull(*right);
  return right;
}

void ExtentTree::insert(ExtentNode& node, sim::Extent extent, std::uint64_t order) {
  sim::check(!extent.empty(), "an extent in a tree is not empty");
  node.extent_ = extent;
  node.order_ = order;
  node.priority_ = mix(order);
  node.called_back_ = false;
  ExtentNode** slot = &root_;
  while (*slot != nullptr && (*slot)->priority_ >= node.priority_) {
    ExtentNode& above = **slot;
    above.max_end_ = std::max(above.max_end_, extent.end);
    above.max_fresh_end_ = std::max(above.max_fresh_end_, extent.end);
    slot = before(node, above) ? &above.left_ : &above.right_;
  }
  split(*slot, node, node.left_, node.right_);
  pull(node);
  *slot = &node;
  ++size_;
}

void ExtentTree::erase_below(ExtentNode*& slot, ExtentNode& node) {
  sim::check(slot != nullptr, "an extent to erase is in the tree");
  if (slot == &node) {
    slot = merge(node.left_, node.right_);
    return;
  }
  ExtentNode& above = *slot;
  erase_below(before(node, above) ? above.left_ : above.right_, node);
  pull(above);
}

void ExtentTree::erase(ExtentNode& node) {
  erase_below(root_, node);
  node.left_ = node.right_ = nullptr;
  --size_;
}

void ExtentTree::pull_path(ExtentNode* from, const ExtentNode& node) {
  sim::check(from != nullptr, "an extent to call back is in the tree");
  if (from != &node) {
    pull_path(before(node, *from) ? from->left_ : from->right_, node);
  }
  pull(*from);
}

void ExtentTree::call_back(ExtentNode& node) {
  node.called_back_ = true;
  pull_path(root_, node);
}

bool ExtentTree::overlaps(sim::Extent extent) const {
  const ExtentNode* node = root_;
  while (node != nullptr && node->max_end_ > extent.begin) {
    if (node->extent_.overlaps(extent)) {
      return true;
    }
    // If what reaches furthest on the left begins too late, so does everything on the right.
    const bool left = node->left_ != nullptr && node->left_->max_end_ > extent.begin;
    node = left ? node->left_ : node->right_;
  }
  return false;
}

sim::Bytes ExtentTree::first_begin_from(sim::Bytes offset) const {
  sim::Bytes found = sim::kEof;
  for (const ExtentNode* node = root_; node != nullptr;) {
    if (node->extent_.begin >= offset) {
      found = node->extent_.begin;
      node = node->left_;
    } else {
      node = node->right_;
    }
  }
  return found;
}

}  // namespace cachemodel
