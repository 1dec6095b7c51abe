// Fuzz target: layout bytes that are read must be written and read again as the same layout.
#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/status.h"
#include "stripe/layout/lov_ea.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto layout = stripe::decode_lov_ea(std::as_bytes(std::span(data, size)));
  if (layout.ok()) {
    const auto bytes = stripe::encode_lov_ea(*layout);
    sim::check(bytes.ok(), "a layout that was read can be written");
    const auto again = stripe::decode_lov_ea(*bytes);
    sim::check(again.ok() && *again == *layout, "written and read again, it is the same");
    sim::check(*stripe::encode_lov_ea(*again) == *bytes, "written again, it is the same bytes");
  }
  return 0;
}
