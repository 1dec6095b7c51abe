// Makes the variants of a scenario that varies something.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/sweep.h"
#include "scenarios/spec_reader.h"

namespace scenarios {

// One scenario of a sweep: an ordinary one, which says nothing of the others.
struct Variant {
  std::vector<reports::Label> labels;  // by axis, in order; none when nothing is varied
  Scenario scenario;

  // "lustre, -c 4"; empty without labels.
  std::string label() const { return reports::label_text(labels); }
};

struct Sweep {
  std::string file;  // for messages
  SweepSpec spec;
  std::vector<Variant> variants;  // at least one
};

// As read_scenario, for a scenario that may vary something; --set applies before anything is
// varied. Every variant is checked: a fault of all of them is told as that of a scenario, one of
// some "FILE: variant LABEL: PATH: ...". Thresholds are not judged here, see thresholds.h.
sim::Result<Sweep> read_sweep(const SourceText& source, const ReadOptions& options = {});

// Reads the library's scenario of that name, or the file at that path.
sim::Result<Sweep> load_sweep(std::string_view name_or_path, const ReadOptions& options = {});

}  // namespace scenarios
