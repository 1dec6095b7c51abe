// A history as bytes, so that processes and hosts can hand theirs to whoever merges them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "cachemodel/history/history.h"

namespace cachemodel {

// Little-endian, fixed-size records: "SLHIST01", then for each kind of event a count of 8 bytes and
// so many records.
std::vector<std::byte> encode_history(const History& history);

// Reads what encode_history wrote. Refuses anything else, naming the byte, and whatever validate()
// refuses; reserves no more memory than a few times the size of the bytes.
sim::Result<History> decode_history(std::span<const std::byte> bytes);

}  // namespace cachemodel
