// What the tests of clients that share files have in common.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "scenarios/run/run_testing.h"

namespace scenarios {

// Groups of clients on one small file over two OSTs that take no time: `clients` is the list's
// text.
inline reports::Result share(const std::string& clients, std::vector<std::string> sets = {}) {
  const std::string text =
      R"({"name": "t", "cluster": {"osts": 2, "hardware": "nvme_2023"}, "layout": "-c 2 -S 64k",
          "clients": [)" +
      clients + "]}";
  return run_text(text, sets);
}

// One group with these members beside its workload, which is `sharing`.
inline std::string group_of(const std::string& members, const std::string& sharing) {
  return "{" + members + R"(, "workload": {"sharing": {)" + sharing + "}}}";
}

// The judgement of a run, which must have been asked for.
inline reports::Coherence judged(const reports::Result& result) {
  EXPECT_TRUE(result.coherence.has_value());
  return result.coherence.value_or(reports::Coherence());
}

// Violations of a guarantee of blocks.
inline std::uint64_t violations(const reports::Result& result, std::string_view guarantee) {
  for (const reports::GuaranteeResult& g : judged(result).blocks.guarantees) {
    if (g.name == guarantee) {
      return g.violations;
    }
  }
  ADD_FAILURE() << guarantee << " was not judged";
  return 0;
}

// Nothing was stale or impossible, and every guarantee held.
inline void expect_coherent(const reports::Result& result) {
  const reports::Coherence c = judged(result);
  for (const reports::RegisterCoherence* registers : {&c.blocks, &c.sizes, &c.mtimes}) {
    EXPECT_EQ(registers->staleness.stale, 0u);
    EXPECT_EQ(registers->impossible, 0u);
    for (const reports::GuaranteeResult& guarantee : registers->guarantees) {
      EXPECT_EQ(guarantee.violations, 0u) << guarantee.name;
    }
  }
  EXPECT_EQ(c.undecodable, 0u);
  EXPECT_EQ(c.unknown_writes, 0u);
  EXPECT_TRUE(c.stories.empty()) << c.stories.front();
}

}  // namespace scenarios
