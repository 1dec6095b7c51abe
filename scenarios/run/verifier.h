// Whether what was read is something that was written there.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <vector>

#include "scenarios/run/recorder.h"
#include "transport/payload.h"

namespace scenarios {

// Knows every write that was issued. Verifying a word asks whether it is some write issued to that
// place, or zeros; which write would be the right one is another question.
class Verifier {
 public:
  void issued(std::uint64_t file, sim::Extent range, transport::Stamp stamp);
  // `data` was read from `file` at `offset`. `expected` bytes had been asked for.
  VerifyCount check(std::uint64_t file, sim::Bytes offset, const transport::Payload& data) const;

 private:
  struct Write {
    std::uint64_t file;
    sim::Extent range;
  };
  bool was_issued(const transport::ContentRun& run, std::uint64_t file, sim::Bytes offset) const;
  boost::unordered_flat_map<std::uint64_t, Write> writes_;  // by stamp; looked up only
};

}  // namespace scenarios
