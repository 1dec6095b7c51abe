// Every format results can be written in, in one table.
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "reports/sweep.h"
#include "sim/status.h"

namespace reports {

struct WriteOptions {
  bool full = false;  // text: each variant's own report as well
};

// `what` is one line for --help.
struct Writer {
  std::string_view format;
  std::string_view what;
  sim::Status (*write)(const SweepResult&, const WriteOptions&, std::ostream&);
  bool appends = false;  // to what is in a file, which other formats replace
};

// The table, in the order --help shows it. Valid for the life of the program.
std::span<const Writer> writers();

// The writer of `format`, or null.
const Writer* find_writer(std::string_view format);

// Writes `sweep` as `format`. invalid_argument names the known formats; io_error: the stream
// failed.
sim::Status write(const SweepResult& sweep, std::string_view format, const WriteOptions& options,
                  std::ostream& out);
// The same for one run on its own.
sim::Status write(const Result& result, std::string_view format, std::ostream& out);

}  // namespace reports
