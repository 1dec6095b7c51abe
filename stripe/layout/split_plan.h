// The result of splitting file extents over a layout: requests, each with the ranges it transfers
// and the pieces of the file those bytes are. A plan is filled again and again by the same caller,
// so it keeps its memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/units.h"
#include "stripe/layout/layout.h"

namespace stripe {

// SubRequest::target and ost_index of data on the MDT.
inline constexpr std::uint32_t kMdtTarget = 0xFFFFFFFF;
// Missing::component of a range that no component covers.
inline constexpr std::uint32_t kNoComponent = 0xFFFFFFFF;

// Bytes that are contiguous in the file and in the object.
struct Piece {
  sim::Bytes object_offset = 0;
  sim::Bytes file_offset = 0;
  sim::Bytes length = 0;
  sim::Bytes payload_offset = 0;  // where in the request's payload they stand
  bool operator==(const Piece&) const = default;
};

// One range a request asks its target for; offsets count in the plan's address space. A payload is
// the ranges of its request, one behind the other.
struct WireRange {
  sim::Bytes offset = 0;
  sim::Bytes length = 0;
  bool operator==(const WireRange&) const = default;
};

// One request to one target. `component`, `stripe` and `object` are those of its first piece; in
// the object address space every piece has them.
struct SubRequest {
  std::uint32_t target = 0;  // whom to send it to: the OST, or what SplitOptions maps it to
  std::uint32_t ost_index = 0;
  std::uint32_t component = 0;  // place in Layout::components
  std::uint32_t stripe = 0;
  ObjectId object;
  std::uint32_t first_range = 0;
  std::uint32_t range_count = 0;
  std::uint32_t first_piece = 0;
  std::uint32_t piece_count = 0;
  sim::Bytes payload = 0;     // bytes transferred: the sum of the ranges
  sim::Bytes over_fetch = 0;  // bytes of the payload that nobody asked for
};

enum class MissingReason : std::uint8_t {
  not_instantiated,  // no objects yet: reads as zeros, a write needs the MDT to allocate them first
  released,          // HSM holds the data: it must be restored first
  beyond_layout      // no component covers it: reads as nothing, a write fails
};

// A part of the asked extents that no object can serve.
struct Missing {
  sim::Extent file;
  std::uint32_t component = kNoComponent;
  MissingReason reason = MissingReason::beyond_layout;
  bool operator==(const Missing&) const = default;
};

class SplitPlan {
 public:
  std::vector<SubRequest> requests;  // in order of the file offset of their first piece
  std::vector<WireRange> ranges;
  std::vector<Piece> pieces;
  std::vector<Missing> missing;  // in order of file offset

  std::span<const WireRange> ranges_of(const SubRequest& r) const {
    return std::span(ranges).subspan(r.first_range, r.range_count);
  }
  std::span<const Piece> pieces_of(const SubRequest& r) const {
    return std::span(pieces).subspan(r.first_piece, r.piece_count);
  }

  // Forgets the content, keeps the memory.
  void clear() {
    requests.clear();
    ranges.clear();
    pieces.clear();
    missing.clear();
    chunks_.clear();
  }

 private:
  friend class Splitter;

  // Bytes of one stripe before coalescing: `key` says with whom they may share a request, and
  // `address` orders them there.
  struct Chunk {
    std::uint64_t key = 0;
    sim::Bytes address = 0;
    sim::Bytes length = 0;
    sim::Bytes object_offset = 0;
    sim::Bytes file_offset = 0;
    std::uint32_t component = 0;
    std::uint32_t stripe = 0;
    std::uint32_t target = 0;
  };
  std::vector<Chunk> chunks_;
};

}  // namespace stripe
