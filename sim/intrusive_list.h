// A doubly linked list whose links stand in the elements: no allocation, O(1) removal, and an
// element that is destroyed leaves by itself.
#pragma once

#include <cstddef>
#include <iterator>

namespace sim {

struct ListNode {
  ListNode() = default;
  ListNode(const ListNode&) = delete;
  ListNode& operator=(const ListNode&) = delete;
  ~ListNode() { unlink(); }

  bool linked() const { return next_ != nullptr; }
  void unlink() {
    if (linked()) {
      prev_->next_ = next_;
      next_->prev_ = prev_;
      prev_ = next_ = nullptr;
    }
  }

 private:
  template <typename T>
  friend class IntrusiveList;
  ListNode* prev_ = nullptr;
  ListNode* next_ = nullptr;
};

// T derives from ListNode. The list owns nothing; elements still in it when it dies are unlinked.
template <typename T>
class IntrusiveList {
 public:
  IntrusiveList() { head_.prev_ = head_.next_ = &head_; }
  ~IntrusiveList() {
    while (!empty()) {
      head_.next_->unlink();
    }
    head_.prev_ = head_.next_ = nullptr;
  }
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;

  bool empty() const { return head_.next_ == &head_; }
  T& front() { return static_cast<T&>(*head_.next_); }
  void push_back(T& element) { insert_before(head_, element); }
  void push_front(T& element) {
    static_cast<ListNode&>(element).unlink();  // first: it may itself be the front
    insert_before(*head_.next_, element);
  }
  T& pop_front() {
    T& element = front();
    static_cast<ListNode&>(element).unlink();
    return element;
  }
  // O(n); for reports and tests.
  std::size_t size() const {
    std::size_t n = 0;
    for (const ListNode* p = head_.next_; p != &head_; p = p->next_) {
      ++n;
    }
    return n;
  }
  // Calls `visit(T&)` for every element in order; `visit` must not change the list.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (ListNode* p = head_.next_; p != &head_; p = p->next_) {
      visit(static_cast<T&>(*p));
    }
  }

 private:
  static void insert_before(ListNode& position, ListNode& element) {
    element.unlink();
    element.prev_ = position.prev_;
    element.next_ = &position;
    position.prev_->next_ = &element;
    position.prev_ = &element;
  }
  ListNode head_;
};

}  // namespace sim
