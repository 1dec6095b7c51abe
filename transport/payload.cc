#include "transport/payload.h"

#include <algorithm>
#include <boost/endian/conversion.hpp>
#include <cstring>

#include "sim/status.h"

namespace transport {
namespace {

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::uint64_t place_key(std::uint64_t file, sim::Bytes offset) {
  return mix(file * 0x9E3779B97F4A7C15u + offset + 1);
}

}  // namespace

std::uint64_t content_word(std::uint64_t file, sim::Bytes offset, Stamp stamp) {
  return stamp.value == 0 ? 0 : stamp.value ^ place_key(file, offset);
}

Stamp stamp_of_word(std::uint64_t file, sim::Bytes offset, std::uint64_t word) {
  return word == 0 ? Stamp{} : Stamp{word ^ place_key(file, offset)};
}

void fill_content(const ContentRun& run, std::span<std::byte> out) {
  sim::check(out.size() == run.length, "content and its buffer differ in size");
  sim::Bytes done = 0;
  while (done < run.length) {
    const sim::Bytes at = run.offset + done;
    const sim::Bytes within = at % 8;
    const sim::Bytes n = std::min<sim::Bytes>(8 - within, run.length - done);
    const std::uint64_t word =
        boost::endian::native_to_little(content_word(run.file, at - within, run.stamp));
    std::memcpy(out.data() + done, reinterpret_cast<const std::byte*>(&word) + within, n);
    done += n;
  }
}

Payload::Payload(ContentRun run) : size_(run.length) { add(run); }

void Payload::add(const ContentRun& run) {
  if (runs_ == nullptr) {
    runs_ = std::make_unique<Runs>();
  }
  runs_->push_back(run);
}

Payload Payload::zeros(sim::Bytes size) {
  return size == 0 ? Payload() : Payload(ContentRun{0, 0, size, Stamp{}});
}

Payload Payload::unknown(sim::Bytes size) {
  Payload p;
  p.size_ = size;
  return p;
}

Payload Payload::clone() const { return slice(0, size_); }

Payload Payload::slice(sim::Bytes begin, sim::Bytes end) const {
  sim::check(begin <= end && end <= size_, "a slice lies outside its payload");
  Payload part;
  part.size_ = end - begin;
  if (has_bytes()) {
    part.bytes_ = std::make_unique_for_overwrite<std::byte[]>(part.size_);
    std::memcpy(part.bytes_.get(), bytes_.get() + begin, part.size_);
    return part;
  }
  sim::Bytes at = 0;
  for (const ContentRun& run : runs()) {
    const sim::Extent kept = sim::Extent{at, at + run.length}.intersect({begin, end});
    if (!kept.empty()) {
      part.add({run.file, run.offset + (kept.begin - at), kept.size(), run.stamp});
    }
    at += run.length;
  }
  return part;
}

void Payload::append(Payload tail) {
  if (size_ == 0) {
    *this = std::move(tail);
    return;
  }
  if (tail.size_ == 0) {
    return;
  }
  if (!has_bytes() && !tail.has_bytes() && has_content() == tail.has_content()) {
    for (const ContentRun& run : tail.runs()) {
      ContentRun& last = runs_->back();
      const bool follows = last.file == run.file && last.stamp == run.stamp &&
                           (run.stamp.value == 0 || last.offset + last.length == run.offset);
      if (follows) {
        last.length += run.length;
      } else {
        add(run);
      }
    }
    size_ += tail.size_;
    return;
  }
  materialize();
  tail.materialize();
  auto joined = std::make_unique_for_overwrite<std::byte[]>(size_ + tail.size_);
  std::memcpy(joined.get(), bytes_.get(), size_);
  std::memcpy(joined.get() + size_, tail.bytes_.get(), tail.size_);
  bytes_ = std::move(joined);
  size_ += tail.size_;
}

void Payload::truncate(sim::Bytes size) {
  sim::check(size <= size_, "a payload cannot be truncated to more than it holds");
  if (size == size_) {
    return;
  }
  if (has_bytes()) {
    size_ = size;  // the rest of the buffer is simply no longer shown
  } else {
    *this = slice(0, size);
  }
}

void Payload::materialize() {
  if (has_bytes() || size_ == 0) {
    return;
  }
  bytes_ = runs_ == nullptr ? std::make_unique<std::byte[]>(size_)
                            : std::make_unique_for_overwrite<std::byte[]>(size_);
  sim::Bytes at = 0;
  for (const ContentRun& run : runs()) {
    fill_content(run, {bytes_.get() + at, run.length});
    at += run.length;
  }
  runs_.reset();
}

}  // namespace transport
