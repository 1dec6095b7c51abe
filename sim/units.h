// Quantities of the simulated world: instants, durations, sizes, rates and byte ranges, with the
// text forms people write in scenario files. A unit is always required in text ("25us", "1MiB").
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "sim/status.h"

namespace sim {

// A size or an offset in bytes. An alias, because sizes and offsets mix on every line of striping
// arithmetic; the type that catches mistakes there is Extent.
using Bytes = std::uint64_t;

inline constexpr Bytes kKiB = Bytes{1} << 10;
inline constexpr Bytes kMiB = Bytes{1} << 20;
inline constexpr Bytes kGiB = Bytes{1} << 30;
inline constexpr Bytes kTiB = Bytes{1} << 40;

// End of file in extents: Lustre's 2^64-1.
inline constexpr Bytes kEof = std::numeric_limits<Bytes>::max();

// A signed span of time in whole nanoseconds.
class Duration {
 public:
  constexpr Duration() = default;
  constexpr explicit Duration(std::int64_t ns) : ns_(ns) {}
  constexpr std::int64_t ns() const { return ns_; }
  constexpr double seconds() const { return static_cast<double>(ns_) * 1e-9; }
  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration& operator+=(Duration d) { return ns_ += d.ns_, *this; }
  constexpr Duration& operator-=(Duration d) { return ns_ -= d.ns_, *this; }
  friend constexpr Duration operator+(Duration a, Duration b) { return Duration(a.ns_ + b.ns_); }
  friend constexpr Duration operator-(Duration a, Duration b) { return Duration(a.ns_ - b.ns_); }
  friend constexpr Duration operator*(Duration a, std::int64_t k) { return Duration(a.ns_ * k); }
  friend constexpr Duration operator*(std::int64_t k, Duration a) { return a * k; }
  friend constexpr Duration operator/(Duration a, std::int64_t k) { return Duration(a.ns_ / k); }
  static constexpr Duration max() { return Duration(std::numeric_limits<std::int64_t>::max()); }

 private:
  std::int64_t ns_ = 0;
};

constexpr Duration nanoseconds(std::int64_t n) { return Duration(n); }
constexpr Duration microseconds(std::int64_t n) { return Duration(n * 1000); }
constexpr Duration milliseconds(std::int64_t n) { return Duration(n * 1000000); }
constexpr Duration seconds(std::int64_t n) { return Duration(n * 1000000000); }

// An instant: nanoseconds since the loop's own beginning.
class TimePoint {
 public:
  constexpr TimePoint() = default;
  constexpr explicit TimePoint(std::int64_t ns) : ns_(ns) {}
  constexpr std::int64_t ns() const { return ns_; }
  constexpr auto operator<=>(const TimePoint&) const = default;
  friend constexpr TimePoint operator+(TimePoint t, Duration d) {
    return TimePoint(t.ns_ + d.ns());
  }
  friend constexpr TimePoint operator-(TimePoint t, Duration d) {
    return TimePoint(t.ns_ - d.ns());
  }
  friend constexpr Duration operator-(TimePoint a, TimePoint b) { return Duration(a.ns_ - b.ns_); }
  static constexpr TimePoint max() { return TimePoint(std::numeric_limits<std::int64_t>::max()); }

 private:
  std::int64_t ns_ = 0;
};

// A transfer rate in bytes per second. Zero means "not limited": transfers take no time.
class Rate {
 public:
  constexpr Rate() = default;
  constexpr explicit Rate(std::uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}
  constexpr std::uint64_t bytes_per_second() const { return bytes_per_second_; }
  constexpr bool unlimited() const { return bytes_per_second_ == 0; }
  constexpr auto operator<=>(const Rate&) const = default;

  // Time to move `n` bytes, rounded up to a whole nanosecond.
  constexpr Duration time_for(Bytes n) const {
    if (unlimited()) {
      return Duration();
    }
    const auto scaled = static_cast<unsigned __int128>(n) * 1000000000u;
    return Duration(
        static_cast<std::int64_t>((scaled + bytes_per_second_ - 1) / bytes_per_second_));
  }

 private:
  std::uint64_t bytes_per_second_ = 0;
};

// Half-open byte range [begin, end). Empty when end <= begin.
struct Extent {
  Bytes begin = 0;
  Bytes end = 0;

  constexpr bool empty() const { return end <= begin; }
  constexpr Bytes size() const { return empty() ? 0 : end - begin; }
  constexpr bool contains(Bytes offset) const { return begin <= offset && offset < end; }
  constexpr bool overlaps(const Extent& o) const { return begin < o.end && o.begin < end; }
  constexpr Extent intersect(const Extent& o) const {
    return {begin > o.begin ? begin : o.begin, end < o.end ? end : o.end};
  }
  constexpr bool operator==(const Extent&) const = default;
};

// Reads "4KiB", "1.5 GiB", "10MB" (decimal), "512B". Refuses a missing unit, a fraction of a byte
// and anything past 2^64-1, each with the reason and an example of what would be right.
Result<Bytes> parse_bytes(std::string_view text);

// Reads "25us", "1.5 ms", "2s", "3min", "1h"; also ns. Never negative.
Result<Duration> parse_duration(std::string_view text);

// Reads "100Gbit/s" (decimal bits), "3GiB/s", "200MB/s"; "unlimited" is Rate().
Result<Rate> parse_rate(std::string_view text);

// "1 MiB", "1.50 GiB", "17 B": binary units, exact when the number is whole.
std::string format_bytes(Bytes n);
// "25 us", "1.500 ms", "2 s".
std::string format_duration(Duration d);
// "11.6 GiB/s": binary units.
std::string format_rate(double bytes_per_second);

}  // namespace sim
