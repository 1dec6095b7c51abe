#include "scenarios/run/verifier.h"

#include <algorithm>

#include "stripe/client/content.h"

namespace scenarios {
namespace {

using Range = boost::icl::interval<sim::Bytes>;

// Words a run of `length` bytes touches.
std::uint64_t words(sim::Bytes offset, sim::Bytes length) {
  return (offset + length + 7) / 8 - offset / 8;
}

}  // namespace

void Verifier::issued(std::uint64_t file, sim::Extent range, transport::Stamp stamp) {
  writes_[stamp.value] = {file, range};
  for (const sim::Bytes end : {range.begin, range.end}) {
    if (end % 8 != 0) {
      torn_[file].insert(end / 8);
    }
  }
}

void Verifier::acknowledged(std::uint64_t file, sim::Extent range) {
  ++acknowledged_;
  if (range.empty()) {
    return;
  }
  // What was written before keeps its earlier moment.
  Acknowledged& known = known_[file];
  const auto whole = Range::right_open(range.begin, range.end);
  Acknowledged fresh;
  fresh.set({whole, acknowledged_});
  const auto [first, last] = known.equal_range(whole);
  for (auto at = first; at != last; ++at) {
    fresh.erase(at->first);
  }
  for (const auto& [part, moment] : fresh) {
    known.set({part, moment});
  }
}

void Verifier::truncated(std::uint64_t file, sim::Bytes size) {
  const auto found = known_.find(file);
  if (found != known_.end()) {
    found->second.erase(Range::right_open(size, sim::kEof));
  }
}

bool Verifier::was_issued(const transport::ContentRun& run, std::uint64_t file,
                          sim::Bytes offset) const {
  if (run.file != file || run.offset != offset) {
    return false;
  }
  const auto found = writes_.find(run.stamp.value);
  return found != writes_.end() && found->second.file == file &&
         found->second.range.begin <= offset && offset + run.length <= found->second.range.end;
}

// Words of the range in which writes may have met.
std::uint64_t Verifier::torn(std::uint64_t file, sim::Extent range) const {
  const auto found = torn_.find(file);
  std::uint64_t n = 0;
  for (sim::Bytes word = range.begin / 8; found != torn_.end() && word * 8 < range.end; ++word) {
    n += found->second.contains(word) ? 1 : 0;
  }
  return n;
}

// Words of a range of zeros in which a write had been acknowledged before `began`.
std::uint64_t Verifier::zeros_amiss(std::uint64_t file, sim::Extent range,
                                    std::uint64_t began) const {
  const auto found = known_.find(file);
  if (found == known_.end()) {
    return 0;
  }
  std::uint64_t amiss = 0;
  sim::Bytes from = range.begin;  // words before it are counted
  const auto [first, last] = found->second.equal_range(Range::right_open(range.begin, range.end));
  for (auto at = first; at != last; ++at) {
    const sim::Bytes begin = std::max(from, at->first.lower());
    const sim::Bytes end = std::min(range.end, at->first.upper());
    if (at->second <= began && begin < end) {
      amiss += words(begin, end - begin);
      from = (end + 7) / 8 * 8;
    }
  }
  return amiss;
}

VerifyCount Verifier::check_absent(std::uint64_t file, sim::Extent range,
                                   std::uint64_t began) const {
  const std::uint64_t amiss = range.empty() ? 0 : zeros_amiss(file, range, began);
  return {amiss, amiss, 0};
}

VerifyCount Verifier::check(std::uint64_t file, sim::Bytes offset, const transport::Payload& data,
                            std::uint64_t began) const {
  VerifyCount count;
  for (const transport::ContentRun& run : data.runs()) {
    const std::uint64_t n = words(offset, run.length);
    if (run.stamp == stripe::kUndecodable) {
      const std::uint64_t excused = torn(file, {offset, offset + run.length});
      count.words_undecodable += excused;
      count.words_checked += n - excused;
      count.words_bad += n - excused;
    } else {
      count.words_checked += n;
      if (run.stamp.value == 0) {
        count.words_bad += zeros_amiss(file, {offset, offset + run.length}, began);
      } else {
        count.words_bad += was_issued(run, file, offset) ? 0 : n;
      }
    }
    offset += run.length;
  }
  return count;
}

}  // namespace scenarios
