// Questions a line from a stream, answers a line: what the query commands have in common.
#pragma once

#include <cstddef>
#include <istream>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "sim/status.h"
#include "sim/units.h"

namespace bench {

// The words of a line between blanks; they point into it.
std::vector<std::string_view> split_words(std::string_view line);

// A whole number, 0 to 2^64-1, in decimal digits.
sim::Result<sim::Bytes> parse_number(std::string_view word);

using LineAnswer = sim::Result<std::string> (*)(std::string_view line);

// What to print for `line`: the answer, or "error: ...", also if it is longer than `max_line`
// characters.
std::string answer_line(std::string_view line, std::size_t max_line, LineAnswer answer);

// Prints that for each line of `in`, written out whenever no further line is waiting. Keeps no more
// than `max_line` + 1 characters of a line. Returns the exit code, 0: a bad line is answered, and
// does not end the dialogue.
int answer_lines(std::istream& in, std::ostream& out, std::size_t max_line, LineAnswer answer);

}  // namespace bench
