#include <deque>

#include "transport/nrs/policy.h"

namespace transport {
namespace {

class Fifo final : public NrsPolicy {
 public:
  void push(std::unique_ptr<Request> request) override { queue_.push_back(std::move(request)); }
  std::unique_ptr<Request> pop() override {
    if (queue_.empty()) {
      return nullptr;
    }
    std::unique_ptr<Request> request = std::move(queue_.front());
    queue_.pop_front();
    return request;
  }
  std::size_t size() const override { return queue_.size(); }

 private:
  std::deque<std::unique_ptr<Request>> queue_;
};

}  // namespace

std::unique_ptr<NrsPolicy> make_fifo() { return std::make_unique<Fifo>(); }

}  // namespace transport
