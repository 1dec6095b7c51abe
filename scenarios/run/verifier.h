// Whether what was read is something that was written there.
#pragma once

#include <boost/icl/interval_map.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "scenarios/run/recorder.h"
#include "transport/payload.h"

namespace scenarios {

// Knows every write that was issued and what was acknowledged when. A word is good if it is some
// write issued to its place, or zeros where no write had been acknowledged before the read began;
// which of several writes would be the right one is another question. A word in which writes meet
// may name nobody; any other word that does is bad.
class Verifier {
 public:
  void issued(std::uint64_t file, sim::Extent range, transport::Stamp stamp);
  // The application was told that `range` is written: from now on it does not read as zeros.
  void acknowledged(std::uint64_t file, sim::Extent range);
  // What lies at and beyond `size` was cut off and may read as zeros again.
  void truncated(std::uint64_t file, sim::Bytes size);

  // Names the present moment, for a read that begins now.
  std::uint64_t moment() const { return acknowledged_; }
  // `data` was read from `file` at `offset`, by a read that began at `began`.
  VerifyCount check(std::uint64_t file, sim::Bytes offset, const transport::Payload& data,
                    std::uint64_t began) const;
  // The read found the file's end before `range`. Bad is what had been acknowledged there; of the
  // rest nothing was read, and nothing is counted.
  VerifyCount check_absent(std::uint64_t file, sim::Extent range, std::uint64_t began) const;

 private:
  struct Write {
    std::uint64_t file;
    sim::Extent range;
  };
  using Acknowledged = boost::icl::interval_map<sim::Bytes, std::uint64_t>;  // by which moment

  bool was_issued(const transport::ContentRun& run, std::uint64_t file, sim::Bytes offset) const;
  std::uint64_t torn(std::uint64_t file, sim::Extent range) const;
  std::uint64_t zeros_amiss(std::uint64_t file, sim::Extent range, std::uint64_t began) const;

  boost::unordered_flat_map<std::uint64_t, Write> writes_;        // by stamp; looked up only
  boost::unordered_flat_map<std::uint64_t, Acknowledged> known_;  // by file; looked up only
  // By file, words inside which a write begins or ends; looked up only.
  boost::unordered_flat_map<std::uint64_t, boost::unordered_flat_set<sim::Bytes>> torn_;
  std::uint64_t acknowledged_ = 0;
};

}  // namespace scenarios
