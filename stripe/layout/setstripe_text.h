// The small texts inside an `lfs setstripe` option string.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/status.h"
#include "sim/units.h"

namespace stripe {

// Words between blanks; single or double quotes keep blanks together, and '' is an empty word.
// Refuses a quote that never ends.
sim::Result<std::vector<std::string>> split_words(std::string_view text);

// "1M": a whole number with k, m, g, t or p (powers of 1024, either case) or, bare, in bytes.
// `what` names the quantity in messages.
sim::Result<sim::Bytes> parse_lfs_size(std::string_view text, std::string_view what);
// The same with the largest suffix that is exact.
std::string print_lfs_size(sim::Bytes size);

// A whole decimal number between `lowest` and `highest`.
sim::Result<std::int64_t> parse_lfs_number(std::string_view text, std::string_view what,
                                           std::int64_t lowest, std::int64_t highest);

// "0-3,7": OST indices and ascending ranges of them, decimal or 0x hexadecimal, at most 2000.
sim::Result<std::vector<std::uint32_t>> parse_ost_list(std::string_view text);
std::string print_ost_list(const std::vector<std::uint32_t>& osts);

}  // namespace stripe
