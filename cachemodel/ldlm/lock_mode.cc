#include "cachemodel/ldlm/lock_mode.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace cachemodel {
namespace {

using enum LockMode;

struct Row {
  std::string_view name;
  ModeSet incompatible;
};

// In the order of the enumeration.
constexpr std::array<Row, kLockModes> kRows = {{
    {"EX", {ex, pw, pr, cw, cr, group, cos, txn}},
    {"PW", {ex, pw, pr, cw, group, cos, txn}},
    {"PR", {ex, pw, cw, group, cos}},
    {"CW", {ex, pw, pr, group, cos, txn}},
    {"CR", {ex, group, cos}},
    {"NL", {}},
    {"GROUP", {ex, pw, pr, cw, cr, cos, txn}},
    {"COS", {ex, pw, pr, cw, cr, group, txn}},
    {"TXN", {ex, pw, cw, group, cos}},
}};

const Row& row(LockMode mode) { return kRows[static_cast<std::size_t>(mode)]; }

}  // namespace

ModeSet incompatible_modes(LockMode mode) { return row(mode).incompatible; }

ModeSet modes_that_serve(LockMode mode) { return mode == pr ? ModeSet{pw, pr} : ModeSet{mode}; }

std::string_view lock_mode_name(LockMode mode) { return row(mode).name; }

sim::Result<LockMode> parse_lock_mode(std::string_view name) {
  const auto found = std::ranges::find(kRows, name, &Row::name);
  if (found == kRows.end()) {
    return sim::Error{sim::Errc::invalid_argument,
                      fmt::format("\"{}\" is no lock mode; EX, PW, PR, CW, CR, NL, GROUP, COS and "
                                  "TXN are",
                                  name.substr(0, 32))};
  }
  return static_cast<LockMode>(found - kRows.begin());
}

}  // namespace cachemodel
