#include "scenarios/cluster/layout_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenarios/exact_units.h"
#include "stripe/layout/layout.h"

namespace scenarios {
namespace {

using stripe::ComponentTemplate;

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

sim::Status check_ost(std::uint32_t ost, const ClusterSpec& cluster) {
  return ost < cluster.osts
             ? sim::Status()
             : refuse(fmt::format("there is no OST {}; OSTs 0 to {} are", ost, cluster.osts - 1));
}

sim::Status check_pool(const ComponentTemplate& component, const ClusterSpec& cluster) {
  const auto pool = cluster.pools.find(component.pool);
  if (pool == cluster.pools.end()) {
    std::vector<std::string_view> known;
    for (const auto& [name, osts] : cluster.pools) {
      known.push_back(name);
    }
    return refuse(known.empty() ? fmt::format("there is no pool \"{}\"; cluster.pools names none",
                                              component.pool)
                                : fmt::format("there is no pool \"{}\"; one of {} would be right",
                                              component.pool, fmt::join(known, ", ")));
  }
  if (component.first_ost && std::ranges::count(pool->second, *component.first_ost) == 0) {
    return refuse(
        fmt::format("OST {} is not in the pool \"{}\"", *component.first_ost, component.pool));
  }
  return {};
}

sim::Status check_component(const ComponentTemplate& component, const ClusterSpec& cluster) {
  const sim::Bytes most = cluster.hardware.mds.dom_max;
  if (component.on_mdt && component.end > most) {
    return refuse(
        fmt::format("a component of {} on the MDT; at most {} (mds.dom_max) would be "
                    "right",
                    exact_bytes(component.end), exact_bytes(most)));
  }
  sim::Status status;
  if (component.first_ost) {
    status = check_ost(*component.first_ost, cluster);
  }
  for (const std::uint32_t ost : component.osts) {
    status = status.ok() ? check_ost(ost, cluster) : status;
  }
  if (status.ok() && !component.pool.empty() && !component.on_mdt) {
    status = check_pool(component, cluster);
  }
  return status;
}

// OSTs that the component may use.
std::size_t choice(const ComponentTemplate& component, const ClusterSpec& cluster) {
  const auto pool = cluster.pools.find(component.pool);
  return component.pool.empty() || pool == cluster.pools.end() ? cluster.osts : pool->second.size();
}

}  // namespace

sim::Status check_layout(const stripe::LayoutTemplate& wanted, const ClusterSpec& cluster) {
  std::size_t place = 0;
  for (const stripe::MirrorTemplate& mirror : wanted.mirrors) {
    for (const ComponentTemplate& component : mirror.components) {
      ++place;
      if (const sim::Status status = check_component(component, cluster); !status.ok()) {
        return refuse(fmt::format("component {}: {}", place, status.error().message));
      }
    }
  }
  return {};
}

std::vector<std::string> layout_notes(const stripe::LayoutTemplate& wanted,
                                      const ClusterSpec& cluster) {
  std::vector<std::string> notes;
  for (const stripe::MirrorTemplate& mirror : wanted.mirrors) {
    for (const ComponentTemplate& component : mirror.components) {
      const std::size_t osts = choice(component, cluster);
      if (!component.overstriped && component.stripe_count > 0 &&
          static_cast<std::size_t>(component.stripe_count) > osts) {
        notes.push_back(fmt::format("{} stripes are asked for, files get {}, one on each OST",
                                    component.stripe_count, osts));
      }
      if ((component.flags & stripe::kComponentNoSync) != 0) {
        notes.push_back(
            "the component flag nosync changes nothing: mirrors are never resynchronised here");
      }
    }
  }
  return notes;
}

}  // namespace scenarios
