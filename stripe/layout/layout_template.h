// What a user asks for: a layout before the MDT has chosen objects for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/status.h"
#include "sim/units.h"

namespace stripe {

// Striping of a file range that begins where the component before it ends, or at 0.
struct ComponentTemplate {
  sim::Bytes end = sim::kEof;
  bool on_mdt = false;  // data on the MDT; nothing below but the pool and flags may be set then
  bool overstriped = false;                // an OST may hold several stripes
  sim::Bytes stripe_size = 0;              // bytes; 0 is the file system's default
  std::int32_t stripe_count = 0;           // 0 is the default, -k is k stripes on every OST
  std::optional<std::uint32_t> first_ost;  // the OST of stripe 0
  std::vector<std::uint32_t> osts;         // exactly these OSTs, in order; empty for any
  std::string pool;                        // empty for none
  std::uint32_t flags = 0;                 // kComponentPreferRead, PreferWrite, NoSync
  bool operator==(const ComponentTemplate&) const = default;
};

// `copies` mirrors of the same striping.
struct MirrorTemplate {
  std::uint16_t copies = 1;
  std::vector<ComponentTemplate> components;
  bool operator==(const MirrorTemplate&) const = default;
};

// A plain layout has one mirror of one component to EOF and neither bit set.
struct LayoutTemplate {
  bool composite = false;  // components have ends
  bool mirrored = false;
  std::vector<MirrorTemplate> mirrors;

  // The component that `Layout::components[place]` of an instantiated layout is made from.
  const ComponentTemplate& component(std::size_t place) const;

  bool operator==(const LayoutTemplate&) const = default;
};

// Ok when Lustre would accept the request, else the first fault with its component, counted from 1
// over all mirrors, and what would be right.
sim::Status check_template(const LayoutTemplate& wanted);

}  // namespace stripe
