// The contents of files as they travel: descriptions of who wrote what, or the bytes themselves.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "sim/frame_pool.h"
#include "sim/units.h"

namespace transport {

// Names one write: which client issued it and its number there (from 1). Zero: nobody wrote here,
// the bytes are zeros.
struct Stamp {
  std::uint64_t value = 0;
  static constexpr int kSequenceBits = 40;
  static constexpr Stamp make(std::uint32_t client, std::uint64_t sequence) {
    return {(std::uint64_t{client} << kSequenceBits) | sequence};
  }
  constexpr std::uint32_t client() const {
    return static_cast<std::uint32_t>(value >> kSequenceBits);
  }
  constexpr std::uint64_t sequence() const {
    return value & ((std::uint64_t{1} << kSequenceBits) - 1);
  }
  constexpr auto operator<=>(const Stamp&) const = default;
};

// `length` bytes of `file` from `offset` on, as the write `stamp` left them.
struct ContentRun {
  std::uint64_t file = 0;
  sim::Bytes offset = 0;
  sim::Bytes length = 0;
  Stamp stamp;
  bool operator==(const ContentRun&) const = default;
};

// The 8 bytes at `offset` (a multiple of 8) of `file` after `stamp` wrote them: a bijection of the
// stamp for every place, so that a word read back names its writer and a misplaced word names
// nobody.
std::uint64_t content_word(std::uint64_t file, sim::Bytes offset, Stamp stamp);
Stamp stamp_of_word(std::uint64_t file, sim::Bytes offset, std::uint64_t word);

// A contiguous piece of content of a known size, in one of two forms: runs (no memory per byte;
// what modelled worlds carry) or bytes (what sockets carry). Move-only. All operations work on
// either form and keep it; joining different forms turns the whole into bytes.
class Payload {
 public:
  Payload() = default;
  // Content of one write.
  explicit Payload(ContentRun run);
  // Takes the bytes. `size` bytes stand at `bytes`.
  Payload(std::unique_ptr<std::byte[]> bytes, sim::Bytes size)
      : size_(size), bytes_(std::move(bytes)) {}
  // `size` zero bytes (a hole) as a run.
  static Payload zeros(sim::Bytes size);
  // `size` bytes of which only the number is known: what a store without contents answers.
  static Payload unknown(sim::Bytes size);

  Payload(Payload&&) = default;
  Payload& operator=(Payload&&) = default;
  Payload clone() const;

  sim::Bytes size() const { return size_; }
  bool has_bytes() const { return bytes_ != nullptr; }
  bool has_content() const { return has_bytes() || runs_ != nullptr; }
  std::span<const ContentRun> runs() const {
    return runs_ == nullptr ? std::span<const ContentRun>()
                            : std::span(runs_->data(), runs_->size());
  }
  std::span<const std::byte> bytes() const { return {bytes_.get(), has_bytes() ? size_ : 0}; }
  std::span<std::byte> mutable_bytes() { return {bytes_.get(), has_bytes() ? size_ : 0}; }

  // The part [begin, end), which must lie inside.
  Payload slice(sim::Bytes begin, sim::Bytes end) const;
  void append(Payload tail);
  // Cuts off what lies behind `size`, which is at most size().
  void truncate(sim::Bytes size);
  // Turns runs into the bytes they describe. Does nothing to bytes; unknown content becomes zeros.
  void materialize();

 private:
  // Apart, because a request on its way holds several payloads, and most are empty.
  struct Runs : boost::container::small_vector<ContentRun, 1>, sim::Pooled {};
  void add(const ContentRun& run);

  sim::Bytes size_ = 0;
  std::unique_ptr<Runs> runs_;  // null, or with one at least
  std::unique_ptr<std::byte[]> bytes_;
};

// Writes the bytes that `run` describes to `out`, which is run.length long.
void fill_content(const ContentRun& run, std::span<std::byte> out);

}  // namespace transport
