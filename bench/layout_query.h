// Questions about striping arithmetic, one per line, as another program or a test would ask them.
#pragma once

#include <istream>
#include <ostream>
#include <string>
#include <string_view>

namespace bench {

// The answer to one question, without its line end; "error: ..." for a line that is none. Numbers
// are bytes, or counts; S is a stripe size, N a stripe count, I a stripe index:
//
//   map S N OFFSET            INDEX OBJECT_OFFSET
//   size S N I OBJECT_SIZE    the smallest file size under which the object has that size
//   objsz S N I FILE_SIZE     the object's size in a file of that size
//   isect S N I START END     0, or 1 FIRST LAST: the object's bytes in the file range [START, END)
//
// 18446744073709551615 is EOF, in answers too.
std::string answer_layout_question(std::string_view line);

// Answers each line of `in` with one line on `out`, written out whenever no further question is
// waiting. Returns the exit code, 0: a bad line is answered, and does not end the dialogue.
int layout_query(std::istream& in, std::ostream& out);

}  // namespace bench
