// Fuzz target: options that are read must be printed and read again as the same template.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sim/status.h"
#include "stripe/layout/setstripe.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto wanted = stripe::parse_setstripe(text);
  if (wanted.ok()) {
    const auto again = stripe::parse_setstripe(stripe::print_setstripe(*wanted));
    sim::check(again.ok() && *again == *wanted, "printed and read again, it is the same");
  }
  return 0;
}
