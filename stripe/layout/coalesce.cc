#include "stripe/layout/coalesce.h"

#include <algorithm>

namespace stripe {
namespace {

using Rule = std::optional<Join> (*)(const OpenRequest&, sim::Bytes, const CoalesceLimits&);

std::optional<Join> join_none(const OpenRequest&, sim::Bytes, const CoalesceLimits&) {
  return std::nullopt;
}

std::optional<Join> join_adjacent(const OpenRequest& open, sim::Bytes address,
                                  const CoalesceLimits&) {
  return address == open.end && open.room > 0 ? std::optional(Join{}) : std::nullopt;
}

std::optional<Join> join_read_through(const OpenRequest& open, sim::Bytes address,
                                      const CoalesceLimits& limits) {
  const sim::Bytes gap = address - open.end;
  if (gap > limits.max_hole || gap >= open.room) {
    return std::nullopt;
  }
  return Join{gap, false};
}

std::optional<Join> join_vector(const OpenRequest& open, sim::Bytes address,
                                const CoalesceLimits& limits) {
  if (open.room == 0) {
    return std::nullopt;
  }
  if (address == open.end) {
    return Join{};
  }
  return open.ranges < limits.max_ranges ? std::optional(Join{0, true}) : std::nullopt;
}

struct Policy {
  Coalesce policy;
  std::string_view name;
  Rule rule;
};

// In the order of the enumeration.
constexpr std::array kPolicies = {
    Policy{Coalesce::none, "none", join_none},
    Policy{Coalesce::adjacent, "adjacent", join_adjacent},
    Policy{Coalesce::read_through, "read_through", join_read_through},
    Policy{Coalesce::vector, "vector", join_vector},
};

const Policy& entry(Coalesce policy) { return kPolicies.at(static_cast<std::size_t>(policy)); }

}  // namespace

std::string_view coalesce_name(Coalesce policy) { return entry(policy).name; }

std::optional<Coalesce> parse_coalesce(std::string_view name) {
  const auto found = std::find_if(kPolicies.begin(), kPolicies.end(),
                                  [name](const Policy& p) { return p.name == name; });
  return found == kPolicies.end() ? std::nullopt : std::optional(found->policy);
}

std::optional<Join> join(Coalesce policy, const OpenRequest& open, sim::Bytes address,
                         const CoalesceLimits& limits) {
  return entry(policy).rule(open, address, limits);
}

}  // namespace stripe
