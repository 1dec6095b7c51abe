#include "scenarios/run/verifier.h"

#include "stripe/client/content.h"

namespace scenarios {
namespace {
// Words a run of `length` bytes touches.
std::uint64_t words(sim::Bytes offset, sim::Bytes length) {
  return (offset + length + 7) / 8 - offset / 8;
}
}  // namespace

void Verifier::issued(std::uint64_t file, sim::Extent range, transport::Stamp stamp) {
  writes_[stamp.value] = {file, range};
}

bool Verifier::was_issued(const transport::ContentRun& run, std::uint64_t file,
                          sim::Bytes offset) const {
  if (run.stamp.value == 0) {
    return true;  // zeros: a hole, or not written yet
  }
  if (run.file != file || run.offset != offset) {
    return false;
  }
  const auto found = writes_.find(run.stamp.value);
  return found != writes_.end() && found->second.file == file &&
         found->second.range.begin <= offset && offset + run.length <= found->second.range.end;
}

VerifyCount Verifier::check(std::uint64_t file, sim::Bytes offset,
                            const transport::Payload& data) const {
  VerifyCount count;
  for (const transport::ContentRun& run : data.runs()) {
    const std::uint64_t n = words(offset, run.length);
    if (run.stamp == stripe::kUndecodable) {
      count.words_undecodable += n;
    } else {
      count.words_checked += n;
      count.words_bad += was_issued(run, file, offset) ? 0 : n;
    }
    offset += run.length;
  }
  return count;
}

}  // namespace scenarios
