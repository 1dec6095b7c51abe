#include "transport/nrs/policy.h"

#include <array>

namespace transport {

std::span<const NrsEntry> nrs_policies() {
  static constexpr std::array kPolicies = {NrsEntry{"fifo", &make_fifo},
                                           NrsEntry{"orr", &make_orr}};
  return kPolicies;
}

std::unique_ptr<NrsPolicy> make_nrs(std::string_view name) {
  for (const NrsEntry& entry : nrs_policies()) {
    if (entry.name == name) {
      return entry.make();
    }
  }
  return nullptr;
}

}  // namespace transport
