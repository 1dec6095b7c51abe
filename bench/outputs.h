// Where `stripelab run` writes its result: --out FORMAT=PATH, any number of times.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "reports/writers.h"
#include "sim/status.h"

namespace bench {

struct Output {
  std::string format;  // of reports::writers()
  std::string path;    // "-": the standard output
  bool operator==(const Output&) const = default;
};

// Reads the arguments of --out; none is "text=-". Paths are made the user's. Refuses formats that
// are not known and a file named twice.
sim::Result<std::vector<Output>> parse_outputs(const std::vector<std::string>& arguments);

// Whether every file can be written. Leaves the files there are as they are, and makes none.
sim::Status check_outputs(const std::vector<Output>& outputs);

// Writes `sweep` everywhere, also after one has failed; the error names all that did.
sim::Status write_outputs(const reports::SweepResult& sweep, const reports::WriteOptions& options,
                          const std::vector<Output>& outputs, std::ostream& standard);

}  // namespace bench
