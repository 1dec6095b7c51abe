// "Did you mean": the known word nearest to a misspelt one.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace scenarios {

// Fewest insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`
// (optimal string alignment). Case counts.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The word of `known` nearest to `word`, the first among equals; empty when none is near enough (at
// most a third of the letters wrong, but two are always forgiven unless the word is that short).
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

// Ends a fault's sentence: "did you mean "osts"?" or "known are: a, b, c".
std::string suggest(std::string_view word, std::span<const std::string_view> known);

}  // namespace scenarios
