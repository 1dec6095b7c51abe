#include "stripe/layout/raid0.h"

#include <fmt/core.h>

#include <algorithm>

namespace stripe {
namespace {

using Wide = unsigned __int128;

// The file offset of byte `object_offset` of stripe `index`, in arithmetic that cannot overflow.
Wide wide_unmap(const Raid0& g, std::uint32_t index, sim::Bytes object_offset) {
  return Wide{object_offset / g.stripe_size} * g.width() + Wide{index} * g.stripe_size +
         object_offset % g.stripe_size;
}

sim::Error past_end(std::string_view what, sim::Bytes value, std::uint32_t index) {
  return {sim::Errc::too_large,
          fmt::format("{} {} of stripe {} lies past the largest file offset, 2^64-1", what, value,
                      index)};
}

void check_index(const Raid0& g, std::uint32_t index) {
  sim::check(index < g.stripe_count, "stripe index below the stripe count");
}

}  // namespace

sim::Result<sim::Bytes> Raid0::unmap(std::uint32_t index, sim::Bytes object_offset) const {
  check_index(*this, index);
  if (object_offset == sim::kEof) {
    return sim::kEof;
  }
  const Wide file_offset = wide_unmap(*this, index, object_offset);
  if (file_offset >= sim::kEof) {
    return past_end("object offset", object_offset, index);
  }
  return static_cast<sim::Bytes>(file_offset);
}

sim::Result<sim::Bytes> Raid0::object_size_to_file_size(std::uint32_t index,
                                                        sim::Bytes object_size) const {
  check_index(*this, index);
  if (object_size == 0) {
    return sim::Bytes{0};
  }
  const Wide file_size = wide_unmap(*this, index, object_size - 1) + 1;
  if (file_size > sim::kEof) {
    return past_end("object size", object_size, index);
  }
  return static_cast<sim::Bytes>(file_size);
}

sim::Bytes Raid0::file_size_to_object_size(std::uint32_t index, sim::Bytes file_size) const {
  check_index(*this, index);
  if (file_size == sim::kEof) {
    return sim::kEof;
  }
  const sim::Bytes chunk_begin = sim::Bytes{index} * stripe_size;
  const sim::Bytes in_row = file_size % width();
  const sim::Bytes in_chunk =
      in_row <= chunk_begin ? 0 : std::min(in_row - chunk_begin, stripe_size);
  return file_size / width() * stripe_size + in_chunk;
}

std::optional<ObjectRange> Raid0::intersects(std::uint32_t index, sim::Extent range) const {
  if (range.empty()) {
    return std::nullopt;
  }
  const sim::Bytes first = file_size_to_object_size(index, range.begin);
  const sim::Bytes end = file_size_to_object_size(index, range.end);
  if (end <= first) {
    return std::nullopt;
  }
  return ObjectRange{first, end == sim::kEof ? sim::kEof : end - 1};
}

}  // namespace stripe
