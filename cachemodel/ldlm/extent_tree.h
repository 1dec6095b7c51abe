// An ordered tree of extents that may overlap, for the granted locks of one mode.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "sim/units.h"

namespace cachemodel {

// What an ExtentTree holds; derive from it. It stands in at most one tree, which links it in place.
class ExtentNode {
 public:
  ExtentNode() = default;
  ExtentNode(const ExtentNode&) = delete;
  ExtentNode& operator=(const ExtentNode&) = delete;

  const sim::Extent& extent() const { return extent_; }
  // True from the blocking callback on: a server does not send a second one, and a client takes no
  // more users.
  bool called_back() const { return called_back_; }

 private:
  friend class ExtentTree;
  sim::Extent extent_;
  std::uint64_t order_ = 0;
  std::uint64_t priority_ = 0;
  ExtentNode* left_ = nullptr;
  ExtentNode* right_ = nullptr;
  // Of the subtree: the largest end, and the largest end among nodes not called back (0 if none).
  sim::Bytes max_end_ = 0;
  sim::Bytes max_fresh_end_ = 0;
  bool called_back_ = false;
};

// A treap ordered by beginning, each subtree knowing how far it reaches: no library of Debian's has
// an ordered tree whose subtrees can carry such facts. Every operation is logarithmic in the size,
// visits in the number of nodes visited times that. Priorities are a hash of a node's order number,
// so the shape depends on the contents alone. "Fresh" nodes are those not called back. Owns
// nothing, allocates nothing.
class ExtentTree {
 public:
  ExtentTree() = default;
  ExtentTree(const ExtentTree&) = delete;
  ExtentTree& operator=(const ExtentTree&) = delete;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Nodes on the longest way down: what an operation passes by at most.
  std::size_t height() const { return height_of(root_); }

  // Puts `node` in, fresh. `extent` is not empty; `order` is unique in the tree, and orders nodes
  // that begin together.
  void insert(ExtentNode& node, sim::Extent extent, std::uint64_t order);
  // Takes `node`, which must be in this tree, out; its extent stays readable.
  void erase(ExtentNode& node);
  // From now on `node`, which must be in this tree, is called back.
  void call_back(ExtentNode& node);

  bool overlaps(sim::Extent extent) const;
  // The largest end, or 0 if there is none.
  sim::Bytes reach() const { return root_ == nullptr ? 0 : root_->max_end_; }
  // The smallest beginning at or after `offset`, or kEof if there is none.
  sim::Bytes first_begin_from(sim::Bytes offset) const;

  // Each visit takes an ExtentNode& and returns whether to go on; it must not change the tree. All
  // of these visit in ascending order of beginning, the last in descending order.
  template <typename Visit>
  void visit_overlapping(sim::Extent extent, Visit visit) const {
    visit_if<&ExtentNode::max_end_, false>(root_, extent, visit);
  }
  template <typename Visit>
  void visit_fresh_overlapping(sim::Extent extent, Visit visit) const {
    visit_if<&ExtentNode::max_fresh_end_, true>(root_, extent, visit);
  }
  // Fresh nodes that contain all of `extent`.
  template <typename Visit>
  void visit_fresh_covering(sim::Extent extent, Visit visit) const {
    visit_covering(root_, extent, visit);
  }
  // Nodes that reach beyond `offset`.
  template <typename Visit>
  void visit_beyond_descending(sim::Bytes offset, Visit visit) const {
    visit_descending(root_, offset, visit);
  }

 private:
  static std::size_t height_of(const ExtentNode* node) {
    return node == nullptr ? 0 : 1 + std::max(height_of(node->left_), height_of(node->right_));
  }
  static bool before(const ExtentNode& a, const ExtentNode& b);
  static void pull(ExtentNode& node);
  static void split(ExtentNode* tree, const ExtentNode& at, ExtentNode*& left, ExtentNode*& right);
  static ExtentNode* merge(ExtentNode* left, ExtentNode* right);
  static void erase_below(ExtentNode*& slot, ExtentNode& node);
  static void pull_path(ExtentNode* from, const ExtentNode& node);

  template <sim::Bytes ExtentNode::*kReach, bool kFresh, typename Visit>
  static bool visit_if(ExtentNode* node, sim::Extent extent, Visit& visit) {
    if (node == nullptr || node->*kReach <= extent.begin) {
      return true;
    }
    if (!visit_if<kReach, kFresh>(node->left_, extent, visit)) {
      return false;
    }
    if (node->extent_.begin >= extent.end) {
      return true;
    }
    const bool wanted = node->extent_.end > extent.begin && !(kFresh && node->called_back_);
    return (!wanted || visit(*node)) && visit_if<kReach, kFresh>(node->right_, extent, visit);
  }

  template <typename Visit>
  static bool visit_covering(ExtentNode* node, sim::Extent extent, Visit& visit) {
    if (node == nullptr || node->max_fresh_end_ < extent.end) {
      return true;
    }
    if (!visit_covering(node->left_, extent, visit)) {
      return false;
    }
    if (node->extent_.begin > extent.begin) {
      return true;
    }
    const bool wanted = node->extent_.end >= extent.end && !node->called_back_;
    return (!wanted || visit(*node)) && visit_covering(node->right_, extent, visit);
  }

  template <typename Visit>
  static bool visit_descending(ExtentNode* node, sim::Bytes offset, Visit& visit) {
    if (node == nullptr || node->max_end_ <= offset) {
      return true;
    }
    return visit_descending(node->right_, offset, visit) &&
           (node->extent_.end <= offset || visit(*node)) &&
           visit_descending(node->left_, offset, visit);
  }

  ExtentNode* root_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace cachemodel
