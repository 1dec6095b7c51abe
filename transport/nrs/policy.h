// Network request schedulers: in which order waiting requests get a thread.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "transport/request.h"

namespace transport {

// Holds the requests that wait for a thread. push takes over the request; pop hands it out, null
// when there is none. Every request pushed is popped exactly once, whatever the order.
class NrsPolicy {
 public:
  virtual ~NrsPolicy() = default;
  virtual void push(std::unique_ptr<Request> request) = 0;
  virtual std::unique_ptr<Request> pop() = 0;
  virtual std::size_t size() const = 0;
};

// Order of arrival (Lustre's default).
std::unique_ptr<NrsPolicy> make_fifo();
// Object round robin: objects take turns, each for up to 256 requests sorted by offset (Lustre:
// ORR, nrs_orr_quantum 256).
std::unique_ptr<NrsPolicy> make_orr();

struct NrsEntry {
  std::string_view name;
  std::unique_ptr<NrsPolicy> (*make)();
};
// The policies a scenario may name.
std::span<const NrsEntry> nrs_policies();
// Null for an unknown name.
std::unique_ptr<NrsPolicy> make_nrs(std::string_view name);

}  // namespace transport
