// A replayed trace: the operations are held in memory, as the dump they came from was.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "scenarios/workload/workload.h"

namespace scenarios {

class DxtWorkload : public Workload {
 public:
  // `ops`: for each rank what it does in the one phase of `plan`, without markers.
  DxtWorkload(Plan plan, std::vector<std::vector<Op>> ops)
      : Workload(std::move(plan)), ops_(std::move(ops)) {}

  std::unique_ptr<OpStream> stream(std::uint32_t rank) const override;
  Summary summary() const override;

 private:
  std::vector<std::vector<Op>> ops_;
};

}  // namespace scenarios
