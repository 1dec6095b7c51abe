// Questions about the growth of extent locks, one per line, as another program or a test would ask
// them.
#pragma once

#include <istream>
#include <ostream>
#include <string>
#include <string_view>

namespace bench {

// The answer to one case, without its line end; "error: ..." for a line that is none. The request,
// the locks granted (G), the requests waiting (W), each at most once the range that was asked for
// if it was grown since:
//
//   REQ MODE START END CLIENT [G MODE START END]... [W MODE START END CLIENT [ASKED_START
//   ASKED_END]]...
//
// and the answer is what the request is granted, and whether that is what it asked for:
//
//   START END changed|same
//
// Ranges include their END, and 18446744073709551615 is the end of the file.
std::string answer_ldlm_extent(std::string_view line);

// Answers each line of `in` with one line on `out`, as answer_lines does. Returns the exit code, 0.
int ldlm_extent(std::istream& in, std::ostream& out);

}  // namespace bench
