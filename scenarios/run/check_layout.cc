#include "scenarios/run/check_layout.h"

#include <fmt/format.h>

#include "stripe/layout/instantiate.h"
#include "stripe/layout/setstripe.h"

namespace scenarios {
namespace {

sim::Result<stripe::Layout> layout_on(const stripe::LayoutTemplate& wanted,
                                      const ClusterSpec& cluster) {
  stripe::StripeDefaults defaults;
  defaults.ost_count = cluster.osts;
  return stripe::make_layout(wanted, defaults);
}

}  // namespace

sim::Status check_layout(const std::string& options, const ClusterSpec& cluster) {
  const auto wanted = stripe::parse_setstripe(options);
  if (!wanted) {
    return wanted.error();
  }
  const auto layout = layout_on(*wanted, cluster);
  if (!layout) {
    return layout.error();
  }
  for (std::size_t place = 0; place < layout->components.size(); ++place) {
    if (const std::string& pool = wanted->component(place).pool; !pool.empty()) {
      return sim::Error{sim::Errc::not_found,
                        fmt::format("component {}: found pool \"{}\"; the cluster has no pools",
                                    place + 1, pool)};
    }
    if (layout->components[place].on_mdt()) {
      continue;
    }
    const auto osts = stripe::round_robin_osts(*wanted, *layout, place, cluster.osts, 0);
    if (!osts) {
      return osts.error();
    }
  }
  return {};
}

std::vector<std::string> layout_notes(const std::string& options, const ClusterSpec& cluster) {
  std::vector<std::string> notes;
  const auto wanted = stripe::parse_setstripe(options);
  if (!wanted) {
    return notes;
  }
  const auto layout = layout_on(*wanted, cluster);
  if (!layout) {
    return notes;
  }
  for (std::size_t place = 0; place < layout->components.size(); ++place) {
    const std::int32_t asked = wanted->component(place).stripe_count;
    const std::uint32_t made = layout->components[place].stripe_count;
    if (asked > 0 && static_cast<std::uint32_t>(asked) > made) {
      notes.push_back(
          fmt::format("layout \"{}\": {} stripes are asked for, files get {}, one on "
                      "each of the cluster's OSTs",
                      options, asked, made));
    }
  }
  return notes;
}

}  // namespace scenarios
