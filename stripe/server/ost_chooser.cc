#include "stripe/server/ost_chooser.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace stripe {
namespace {
// Percent by which free space may differ before it is weighed (Lustre: qos_threshold_rr).
constexpr sim::Bytes kThresholdPercent = 17;
}  // namespace

OstChooser::OstChooser(std::uint32_t ost_count, Pools pools, sim::Rng rng)
    : space_(ost_count, OstSpace{sim::kTiB, 0}), pools_(std::move(pools)), rng_(rng) {}

bool OstChooser::weighted() const {
  const auto free = [](const OstSpace& s) { return s.free(); };
  const auto [least, most] = std::ranges::minmax(space_, {}, free);
  return most.free() - least.free() > most.free() / 100 * kThresholdPercent;
}

std::uint32_t OstChooser::available(const ComponentTemplate& component) const {
  if (component.pool.empty()) {
    return ost_count();
  }
  const auto pool = pools_.find(component.pool);
  return pool == pools_.end() ? 0 : static_cast<std::uint32_t>(pool->second.size());
}

// The OSTs a component may use that have room, in the order in which they take turns.
sim::Result<std::vector<std::uint32_t>> OstChooser::candidates(
    const ComponentTemplate& component) const {
  std::vector<std::uint32_t> osts(space_.size());
  std::iota(osts.begin(), osts.end(), 0u);
  if (!component.pool.empty()) {
    const auto pool = pools_.find(component.pool);
    if (pool == pools_.end()) {
      return sim::Error{sim::Errc::invalid_argument,
                        fmt::format("there is no OST pool \"{}\"", component.pool)};
    }
    osts = pool->second;
  }
  std::erase_if(osts, [this](std::uint32_t ost) { return space_[ost].free() == 0; });
  if (osts.empty()) {
    return sim::Error{sim::Errc::no_space, "no OST has space left"};
  }
  return osts;
}

sim::Result<std::vector<std::uint32_t>> OstChooser::choose(const LayoutTemplate& wanted,
                                                           const Layout& layout,
                                                           std::size_t place) {
  const ComponentTemplate& component = wanted.component(place);
  const std::size_t count = layout.components[place].stripe_count;
  if (!component.osts.empty()) {
    for (const std::uint32_t ost : component.osts) {
      if (ost >= space_.size()) {
        return sim::Error{
            sim::Errc::invalid_argument,
            fmt::format("there is no OST {}; the last is {}", ost, space_.size() - 1)};
      }
    }
    std::vector<std::uint32_t> chosen;
    for (std::size_t i = 0; i < count; ++i) {
      chosen.push_back(component.osts[i % component.osts.size()]);
    }
    return chosen;
  }
  auto osts = candidates(component);
  if (!osts.ok()) {
    return osts.error();
  }
  if (component.first_ost) {
    const auto first = std::ranges::find(*osts, *component.first_ost);
    if (first == osts->end()) {
      return sim::Error{sim::Errc::invalid_argument,
                        fmt::format("OST {} cannot hold stripe 0", *component.first_ost)};
    }
    return round_robin(*osts, count, static_cast<std::size_t>(first - osts->begin()));
  }
  if (weighted() && !component.overstriped) {
    return by_free_space(std::move(*osts), count);
  }
  const std::size_t start = next_ % osts->size();
  next_ += count;
  return round_robin(*osts, count, start);
}

std::vector<std::uint32_t> OstChooser::round_robin(const std::vector<std::uint32_t>& osts,
                                                   std::size_t count, std::size_t start) {
  std::vector<std::uint32_t> chosen;
  chosen.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    chosen.push_back(osts[(start + i) % osts.size()]);
  }
  return chosen;
}

// Each stripe goes to an OST drawn with its free space as the weight, none twice.
std::vector<std::uint32_t> OstChooser::by_free_space(std::vector<std::uint32_t> osts,
                                                     std::size_t count) {
  std::vector<std::uint32_t> chosen;
  while (chosen.size() < count && !osts.empty()) {
    // In MiB: sums of many OSTs' bytes would overflow.
    const auto weight = [this](std::uint32_t ost) { return space_[ost].free() / sim::kMiB + 1; };
    sim::Bytes total = 0;
    for (const std::uint32_t ost : osts) {
      total += weight(ost);
    }
    sim::Bytes drawn = rng_.below(total);
    auto at = osts.begin();
    while (drawn >= weight(*at)) {
      drawn -= weight(*at);
      ++at;
    }
    chosen.push_back(*at);
    osts.erase(at);
  }
  return chosen;
}

}  // namespace stripe
