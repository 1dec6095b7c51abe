#include <deque>
#include <map>
#include <tuple>

#include "transport/nrs/policy.h"

namespace transport {
namespace {

constexpr std::uint32_t kQuantum = 256;

// Each object's waiting requests, by offset and then by arrival; the objects in a ring.
class Orr final : public NrsPolicy {
 public:
  void push(std::unique_ptr<Request> request) override {
    const NrsKey key = request->key;
    Queue& queue = objects_[key.object];
    if (queue.requests.empty()) {
      ring_.push_back(key.object);
      queue.served = 0;
    }
    queue.requests.emplace(std::tuple(key.offset, arrivals_++), std::move(request));
    ++size_;
  }

  std::unique_ptr<Request> pop() override {
    if (ring_.empty()) {
      return nullptr;
    }
    const auto object = objects_.find(ring_.front());
    Queue& queue = object->second;
    auto first = queue.requests.begin();
    std::unique_ptr<Request> request = std::move(first->second);
    queue.requests.erase(first);
    --size_;
    if (queue.requests.empty()) {
      ring_.pop_front();
      objects_.erase(object);
    } else if (++queue.served == kQuantum) {
      queue.served = 0;
      ring_.push_back(ring_.front());
      ring_.pop_front();
    }
    return request;
  }
  std::size_t size() const override { return size_; }

 private:
  struct Queue {
    std::map<std::tuple<sim::Bytes, std::uint64_t>, std::unique_ptr<Request>> requests;
    std::uint32_t served = 0;
  };
  std::map<std::uint64_t, Queue> objects_;
  std::deque<std::uint64_t> ring_;
  std::uint64_t arrivals_ = 0;
  std::size_t size_ = 0;
};

}  // namespace

std::unique_ptr<NrsPolicy> make_orr() { return std::make_unique<Orr>(); }

}  // namespace transport
