// What tests of IOR workloads share: making one from a line, and picking its operations.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/workload/ior.h"

namespace scenarios {

inline std::unique_ptr<Workload> make(std::string_view line, const IorContext& context = {}) {
  auto workload = ior_workload(line, context);
  EXPECT_TRUE(workload.ok()) << line << ": " << workload.error().message;
  return workload.ok() ? std::move(*workload) : nullptr;
}

inline std::string error_of(std::string_view line, const IorContext& context = {}) {
  const auto workload = ior_workload(line, context);
  return workload.ok() ? "accepted" : workload.error().message;
}

inline std::vector<Op> ops_of(const Workload& workload, std::uint32_t rank, OpKind kind,
                              std::string_view phase = "") {
  std::vector<Op> found;
  const auto stream = workload.stream(rank);
  for (Op op; stream->next(op);) {
    if (op.kind == kind && (phase.empty() || workload.plan().phases[op.phase].name == phase)) {
      found.push_back(op);
    }
  }
  return found;
}

inline std::string kinds_of(const Workload& workload, std::uint32_t rank) {
  std::string kinds;
  const auto stream = workload.stream(rank);
  for (Op op; stream->next(op);) {
    kinds += kinds.empty() ? "" : " ";
    kinds += op_kind_name(op.kind);
  }
  return kinds;
}

}  // namespace scenarios
