#include "scenarios/sweep/variants.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

#include "scenarios/settings.h"

namespace scenarios {
namespace {

// One choice of each axis, by its index.
using Selection = std::vector<std::size_t>;

// Goes on to the next one, the last axis first; false after the last.
bool advance(Selection& selection, const std::vector<Axis>& axes) {
  for (std::size_t i = axes.size(); i-- > 0;) {
    if (++selection[i] < axes[i].choices.size()) {
      return true;
    }
    selection[i] = 0;
  }
  return false;
}

std::vector<reports::Label> labels_of(const Selection& selection, const std::vector<Axis>& axes) {
  std::vector<reports::Label> labels;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    labels.push_back({axes[i].name, axes[i].choices[selection[i]].label});
  }
  return labels;
}

void apply(const Axis& axis, const Choice& choice, const std::string& file, Json& json,
           Faults& faults) {
  for (const Setting& setting : choice.settings) {
    const auto value = parse_json(setting.value, setting.path);
    sim::Status status = value ? sim::Status() : sim::Status(value.error());
    if (setting.path == "vary" || setting.path == "thresholds") {
      status = sim::Error{sim::Errc::invalid_argument, "this is of the sweep, not of a variant"};
    } else if (status) {
      status = apply_value(setting.path, *value, json);
    }
    if (!status) {
      faults.add(file, fmt::format("vary.{}", axis.name), status.error().message);
    }
  }
}

// The faults of all variants, each told once.
class Gathered {
 public:
  void add(const std::string& label, const Faults& faults) {
    ++variants_;
    for (const Fault& fault : faults.kept()) {
      const auto same = std::ranges::find_if(found_, [&fault](const Found& found) {
        return found.fault.path == fault.path && found.fault.message == fault.message &&
               found.fault.file == fault.file;
      });
      if (same == found_.end() && found_.size() < kMostFound) {
        found_.push_back({fault, label, 1});
      } else if (same != found_.end()) {
        ++same->variants;
      }
    }
  }

  void tell(Faults& all) const {
    for (const Found& found : found_) {
      const std::size_t others = found.variants - 1;
      std::string file = found.fault.file;
      if (found.variants < variants_) {
        file += fmt::format(": variant {}", found.label);
        file += others > 0 ? fmt::format(" and {} more", others) : "";
      }
      all.add(std::move(file), found.fault.path, found.fault.message);
    }
  }

 private:
  // No report tells of more, and finding equal ones costs their square.
  static constexpr std::size_t kMostFound = 4 * Faults::kKept;
  struct Found {
    Fault fault;
    std::string label;  // of the first variant that has it
    std::size_t variants;
  };
  std::size_t variants_ = 0;
  std::vector<Found> found_;
};

Variant variant_of(Json json, const Selection& selection, const std::vector<Axis>& axes,
                   const SourceText& source, const ReadOptions& options, Faults& faults) {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    apply(axes[i], axes[i].choices[selection[i]], source.name, json, faults);
  }
  return {labels_of(selection, axes), scenario_of(json, source, source.name, options, faults)};
}

}  // namespace

sim::Result<Sweep> read_sweep(const SourceText& source, const ReadOptions& options) {
  Faults faults;
  auto json = scenario_json(source, options, faults);
  if (!json) {
    return json.error();
  }
  Sweep sweep;
  sweep.file = source.name;
  Faults unclear;
  sweep.spec = sweep_of(*json, source, options, unclear);
  if (!unclear.none()) {
    // No variants can be made: the faults of the file as it stands, these among them.
    scenario_of(*json, source, source.name, options, faults);
    return faults.error();
  }
  if (json->is_object()) {
    json->erase("vary");
    json->erase("thresholds");
  }
  Selection selection(sweep.spec.axes.size());
  Gathered gathered;
  do {
    Faults own;
    sweep.variants.push_back(variant_of(*json, selection, sweep.spec.axes, source, options, own));
    gathered.add(sweep.variants.back().label(), own);
  } while (advance(selection, sweep.spec.axes));
  gathered.tell(faults);
  if (!faults.none()) {
    return faults.error();
  }
  return sweep;
}

sim::Result<Sweep> load_sweep(std::string_view name_or_path, const ReadOptions& options) {
  const auto source = open_scenario(name_or_path);
  return source ? read_sweep(*source, options) : sim::Result<Sweep>(source.error());
}

}  // namespace scenarios
