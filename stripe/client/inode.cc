#include "stripe/client/inode.h"

#include "stripe/layout/lov_ea.h"

namespace stripe {

sim::Errc Inode::take_layout(std::span<const std::byte> bytes) {
  auto decoded = decode_lov_ea(bytes);
  if (!decoded.ok()) {
    return sim::Errc::protocol;
  }
  // Answers may pass each other: an older layout is not taken for a newer one.
  if (layout.components.empty() || decoded->generation() >= layout.generation()) {
    layout = std::move(*decoded);
  }
  return sim::Errc::ok;
}

}  // namespace stripe
