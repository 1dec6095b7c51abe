// Small helpers for reading text that nobody vouches for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::scan {

// Whole text as a decimal number, digits only; nothing when it is anything else or too large.
std::optional<std::uint64_t> unsigned_number(std::string_view text);
// The same with an optional leading minus.
std::optional<std::int64_t> signed_number(std::string_view text);

// Without spaces, tabs and carriage returns at both ends.
std::string_view trim(std::string_view text);

// Words between spaces and tabs.
std::vector<std::string_view> words(std::string_view text);

// If `text` starts with `prefix`, drops it and returns true.
bool consume(std::string_view& text, std::string_view prefix);

// ASCII letters compared without case.
bool same_word(std::string_view a, std::string_view b);

// True when `text` holds a byte below 0x20 or 0x7f: such a name would break lines of output.
bool has_control(std::string_view text);

// For messages: in double quotes, control bytes escaped, shortened past 60 characters.
std::string in_quotes(std::string_view text);

// " (did you mean X?)" for the known word nearest to `word`, or nothing when none is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> known);

}  // namespace scenarios::scan
