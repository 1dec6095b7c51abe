// The Lustre lines of a DXT dump's records, and what they amount to for `lfs setstripe`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/workload/dxt_log.h"
#include "sim/status.h"

namespace scenarios {

// Splits `text` at the first `separator` into its two sides; false when it is not there.
bool split_pair(std::string_view text, std::string_view separator, std::string_view& left,
                std::string_view& right);

// " 106 107": OST indices, at most 2000 (LOV_MAX_STRIPE_COUNT), each below 65536.
sim::Result<std::vector<std::uint32_t>> parse_dxt_osts(std::string_view text);

// "1] stripe_ext: 0 - EOF, stripe_size: 1048576, stripe_count: 1, OSTs: 106", as from 3.4.6 on.
sim::Result<DxtComponent> parse_dxt_component(std::string_view text);

// "1048576, Lustre stripe_count: 1", as up to 3.3.1. `size` is 0 when the file's layout was none
// that this dialect can say.
struct DxtPlainLayout {
  sim::Bytes size = 0;
  std::uint64_t count = 0;
};
sim::Result<DxtPlainLayout> parse_dxt_plain_layout(std::string_view text);

// The options that make a file of this layout: "-c 2 -S 1048576", or one -E ... per component with
// "-L mdt" where data lies on the MDT. Empty for no layout. The recorded OSTs are not asked for:
// they name another file system's.
std::string dxt_setstripe(std::span<const DxtComponent> layout);

// The OSTs of all components in order.
std::vector<std::uint32_t> dxt_osts(std::span<const DxtComponent> layout);

}  // namespace scenarios
