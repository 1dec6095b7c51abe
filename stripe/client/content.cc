#include "stripe/client/content.h"

#include <algorithm>
#include <array>
#include <boost/endian/conversion.hpp>
#include <cstring>

namespace stripe {
namespace {

using transport::ContentRun;
using transport::Payload;
using transport::Stamp;

// The bytes of one file from `offset` on, as they arrived.
struct Arrived {
  std::span<const std::byte> bytes;
  std::uint64_t file;
  sim::Bytes offset;

  sim::Bytes end() const { return offset + bytes.size(); }
  // The stamp of the whole word at `at`, which must lie inside.
  Stamp word(sim::Bytes at) const {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + (at - offset), 8);
    return transport::stamp_of_word(file, at, boost::endian::little_to_native(value));
  }
  // How many bytes from `at` on, up to `limit`, are those of `stamp`.
  sim::Bytes match(sim::Bytes at, sim::Bytes limit, Stamp stamp) const {
    std::array<std::byte, 8> expected;
    const sim::Bytes base = at / 8 * 8;
    transport::fill_content({file, base, 8, stamp}, expected);
    sim::Bytes n = 0;
    while (at + n < limit && bytes[at + n - offset] == expected[at + n - base]) {
      ++n;
    }
    return n;
  }
};

// Stamps are few and dense; a random 64-bit value almost surely is none. Sequence numbers beyond
// 2^36 or clients beyond 2^20 are taken for garbage.
bool plausible(Stamp stamp) {
  return stamp.value == 0 ||
         (stamp.client() < (1u << 20) && stamp.sequence() > 0 && stamp.sequence() < (1ull << 36));
}

class Decoder {
 public:
  Decoder(const Arrived& in, Payload& out) : in_(in), out_(out) {}

  void run() {
    sim::Bytes at = in_.offset;
    while (at < in_.end()) {
      const sim::Bytes word_end = std::min(at / 8 * 8 + 8, in_.end());
      if (at % 8 == 0 && word_end - at == 8 && plausible(in_.word(at))) {
        emit(at, word_end, in_.word(at));
      } else {
        mixed(at, word_end);
      }
      at = word_end;
    }
    flush();
  }

 private:
  // A word cut by the ends of the data, or in which writes meet: its bytes belong to the stamp
  // before it, the stamp behind it, or nobody (zeros).
  void mixed(sim::Bytes at, sim::Bytes end) {
    const std::array candidates = {last_, following(end), Stamp{}};
    while (at < end) {
      sim::Bytes best = 0;
      Stamp stamp = kUndecodable;
      for (const Stamp candidate : candidates) {
        const sim::Bytes n = candidate == kUndecodable ? 0 : in_.match(at, end, candidate);
        if (n > best) {
          best = n;
          stamp = candidate;
        }
      }
      best = best == 0 ? 1 : best;
      emit(at, at + best, stamp);
      at += best;
    }
  }

  Stamp following(sim::Bytes at) const {
    const bool whole = at % 8 == 0 && at + 8 <= in_.end();
    return whole && plausible(in_.word(at)) ? in_.word(at) : kUndecodable;
  }

  void emit(sim::Bytes begin, sim::Bytes end, Stamp stamp) {
    if (run_.length > 0 && run_.stamp == stamp) {
      run_.length += end - begin;
    } else {
      flush();
      run_ = {stamp.value == 0 ? 0 : in_.file, stamp.value == 0 ? 0 : begin, end - begin, stamp};
    }
    last_ = stamp;
  }
  void flush() {
    if (run_.length > 0) {
      out_.append(Payload(run_));
      run_.length = 0;
    }
  }

  const Arrived& in_;
  Payload& out_;
  ContentRun run_;
  Stamp last_ = kUndecodable;
};

}  // namespace

void append_content(Payload& out, const Payload& data, sim::Bytes begin, sim::Bytes end,
                    std::uint64_t file, sim::Bytes file_offset) {
  if (begin >= end) {
    return;
  }
  if (!data.has_bytes()) {
    out.append(data.slice(begin, end));
    return;
  }
  const Arrived in{data.bytes().subspan(begin, end - begin), file, file_offset};
  Decoder(in, out).run();
}

}  // namespace stripe
