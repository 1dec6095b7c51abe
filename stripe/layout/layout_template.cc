#include "stripe/layout/layout_template.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

#include "stripe/layout/layout.h"
#include "stripe/layout/limits.h"

namespace stripe {
namespace {

// Words that stand for something else than a pool where a pool is asked for.
constexpr std::array<std::string_view, 3> kReservedPools = {"none", "inherit", "ignore"};

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

bool has_duplicates(std::vector<std::uint32_t> values) {
  std::sort(values.begin(), values.end());
  return std::adjacent_find(values.begin(), values.end()) != values.end();
}

sim::Status check_count(const ComponentTemplate& c) {
  if (c.stripe_count > 0) {
    return check_stripe_count(static_cast<std::uint64_t>(c.stripe_count));
  }
  const std::int32_t lowest = c.overstriped ? -static_cast<std::int32_t>(kMaxOverstripeFactor) : -1;
  if (c.stripe_count < lowest) {
    return refuse(c.overstriped
                      ? fmt::format("overstripe count {}: at most 32 stripes on every OST, -32",
                                    c.stripe_count)
                      : fmt::format("stripe count {}: -1 would be all OSTs, 1 to {} that many",
                                    c.stripe_count, kMaxStripeCount));
  }
  return {};
}

sim::Status check_osts(const ComponentTemplate& c) {
  if (c.first_ost && *c.first_ost > kMaxOstIndex) {
    return refuse(fmt::format("OST index {} is above {}", *c.first_ost, kMaxOstIndex));
  }
  if (c.osts.empty()) {
    return {};
  }
  if (*std::max_element(c.osts.begin(), c.osts.end()) > kMaxOstIndex) {
    return refuse(fmt::format("an OST index of the list is above {}", kMaxOstIndex));
  }
  if (c.stripe_count < 0 || static_cast<std::size_t>(c.stripe_count) != c.osts.size()) {
    return refuse(fmt::format("stripe count {} with a list of {} OSTs; the list decides the count",
                              c.stripe_count, c.osts.size()));
  }
  if (!c.overstriped && has_duplicates(c.osts)) {
    return refuse("an OST stands twice in the list, which needs overstriping");
  }
  if (c.first_ost && std::find(c.osts.begin(), c.osts.end(), *c.first_ost) == c.osts.end()) {
    return refuse(fmt::format("first OST {} is not in the list of OSTs", *c.first_ost));
  }
  return {};
}

sim::Status check_size(const ComponentTemplate& c) {
  if (c.stripe_size == 0) {
    return {};
  }
  if (sim::Status s = check_stripe_size(c.stripe_size); !s) {
    return s;
  }
  if (c.end != sim::kEof && c.end % c.stripe_size != 0) {
    return refuse(fmt::format(
        "end {} is not a multiple of the stripe size {}; {} would divide it", c.end, c.stripe_size,
        std::min<sim::Bytes>(sim::Bytes{1} << std::countr_zero(c.end), sim::Bytes{1} << 31)));
  }
  return {};
}

sim::Status check_dom(const ComponentTemplate& c, sim::Bytes begin) {
  if (begin != 0 || c.end == sim::kEof) {
    return refuse("only the first component of a mirror, with an end, can be on the MDT");
  }
  if (c.end > kMaxStripeSize) {
    return refuse(fmt::format("{} B of data on the MDT; at most {}", c.end, kMaxStripeSize));
  }
  if (c.overstriped || c.stripe_size != 0 || c.stripe_count != 0 || c.first_ost ||
      !c.osts.empty()) {
    return refuse("data on the MDT has no stripes and no OSTs");
  }
  return {};
}

sim::Status check_pool(const std::string& pool) {
  if (pool.empty()) {
    return {};
  }
  if (sim::Status s = check_pool_name(pool); !s) {
    return s;
  }
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  if (!std::all_of(pool.begin(), pool.end(), fits)) {
    return refuse(fmt::format("pool name \"{}\" may hold letters, digits, _ and -", pool));
  }
  if (std::find(kReservedPools.begin(), kReservedPools.end(), pool) != kReservedPools.end()) {
    return refuse(fmt::format("\"{}\" names no pool of OSTs", pool));
  }
  return {};
}

sim::Status check_component(const ComponentTemplate& c, sim::Bytes begin) {
  if (sim::Status s = check_component_end(c.end); !s) {
    return s;
  }
  if (c.end <= begin) {
    return refuse(fmt::format("ends at {}, but begins at {}; ends must ascend", c.end, begin));
  }
  if (sim::Status s = check_pool(c.pool); !s) {
    return s;
  }
  if (c.on_mdt) {
    return check_dom(c, begin);
  }
  for (const sim::Status& s : {check_size(c), check_count(c), check_osts(c)}) {
    if (!s) {
      return s;
    }
  }
  return {};
}

// Fields that only composite or mirrored layouts have.
sim::Status check_fields(const LayoutTemplate& wanted,
                         const std::vector<ComponentTemplate>& components) {
  if (!wanted.composite && (components.size() != 1 || components.front().end != sim::kEof)) {
    return refuse("without component ends there is one component, to EOF");
  }
  constexpr std::uint32_t kAskable =
      kComponentPreferRead | kComponentPreferWrite | kComponentNoSync;
  for (const ComponentTemplate& c : components) {
    if ((c.flags & ~(wanted.mirrored ? kAskable : 0)) != 0) {
      return refuse(
          "component flags prefer and nosync choose among mirrors, and no others can be "
          "asked for; put -N first");
    }
  }
  return {};
}

sim::Status check_shape(const LayoutTemplate& wanted) {
  std::size_t mirrors = 0;
  for (const MirrorTemplate& mirror : wanted.mirrors) {
    mirrors += mirror.copies;
    if (mirror.copies == 0 || mirror.components.empty()) {
      return refuse("a mirror needs at least one copy and one component");
    }
  }
  if (mirrors == 0 || mirrors > kMaxMirrors) {
    return refuse(fmt::format("{} mirrors; 1 to {} would be right", mirrors, kMaxMirrors));
  }
  if (!wanted.mirrored && mirrors != 1) {
    return refuse(fmt::format("{} mirrors in a layout that is not mirrored", mirrors));
  }
  for (const MirrorTemplate& mirror : wanted.mirrors) {
    if (sim::Status s = check_fields(wanted, mirror.components); !s) {
      return s;
    }
  }
  return {};
}

}  // namespace

const ComponentTemplate& LayoutTemplate::component(std::size_t place) const {
  for (const MirrorTemplate& mirror : mirrors) {
    const std::size_t all = mirror.copies * mirror.components.size();
    if (place < all) {
      return mirror.components[place % mirror.components.size()];
    }
    place -= all;
  }
  sim::fail_check("a component of the layout made from this template");
}

sim::Status check_template(const LayoutTemplate& wanted) {
  if (sim::Status s = check_shape(wanted); !s) {
    return s;
  }
  std::size_t place = 0;
  for (const MirrorTemplate& mirror : wanted.mirrors) {
    sim::Bytes begin = 0;
    for (const ComponentTemplate& c : mirror.components) {
      ++place;
      if (sim::Status s = check_component(c, begin); !s) {
        return wanted.composite || wanted.mirrored
                   ? refuse(fmt::format("component {}: {}", place, s.error().message))
                   : s;
      }
      begin = c.end;
    }
  }
  return {};
}

}  // namespace stripe
