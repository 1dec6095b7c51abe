// For tests of memory: a binary that calls this has a general allocator that counts.
#pragma once

#include <cstddef>

namespace sim {

// Calls of operator new so far, of the whole process. Binaries that use it have one thread.
std::size_t allocations();

}  // namespace sim
