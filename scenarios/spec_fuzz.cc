// Any text is either refused or read; what is read prints to a configuration that reads back to the
// same one.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "scenarios/spec_printer.h"
#include "scenarios/spec_reader.h"
#include "sim/status.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto first =
      scenarios::read_scenario({"fuzz", "", text}, {.open = scenarios::library_hardware});
  if (!first) {
    return 0;
  }
  const std::string config = scenarios::print_config(*first);
  const auto second = scenarios::read_scenario({"config", "", config}, {});
  sim::check(second.ok(), "a printed configuration was refused");
  sim::check(scenarios::print_config(*second) == config, "a configuration printed differently");
  return 0;
}
