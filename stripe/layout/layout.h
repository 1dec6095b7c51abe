// A file's layout: which objects on which OSTs hold which bytes. Plain RAID-0, composite (PFL),
// mirrored (FLR), with its data on the MDT (DoM), overstriped and self-extending (SEL) layouts are
// one structure. The layout is a value; nothing here looks at what an object id means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/units.h"
#include "stripe/layout/object_id.h"
#include "stripe/layout/raid0.h"

namespace stripe {

// Bits of Component::pattern (lustre_user.h, LOV_PATTERN_*).
inline constexpr std::uint32_t kPatternRaid0 = 0x1;
inline constexpr std::uint32_t kPatternMdt = 0x100;
inline constexpr std::uint32_t kPatternOverstriping = 0x200;
inline constexpr std::uint32_t kPatternHole = 0x40000000;
inline constexpr std::uint32_t kPatternReleased = 0x80000000;

// Bits of Component::flags (lustre_user.h, LCME_FL_*).
inline constexpr std::uint32_t kComponentStale = 0x1;
inline constexpr std::uint32_t kComponentPreferRead = 0x2;
inline constexpr std::uint32_t kComponentPreferWrite = 0x4;
inline constexpr std::uint32_t kComponentOffline = 0x8;
inline constexpr std::uint32_t kComponentInit = 0x10;
inline constexpr std::uint32_t kComponentNoSync = 0x20;
inline constexpr std::uint32_t kComponentExtension = 0x40;

// From this value on a stripe count means "all OSTs": 0xFFFF is one stripe on each OST, 0xFFFE two,
// down to 32 on each. Only in layouts without objects.
inline constexpr std::uint16_t kAllOstsFirst = 0xFFE0;
inline constexpr std::uint16_t kAllOsts = 0xFFFF;

// One stripe: its object, and the OST that holds it.
struct StripeObject {
  ObjectId id;
  std::uint32_t ost_gen = 0;
  std::uint32_t ost_index = 0;
  bool operator==(const StripeObject&) const = default;
};

// Header of one component as stored: with (v3) or without (v1) a pool name.
enum class LovVersion : std::uint8_t { v1, v3 };

// Striping of one file range. In a plain layout the only component covers [0, EOF).
struct Component {
  std::uint32_t id = 0;     // mirror id in the high 16 bits, sequence below; 0 in a plain layout
  std::uint32_t flags = 0;  // kComponent*
  sim::Extent extent{0, sim::kEof};
  std::uint32_t layout_gen = 0;      // generation of the component; not stored in a plain layout
  std::uint64_t timestamp_link = 0;  // 48-bit time stamp and mirror link id, kept as stored
  std::uint32_t coding = 0;          // erasure coding and compression bytes, kept as stored

  LovVersion version = LovVersion::v1;
  std::uint32_t pattern = kPatternRaid0;  // kPattern*
  ObjectId owner;                         // the MDT inode the objects belong to
  std::uint32_t stripe_size = 0;          // bytes; 0 is "default" before instantiation
  std::uint16_t stripe_count = 0;         // 0 on the MDT, or "default" before instantiation
  std::uint16_t stripe_gen = 0;           // lmm_layout_gen, the generation of a plain layout
  std::string pool;                       // empty for none
  std::vector<StripeObject> objects;      // stripe_count of them once instantiated

  bool on_mdt() const { return (pattern & kPatternMdt) != 0; }
  bool overstriped() const { return (pattern & kPatternOverstriping) != 0; }
  bool released() const { return (pattern & kPatternReleased) != 0; }
  bool instantiated() const { return (flags & kComponentInit) != 0; }
  bool stale() const { return (flags & kComponentStale) != 0; }
  bool extension() const { return (flags & kComponentExtension) != 0; }
  std::uint16_t mirror_id() const { return static_cast<std::uint16_t>(id >> 16); }

  // Data can be read from or written to it: instantiated, not released by HSM, geometry known.
  bool holds_data() const { return instantiated() && !released(); }

  // Stripes that data goes round: 1 for data on the MDT. Only for a component with a geometry.
  std::uint32_t stripes() const { return on_mdt() ? 1 : stripe_count; }
  Raid0 geometry() const { return {stripe_size, stripes()}; }

  // A SEL extension component keeps the extension size in the stripe size field, in KiB.
  sim::Bytes extension_size() const { return sim::Bytes{stripe_size} * sim::kKiB; }

  bool operator==(const Component&) const = default;
};

// The magic a layout is stored under.
enum class LayoutFormat : std::uint8_t { plain, composite, self_extending };

// Synchrony of a mirrored file, the low 4 bits of the composite flags.
enum class FlrState : std::uint8_t {
  none = 0,
  read_only = 1,
  write_pending = 2,
  sync_pending = 3,
  pcc_read_only = 8
};

inline constexpr std::uint16_t kFlrStateMask = 0xF;

// A whole layout. Components of one mirror stand together, in order of extents.
struct Layout {
  LayoutFormat format = LayoutFormat::plain;
  std::uint32_t layout_gen = 0;  // of a composite; a plain layout keeps it in stripe_gen
  std::uint16_t flags = 0;       // FlrState and flags above it
  std::uint8_t ec_count = 0;     // erasure coding components, kept as stored
  std::vector<Component> components;

  FlrState flr_state() const { return static_cast<FlrState>(flags & kFlrStateMask); }
  std::uint32_t generation() const {
    return format == LayoutFormat::plain ? components.front().stripe_gen : layout_gen;
  }

  // Number of mirrors; 1 for a file without.
  std::size_t mirror_count() const;

  // The components of mirror `index`, counted from 0 in stored order. Empty beyond the last.
  std::span<const Component> mirror(std::size_t index) const;

  // The component of mirror `index` that covers `offset`, or null. Cheap: on every I/O's path.
  const Component* component_at(sim::Bytes offset, std::size_t index = 0) const {
    if (components.size() == 1 && index == 0) {
      const Component& only = components.front();
      return only.extent.contains(offset) ? &only : nullptr;
    }
    return find_component(offset, index);
  }

  // Place of a component of this layout in `components`.
  std::uint32_t index_of(const Component& component) const {
    return static_cast<std::uint32_t>(&component - components.data());
  }

  bool operator==(const Layout&) const = default;

 private:
  const Component* find_component(sim::Bytes offset, std::size_t index) const;
};

// The mirror to read from (kComponentPreferRead) or write to (kComponentPreferWrite): the first
// without a stale or offline component that carries `preference`, else the first without, else 0.
std::size_t pick_mirror(const Layout& layout, std::uint32_t preference);

}  // namespace stripe
