#include "bench/layout_warnings.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "stripe/layout/limits.h"

namespace bench {
namespace {

using stripe::Component;
using Warnings = std::vector<std::string>;

// What an OSC sends at once: the usual size, and the unit of RDMA below it (Lustre 2.17).
constexpr sim::Bytes kRpcSize = 4 * sim::kMiB;
constexpr sim::Bytes kBulkUnit = sim::kMiB;

using sim::format_bytes;

// One kind of remark about one component. `place` counts from 0.
using Rule = void (*)(const LayoutSource&, std::size_t place, Warnings&);

bool ends_in_eof(const Component& c) { return c.extent.end == sim::kEof; }

void warn_size(const LayoutSource& source, std::size_t place, Warnings& out) {
  const Component& c = source.layout.components[place];
  if (c.on_mdt() || c.stripe_size == 0) {
    return;
  }
  if (c.stripe_size % kBulkUnit != 0) {
    out.push_back(fmt::format(
        "stripe size {} is not a multiple of 1 MiB: bulk transfers and RAID stripes of the OSTs do "
        "not line up with it",
        format_bytes(c.stripe_size)));
  }
  if (c.stripe_size < kRpcSize && c.stripe_count > 1) {
    out.push_back(
        fmt::format("stripe size {} is below the RPC size of {}: a sequential writer fills whole "
                    "RPCs only once "
                    "it has {} dirty",
                    format_bytes(c.stripe_size), format_bytes(kRpcSize),
                    format_bytes(kRpcSize * c.stripe_count)));
  }
}

void warn_count(const LayoutSource& source, std::size_t place, Warnings& out) {
  const Component& c = source.layout.components[place];
  if (source.wanted && source.ost_count > 0 && !c.overstriped()) {
    const std::int32_t asked = source.wanted->component(place).stripe_count;
    if (asked > 0 && static_cast<std::uint32_t>(asked) > source.ost_count) {
      out.push_back(fmt::format("stripe count {} on {} OSTs: the MDT makes {} stripes", asked,
                                source.ost_count, c.stripe_count));
    }
  }
  for (const stripe::StripeObject& object : c.objects) {
    if (source.ost_count > 0 && object.ost_index >= source.ost_count) {
      out.push_back(
          fmt::format("OST {} is not among the {} there are", object.ost_index, source.ost_count));
      return;
    }
  }
}

void warn_unreached(const LayoutSource& source, std::size_t place, Warnings& out) {
  const Component& c = source.layout.components[place];
  if (c.on_mdt() || c.extension() || ends_in_eof(c) || c.stripe_size == 0) {
    return;
  }
  const sim::Bytes first = c.extent.begin / c.stripe_size;
  const sim::Bytes last = (c.extent.end + c.stripe_size - 1) / c.stripe_size;
  if (c.stripe_count < stripe::kAllOstsFirst && last - first < c.stripe_count) {
    out.push_back(
        fmt::format("stripe count {}, but the component has room for {} chunks: the other "
                    "objects stay empty",
                    c.stripe_count, last - first));
  }
}

void warn_one_stripe(const LayoutSource& source, std::size_t place, Warnings& out) {
  const Component& c = source.layout.components[place];
  if (!c.on_mdt() && !c.extension() && ends_in_eof(c) && c.stripe_count == 1) {
    out.push_back(
        "one stripe to EOF: right for a file per process; a large shared file is as fast as one "
        "OST");
  }
}

void warn_end(const LayoutSource& source, std::size_t place, Warnings& out) {
  const std::vector<Component>& all = source.layout.components;
  const bool last = place + 1 == all.size() || all[place + 1].mirror_id() != all[place].mirror_id();
  if (last && !ends_in_eof(all[place])) {
    out.push_back(fmt::format("the layout ends at {}, not EOF: writes behind it fail",
                              format_bytes(all[place].extent.end)));
  }
}

void warn_dom(const LayoutSource& source, std::size_t place, Warnings& out) {
  const Component& c = source.layout.components[place];
  if (c.on_mdt() && c.extent.end > stripe::kDefaultDomLimit) {
    out.push_back(
        fmt::format("{} on the MDT is above the default of lod.*.dom_stripesize, {}: the "
                    "MDT cuts or refuses it",
                    format_bytes(c.extent.end), format_bytes(stripe::kDefaultDomLimit)));
  }
}

void warn_overstriping(const LayoutSource& source, std::size_t place, Warnings& out) {
  const Component& c = source.layout.components[place];
  if (c.overstriped()) {
    out.push_back(
        "overstriped: several objects of the file may share an OST. More writers get a lock of "
        "their "
        "own; the OST does not get faster");
  }
}

void warn_start(const LayoutSource& source, std::size_t place, Warnings& out) {
  const Component& c = source.layout.components[place];
  const bool striped = !c.on_mdt() && !c.extension() && c.stripe_size != 0 && c.stripe_count > 1 &&
                       c.stripe_count < stripe::kAllOstsFirst;
  if (!striped || c.extent.begin == 0) {
    return;
  }
  const stripe::StripePosition p = c.geometry().map(c.extent.begin);
  out.push_back(
      fmt::format("begins on stripe {}, at object offset {}: striping counts from the "
                  "beginning of the file, so some of its objects have a hole in front",
                  p.index, format_bytes(p.object_offset)));
}

void warn_pinned(const LayoutSource& source, std::size_t place, Warnings& out) {
  if (!source.wanted || source.layout.components[place].on_mdt()) {
    return;
  }
  const stripe::ComponentTemplate& c = source.wanted->component(place);
  if (c.first_ost || !c.osts.empty()) {
    out.push_back(
        "named OSTs: every file with this layout goes there, and the MDT cannot balance space or "
        "load");
  }
}

void warn_state(const LayoutSource& source, std::size_t place, Warnings& out) {
  const Component& c = source.layout.components[place];
  if (c.released()) {
    out.emplace_back("released: HSM holds the data, the first access restores it");
  }
  if (c.stale()) {
    out.emplace_back("stale: this mirror is out of date until it is resynced");
  }
  if (!c.instantiated() && !c.extension() && !source.wanted) {
    out.emplace_back("not instantiated: the first write costs one more RPC to the MDT");
  }
}

constexpr Rule kRules[] = {warn_count, warn_size,  warn_unreached,    warn_one_stripe,
                           warn_dom,   warn_start, warn_overstriping, warn_pinned,
                           warn_state, warn_end};

std::set<std::uint32_t> osts_of(std::span<const Component> mirror) {
  std::set<std::uint32_t> osts;
  for (const Component& c : mirror) {
    for (const stripe::StripeObject& object : c.objects) {
      osts.insert(object.ost_index);
    }
  }
  return osts;
}

void warn_shared_mirrors(const stripe::Layout& layout, Warnings& out) {
  std::set<std::uint32_t> seen;
  for (std::size_t m = 0; m < layout.mirror_count(); ++m) {
    for (const std::uint32_t ost : osts_of(layout.mirror(m))) {
      if (!seen.insert(ost).second) {
        out.push_back(fmt::format("OST {} holds parts of two mirrors: its loss takes both", ost));
        return;
      }
    }
  }
}

}  // namespace

std::vector<std::string> layout_warnings(const LayoutSource& source) {
  Warnings all;
  const bool plain = source.layout.format == stripe::LayoutFormat::plain;
  for (std::size_t place = 0; place < source.layout.components.size(); ++place) {
    Warnings here;
    for (const Rule rule : kRules) {
      rule(source, place, here);
    }
    for (const std::string& text : here) {
      all.push_back(plain ? text : fmt::format("component {}: {}", place + 1, text));
    }
  }
  warn_shared_mirrors(source.layout, all);
  return all;
}

}  // namespace bench
