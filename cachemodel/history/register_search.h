// Whether a register can have done what was seen of it, by trying every order. For tests.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace cachemodel {

// A write sets the register, which begins at 0; a read shows it. A write that returns at kNever
// may also never happen.
struct RegisterCall {
  std::int64_t invoked = 0;
  std::int64_t returned = 0;
  bool write = false;
  std::uint64_t value = 0;
};

// At most 64 calls. Calls that do not overlap keep their order; touching ends overlap.
bool some_order_explains(const std::vector<RegisterCall>& calls);

}  // namespace cachemodel
