#include "scenarios/design.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "scenarios/nearest.h"

namespace scenarios {
namespace {

DesignSpec lustre() { return {}; }

// What differs through 2.12: the read-ahead budget is 64 MiB for a file and in all (RAM/32 at most
// 64 MiB), files up to 2 MiB are fetched whole.
DesignSpec lustre_2_12() {
  DesignSpec d;
  d.preset = "lustre_2_12";
  d.read_ahead.max_per_file = 64 * sim::kMiB;
  d.read_ahead.max_total = 64 * sim::kMiB;
  d.read_ahead.whole_file = 2 * sim::kMiB;
  d.read_ahead.asynchronous = false;
  return d;
}

constexpr DesignPreset kPresets[] = {
    {"lustre", "Lustre 2.17", lustre},
    {"lustre_2_12", "Lustre 2.12: a smaller read-ahead budget", lustre_2_12},
};

}  // namespace

std::span<const DesignPreset> design_presets() { return kPresets; }

sim::Result<DesignSpec> design_preset(std::string_view name) {
  std::vector<std::string_view> known;
  for (const DesignPreset& preset : kPresets) {
    if (preset.name == name) {
      return preset.make();
    }
    known.push_back(preset.name);
  }
  return sim::Error{sim::Errc::not_found,
                    fmt::format("no design is called \"{}\"; {}", name, suggest(name, known))};
}

}  // namespace scenarios
