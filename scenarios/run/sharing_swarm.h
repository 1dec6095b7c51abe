// Small scenarios of clients that share files, drawn from a seed: for what must hold in any of
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace scenarios {

// Policies under which no read may be stale while nothing fails: extent locks; and split, if all
// I/O is redirected, or all is cached at the metadata share.
enum class SwarmPolicy : std::uint8_t { ldlm, split_redirected, split_cached };

// A scenario file: every pattern, layouts, caches of any size, one group or two, all of them under
// `policy`.
std::string sharing_swarm_scenario(std::uint64_t seed, SwarmPolicy policy = SwarmPolicy::ldlm);

}  // namespace scenarios
