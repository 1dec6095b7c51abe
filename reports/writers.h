// Every format a result can be written in, in one table.
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "reports/result.h"
#include "sim/status.h"

namespace reports {

// `what` is one line for --help.
struct Writer {
  std::string_view format;
  std::string_view what;
  sim::Status (*write)(const Result&, std::ostream&);
};

// The table, in the order --help shows it. Valid for the life of the program.
std::span<const Writer> writers();

// Writes `result` as `format`. invalid_argument names the known formats; io_error: the stream
// failed.
sim::Status write(const Result& result, std::string_view format, std::ostream& out);

}  // namespace reports
