// A command line split into words as a shell would, without running anything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/status.h"

namespace scenarios {

// Splits `line` as a POSIX shell would: blanks, 'single' and "double" quotes, backslashes, a `#`
// comment, a backslash before a line's end, $((arithmetic)) with numbers. Refused by name, because
// only the shell that ran the line knows the answer: $(commands), `commands`, arithmetic with
// variables, pipes, redirections and chains. A $VARIABLE stays as written: it can only matter
// inside a file name.
sim::Result<std::vector<std::string>> split_shell_words(std::string_view line);

}  // namespace scenarios
