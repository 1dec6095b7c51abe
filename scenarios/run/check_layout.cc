#include "scenarios/run/check_layout.h"

#include <fmt/core.h>

#include "scenarios/cluster/layout_check.h"
#include "stripe/layout/instantiate.h"
#include "stripe/layout/setstripe.h"

namespace scenarios {

sim::Status check_layout(const std::string& options, const ClusterSpec& cluster) {
  const auto wanted = stripe::parse_setstripe(options);
  if (!wanted) {
    return wanted.error();
  }
  stripe::StripeDefaults defaults;
  defaults.ost_count = cluster.osts;
  const auto layout = stripe::make_layout(*wanted, defaults);
  if (!layout) {
    return layout.error();
  }
  return check_layout(*wanted, cluster);
}

std::vector<std::string> layout_notes(const std::string& options, const ClusterSpec& cluster) {
  std::vector<std::string> notes;
  const auto wanted = stripe::parse_setstripe(options);
  if (wanted.ok()) {
    for (const std::string& note : layout_notes(*wanted, cluster)) {
      notes.push_back(fmt::format("layout \"{}\": {}", options, note));
    }
  }
  return notes;
}

}  // namespace scenarios
