// What a sharing workload may ask for.
#pragma once

#include <span>

#include "scenarios/workload/sharing/member.h"
#include "sim/status.h"

namespace scenarios {

// Whether every parameter that is not left alone acts, and all fit the pattern.
sim::Status check_sharing(const SharingSpec& spec);
// Whether the group agrees with another one of its set.
sim::Status check_agreement(const SharingSpec& spec, const SharingSpec& other);
// Whether the set has the members its pattern needs, and is of a size that can be run.
sim::Status check_members(const SharingSpec& spec, const SharingSet& set);

}  // namespace scenarios
