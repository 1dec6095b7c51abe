#include "sim/histogram.h"

#include <algorithm>
#include <bit>

namespace sim {
namespace {
constexpr int kSubBits = 6;  // 64 buckets to each power of two
constexpr std::uint64_t kSub = std::uint64_t{1} << kSubBits;
}  // namespace

std::size_t Histogram::bucket_of(std::uint64_t ns) {
  if (ns < 2 * kSub) {
    return static_cast<std::size_t>(ns);
  }
  const int shift = static_cast<int>(std::bit_width(ns)) - 1 - kSubBits;
  return static_cast<std::size_t>((static_cast<std::uint64_t>(shift) << kSubBits) + (ns >> shift));
}

std::uint64_t Histogram::upper_bound(std::size_t bucket) {
  if (bucket < 2 * kSub) {
    return bucket;
  }
  const std::uint64_t shift = (bucket >> kSubBits) - 1;
  const std::uint64_t mantissa = bucket - (shift << kSubBits);
  return ((mantissa + 1) << shift) - 1;
}

void Histogram::record(Duration d, std::uint64_t times) {
  check(d >= Duration(), "a recorded duration is negative");
  if (times == 0) {
    return;
  }
  const std::size_t b = bucket_of(static_cast<std::uint64_t>(d.ns()));
  if (b >= buckets_.size()) {
    buckets_.resize(b + 1);
  }
  buckets_[b] += times;
  count_ += times;
  const __int128 sum = sum_.ns() + static_cast<__int128>(d.ns()) * times;
  sum_ = Duration(static_cast<std::int64_t>(std::min<__int128>(sum, Duration::max().ns())));
  min_ = std::min(min_, d);
  max_ = std::max(max_, d);
}

void Histogram::merge(const Histogram& other) {
  buckets_.resize(std::max(buckets_.size(), other.buckets_.size()));
  for (std::size_t b = 0; b < other.buckets_.size(); ++b) {
    buckets_[b] += other.buckets_[b];
  }
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

Duration Histogram::percentile(std::uint32_t per_million) const {
  if (count_ == 0) {
    return Duration();
  }
  const auto scaled = static_cast<unsigned __int128>(count_) * per_million;
  const auto rank =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>((scaled + 999999) / 1000000));
  std::uint64_t seen = 0;
  for (std::size_t b = 0; b < buckets_.size(); ++b) {
    seen += buckets_[b];
    if (seen >= rank) {
      return std::min(max_, Duration(static_cast<std::int64_t>(upper_bound(b))));
    }
  }
  return max_;
}

}  // namespace sim
