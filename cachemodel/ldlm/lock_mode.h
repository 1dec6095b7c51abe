// The modes of LDLM locks and which of them may be held together.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "sim/status.h"

namespace cachemodel {

// Lustre 2.17's modes, the strongest first. In use: EX to change a directory, PW to write data, PR
// to read data or cache attributes, CW for the OPEN bit of a writer, CR for lookups and read-only
// opens, GROUP for clients that arrange sharing among themselves, COS and TXN inside an MDT.
enum class LockMode : std::uint8_t { ex, pw, pr, cw, cr, nl, group, cos, txn };
inline constexpr std::size_t kLockModes = 9;
constexpr LockMode last_of(LockMode) { return LockMode::txn; }

// A set of modes, visited in the order of the enumeration.
class ModeSet {
 public:
  constexpr ModeSet() = default;
  constexpr ModeSet(std::initializer_list<LockMode> modes) {
    for (const LockMode mode : modes) {
      add(mode);
    }
  }
  constexpr void add(LockMode mode) { bits_ |= bit(mode); }
  constexpr void remove(LockMode mode) { bits_ &= ~bit(mode); }
  constexpr bool contains(LockMode mode) const { return (bits_ & bit(mode)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  // The strongest of a set that is not empty.
  constexpr LockMode first() const { return static_cast<LockMode>(std::countr_zero(bits_)); }
  constexpr ModeSet operator&(ModeSet other) const { return ModeSet(bits_ & other.bits_); }
  constexpr bool operator==(const ModeSet&) const = default;

 private:
  constexpr explicit ModeSet(std::uint32_t bits) : bits_(bits) {}
  static constexpr std::uint32_t bit(LockMode mode) {
    return std::uint32_t{1} << static_cast<unsigned>(mode);
  }
  std::uint32_t bits_ = 0;
};

// The modes that cannot be held on the same thing as `mode` (lustre_dlm.h of Lustre 2.17). Two
// GROUP locks are compatible here; that their group must be the same too is for the holder of locks
// to see.
ModeSet incompatible_modes(LockMode mode);
inline bool compatible(LockMode a, LockMode b) { return !incompatible_modes(a).contains(b); }

// The modes a cached lock may have to serve a request of `mode`: its own, and PW for PR.
ModeSet modes_that_serve(LockMode mode);

// "EX", "PW", ...
std::string_view lock_mode_name(LockMode mode);
// Reads one of those names.
sim::Result<LockMode> parse_lock_mode(std::string_view name);

}  // namespace cachemodel
