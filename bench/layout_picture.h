// A layout in characters: which OST holds which part of the file.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "stripe/layout/layout.h"

namespace bench {

// The first rows of a component's stripes: a column per OST, in each cell the file offset at which
// its chunk begins ("." where the component has none). Wide components show their first eight
// stripes. Lines end in "\n".
std::string draw_component(const stripe::Component& component);

// Bytes in hexadecimal, 16 per line behind the offset of the line.
std::string draw_bytes(std::span<const std::byte> bytes);

}  // namespace bench
