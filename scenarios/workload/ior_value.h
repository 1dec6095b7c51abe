// The text behind an IOR option, read as what the option wants.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "scenarios/workload/ior_options.h"
#include "sim/status.h"

namespace scenarios {

// What follows an option, with the readers that setters need. The option's name is kept for
// messages only.
class IorValue {
 public:
  IorValue(std::string_view option, std::optional<std::string_view> text)
      : option_(option), text_(text) {}

  std::string_view option() const { return option_; }
  std::string_view text() const { return text_.value_or(std::string_view()); }

  // A flag without a value adds one, so that `-z -z` is 2; with one it is that number.
  sim::Status level(std::uint64_t& out) const;
  sim::Status flag(bool& out) const;
  sim::Status size(std::uint64_t& out) const;
  sim::Status number(std::int64_t& out) const;
  sim::Status microseconds(sim::Duration& out) const;
  // Refuses the option unless its value is 0 or "off": `why` says what would be right.
  sim::Status refuse(std::string_view why) const;
  // Accepts it without effect; the note names the option and says why.
  sim::Status note(IorOptions& options, std::string_view why) const;

 private:
  std::string_view option_;
  std::optional<std::string_view> text_;
};

}  // namespace scenarios
