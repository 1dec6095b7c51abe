#include "stripe/layout/gather.h"

#include <algorithm>
#include <cstring>

namespace stripe {
namespace {

// The part of `file` (which begins at `file_begin`) that holds [begin, begin + length).
template <typename Byte>
std::span<Byte> part_of(std::span<Byte> file, sim::Bytes file_begin, sim::Bytes begin,
                        sim::Bytes length) {
  sim::check(begin >= file_begin && begin - file_begin <= file.size() &&
                 length <= file.size() - (begin - file_begin),
             "the buffer covers every piece of the plan");
  return file.subspan(begin - file_begin, length);
}

// The file offset of the first byte of `request` behind `transferred` bytes of payload, or EOF.
sim::Bytes first_failed(const SplitPlan& plan, const SubRequest& request, sim::Bytes transferred) {
  sim::Bytes first = sim::kEof;
  for (const Piece& piece : plan.pieces_of(request)) {
    if (transferred < piece.payload_offset + piece.length) {
      const sim::Bytes done = std::max(transferred, piece.payload_offset) - piece.payload_offset;
      first = std::min(first, piece.file_offset + done);
    }
  }
  return first;
}

}  // namespace

void gather(const SplitPlan& plan, const SubRequest& request, std::span<const std::byte> payload,
            sim::Bytes file_begin, std::span<std::byte> file) {
  for (const Piece& piece : plan.pieces_of(request)) {
    const std::span<std::byte> to = part_of(file, file_begin, piece.file_offset, piece.length);
    const sim::Bytes there =
        payload.size() > piece.payload_offset
            ? std::min<sim::Bytes>(payload.size() - piece.payload_offset, piece.length)
            : 0;
    if (there > 0) {
      std::memcpy(to.data(), payload.data() + piece.payload_offset, there);
    }
    std::fill(to.begin() + static_cast<std::ptrdiff_t>(there), to.end(), std::byte{0});
  }
}

void gather_missing(const SplitPlan& plan, sim::Bytes file_begin, std::span<std::byte> file) {
  for (const Missing& hole : plan.missing) {
    const std::span<std::byte> to = part_of(file, file_begin, hole.file.begin, hole.file.size());
    std::fill(to.begin(), to.end(), std::byte{0});
  }
}

void scatter(const SplitPlan& plan, const SubRequest& request, sim::Bytes file_begin,
             std::span<const std::byte> file, std::span<std::byte> payload) {
  sim::check(payload.size() == request.payload, "the payload buffer has the request's size");
  for (const Piece& piece : plan.pieces_of(request)) {
    const auto from = part_of(file, file_begin, piece.file_offset, piece.length);
    std::memcpy(payload.data() + piece.payload_offset, from.data(), from.size());
  }
}

sim::Bytes bytes_before_failure(const SplitPlan& plan, std::span<const sim::Bytes> transferred) {
  sim::check(transferred.size() == plan.requests.size(), "one result per request");
  sim::Bytes failed = sim::kEof;
  for (std::size_t i = 0; i < plan.requests.size(); ++i) {
    failed = std::min(failed, first_failed(plan, plan.requests[i], transferred[i]));
  }
  const auto below = [failed](sim::Extent e) { return e.intersect({0, failed}).size(); };
  sim::Bytes bytes = 0;
  for (const Piece& piece : plan.pieces) {
    bytes += below({piece.file_offset, piece.file_offset + piece.length});
  }
  for (const Missing& hole : plan.missing) {
    bytes += below(hole.file);
  }
  return bytes;
}

}  // namespace stripe
