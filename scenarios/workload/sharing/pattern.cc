#include "scenarios/workload/sharing/pattern.h"

#include <array>

namespace scenarios {

const SharingPatternRow& sharing_pattern(SharingPattern pattern) {
  using Row = const SharingPatternRow& (*)();
  static constexpr std::array<Row, 7> kRows = {
      // in the order of the enumerators
      producer_consumer, read_mostly, ping_pong, append, read_modify_write, reopen, random_mix};
  return kRows[static_cast<std::size_t>(pattern)]();
}

}  // namespace scenarios
