// What Lustre accepts in a layout, each limit with a check whose message says what would be right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sim/status.h"
#include "sim/units.h"

namespace stripe {

// Stripe sizes and component boundaries are multiples of this (Lustre: 2^16 bytes).
inline constexpr sim::Bytes kStripeUnit = 64 * sim::kKiB;
// The largest multiple of kStripeUnit below 4 GiB: the size is 32 bits wide in a layout.
inline constexpr sim::Bytes kMaxStripeSize = 4 * sim::kGiB - kStripeUnit;
// Stripes of one component (Lustre with large extended attributes).
inline constexpr std::uint32_t kMaxStripeCount = 2000;
// Mirrors of one file (Lustre 2.17).
inline constexpr std::size_t kMaxMirrors = 16;
// Characters of a pool name; the field has one more for a NUL.
inline constexpr std::size_t kMaxPoolName = 15;
// OST indices are 16 bits wide where a layout is asked for, and 0xFFFF there is "any".
inline constexpr std::uint32_t kMaxOstIndex = 0xFFFE;
// Overstriping factor of "all OSTs": 1..32 stripes on each.
inline constexpr std::uint32_t kMaxOverstripeFactor = 32;
// Defaults of a file system nobody tuned: one stripe of 4 MiB (Lustre 2.17; 1 MiB through 2.15).
inline constexpr std::uint32_t kDefaultStripeCount = 1;
inline constexpr sim::Bytes kDefaultStripeSize = 4 * sim::kMiB;
// Largest Data-on-MDT component an untuned MDT allows (lod.*.dom_stripesize, Lustre 2.17: 1 MiB).
inline constexpr sim::Bytes kDefaultDomLimit = sim::kMiB;

// A multiple of 64 KiB from 64 KiB to below 4 GiB.
sim::Status check_stripe_size(sim::Bytes size);

// 1 to 2000.
sim::Status check_stripe_count(std::uint64_t count);

// A multiple of 64 KiB above 0, or EOF.
sim::Status check_component_end(sim::Bytes end);

// 1 to 15 visible ASCII characters.
sim::Status check_pool_name(std::string_view name);

}  // namespace stripe
