#include "stripe/server/ost_chooser.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

namespace stripe {
namespace {

// Percent by which free space may differ before it is weighed (Lustre 2.17: qos_threshold_rr).
constexpr sim::Bytes kThresholdPercent = 17;

// `count` OSTs of the ring `osts` from place `start` on.
std::vector<std::uint32_t> from(const std::vector<std::uint32_t>& osts, std::size_t start,
                                std::size_t count) {
  std::vector<std::uint32_t> chosen;
  chosen.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    chosen.push_back(osts[(start + i) % osts.size()]);
  }
  return chosen;
}

sim::Error unknown_ost(std::uint32_t ost, std::size_t count) {
  return {sim::Errc::invalid_argument,
          fmt::format("there is no OST {}; OSTs 0 to {} are", ost, count - 1)};
}

}  // namespace

OstChooser::OstChooser(std::uint32_t ost_count, Pools pools, sim::Rng rng)
    : osts_(ost_count), pools_(std::move(pools)), rng_(rng) {
  for (const auto& [name, members] : pools_) {
    std::vector<std::uint32_t> sorted = members;
    std::ranges::sort(sorted);
    sim::check(std::ranges::adjacent_find(sorted) == sorted.end(), "an OST twice in a pool");
    sim::check(sorted.empty() || sorted.back() < ost_count, "a pool has an OST that is not there");
  }
}

bool OstChooser::weighted() const {
  const Result osts = candidates(ComponentTemplate());
  return osts.ok() && uneven(*osts);
}

// Whether the free space of these OSTs, all of them usable, differs by more than the threshold.
bool OstChooser::uneven(const std::vector<std::uint32_t>& osts) const {
  sim::Bytes least = sim::kEof;
  sim::Bytes most = 0;
  for (const std::uint32_t index : osts) {
    const Ost& ost = osts_[index];
    if (!ost.known) {
      return false;
    }
    least = std::min(least, ost.space.free());
    most = std::max(most, ost.space.free());
  }
  return most > least && most - least > most / 100 * kThresholdPercent;
}

std::uint32_t OstChooser::available(const ComponentTemplate& component) const {
  if (component.pool.empty()) {
    return ost_count();
  }
  const auto pool = pools_.find(component.pool);
  return pool == pools_.end() ? 0 : static_cast<std::uint32_t>(pool->second.size());
}

// The OSTs a component may use, in the order in which they take turns.
OstChooser::Result OstChooser::candidates(const ComponentTemplate& component) const {
  std::vector<std::uint32_t> osts(osts_.size());
  std::iota(osts.begin(), osts.end(), 0u);
  if (!component.pool.empty()) {
    const auto pool = pools_.find(component.pool);
    if (pool == pools_.end()) {
      return sim::Error{sim::Errc::invalid_argument,
                        fmt::format("there is no OST pool \"{}\"", component.pool)};
    }
    osts = pool->second;
  }
  std::erase_if(osts, [this](std::uint32_t ost) { return !osts_[ost].usable(); });
  if (osts.empty()) {
    return sim::Error{sim::Errc::no_space, "no OST has space left"};
  }
  return osts;
}

// The OSTs that the component lists, from its first OST on. Where they are full, writing will tell.
OstChooser::Result OstChooser::exactly(const ComponentTemplate& component) const {
  for (const std::uint32_t ost : component.osts) {
    if (ost >= osts_.size()) {
      return unknown_ost(ost, osts_.size());
    }
  }
  std::vector<std::uint32_t> chosen = component.osts;
  if (component.first_ost) {
    std::rotate(chosen.begin(), std::ranges::find(chosen, *component.first_ost), chosen.end());
  }
  return chosen;
}

OstChooser::Result OstChooser::choose(const LayoutTemplate& wanted, const Layout& layout,
                                      std::size_t place) {
  const ComponentTemplate& component = wanted.component(place);
  if (!component.osts.empty()) {
    return exactly(component);
  }
  const Result osts = candidates(component);
  if (!osts.ok()) {
    return osts;
  }
  std::size_t count = layout.components[place].stripe_count;
  count = component.overstriped ? count : std::min(count, osts->size());
  if (component.first_ost) {
    if (*component.first_ost >= osts_.size()) {
      return unknown_ost(*component.first_ost, osts_.size());
    }
    const auto first = std::ranges::find(*osts, *component.first_ost);
    if (first == osts->end()) {
      return sim::Error{sim::Errc::no_space,
                        fmt::format("OST {} cannot hold stripe 0", *component.first_ost)};
    }
    return from(*osts, static_cast<std::size_t>(first - osts->begin()), count);
  }
  return uneven(*osts) ? by_free_space(*osts, count) : by_turns(*osts, count);
}

std::vector<std::uint32_t> OstChooser::by_turns(const std::vector<std::uint32_t>& osts,
                                                std::size_t count) {
  const std::size_t start = next_ % osts.size();
  next_ += count;
  // A whole number of rounds would leave stripe 0 of every such file on one OST.
  next_ += count % osts.size() == 0 ? 1 : 0;
  return from(osts, start, count);
}

// Each stripe goes to an OST drawn with its free space as the weight; none twice before all had
// one.
std::vector<std::uint32_t> OstChooser::by_free_space(const std::vector<std::uint32_t>& osts,
                                                     std::size_t count) {
  // In MiB: sums of many OSTs' bytes would overflow.
  const auto weight = [this](std::uint32_t ost) { return osts_[ost].space.free() / sim::kMiB + 1; };
  std::vector<std::uint32_t> chosen;
  std::vector<std::uint32_t> left;
  while (chosen.size() < count) {
    if (left.empty()) {
      left = osts;
    }
    sim::Bytes total = 0;
    for (const std::uint32_t ost : left) {
      total += weight(ost);
    }
    sim::Bytes drawn = rng_.below(total);
    auto at = left.begin();
    while (drawn >= weight(*at)) {
      drawn -= weight(*at);
      ++at;
    }
    chosen.push_back(*at);
    left.erase(at);
  }
  return chosen;
}

}  // namespace stripe
