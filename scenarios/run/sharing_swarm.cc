#include "scenarios/run/sharing_swarm.h"

#include <string_view>

#include "scenarios/run/dice.h"
#include "scenarios/workload/sharing/pattern.h"

namespace scenarios {
namespace {

class Draw {
 public:
  Draw(std::uint64_t seed, SwarmPolicy policy) : policy_(policy), dice_(seed, "sharing swarm") {}

  std::string scenario() {
    osts_ = dice_.from_1_to(4);
    const std::string layout = this->layout();
    const std::string shared = sharing();
    std::string groups = group(0, shared);
    if (dice_.coin()) {
      groups += ", " + group(1, shared);
    }
    return DrawnText{
        R"({{"name": "sharing_swarm", "seed": {}, "cluster": {{"osts": {}, "oss": {},
             "share_servers": 5,
             "hardware": "{}", "overrides": {{"store": "memory", "fabric": {{"latency": "{}us"}},
             "client": {{"cores": {}}}, "oss": {{"io_threads": {}, "lock_threads": {}}}}}}},
             "clients": [{}], "layout": "{}"}})",
        dice_.from_1_to(1000),
        osts_,
        dice_.from_1_to(osts_),
        dice_.word({"null", "nvme_2023", "hdd_2012"}),
        dice_.pick({1, 20, 500}),
        dice_.pick({1, 8}),
        dice_.pick({1, 2, 64}),
        dice_.pick({1, 64}),
        groups,
        layout}
        .text;
  }

 private:
  std::string layout() {
    switch (dice_.below(4)) {
      case 0:
        return DrawnText{"-E 192k -c 1 -S 64k -E -1 -c {} -S 64k", dice_.from_1_to(osts_)}.text;
      case 1:
        return DrawnText{"-C {} -S 64k", dice_.from_1_to(2 * osts_)}.text;
      default:
        return DrawnText{"-c {} -S {}k", dice_.from_1_to(osts_), dice_.pick({64, 192, 1024})}.text;
    }
  }

  // What all groups of the set agree on, and what acts in this pattern.
  std::string sharing() {
    const auto pattern = static_cast<SharingPattern>(dice_.below(7));
    const SharingPatternRow& row = sharing_pattern(pattern);
    const auto record = dice_.pick<std::uint64_t>({4096, 4096, 1000, 16384, 200000});
    std::string spec = DrawnText{R"("pattern": "{}", "record": "{}B", "rounds": {}, "files": {})",
                                 row.name, record, 4 + dice_.below(40), dice_.from_1_to(3)}
                           .text;
    if (row.sized) {
      spec += DrawnText{R"(, "file_size": "{}B")", record * (dice_.from_1_to(60))}.text;
    }
    if (row.told && dice_.coin()) {
      spec += DrawnText{R"(, "delay": "{}us")", dice_.pick({0, 10, 1000})}.text;
    }
    if (row.picks && dice_.coin()) {
      spec += R"(, "locality_percent": 80)";
    }
    if (row.mixes) {
      spec += DrawnText{R"(, "write_percent": {})", dice_.pick({10, 50, 90})}.text;
    }
    if (!row.visits && dice_.coin()) {
      spec += R"(, "open_per_round": true)";
    }
    if (dice_.coin()) {
      spec += R"(, "think": "200us")";
    }
    first_only_ = row.split == SharingSplit::first;
    return spec;
  }

  std::string group(int number, const std::string& shared) {
    const std::string_view fsync = dice_.coin() ? R"(, "fsync": true)" : "";
    const std::string_view role = number > 0 && first_only_ ? R"(, "role": "reader")" : "";
    return DrawnText{
        R"({{"name": "g{}", "count": {}, "tasks_per_node": {}, "design": {{"preset": "lustre",
             {}, "direct_io": {}, "max_rpc_size": "{}KiB",
             "max_dirty_per_ost": "{}KiB", "coalescing": "{}", "dispatch": "{}",
             "read_ahead": {{"enabled": {}, "whole_file": "{}KiB"}},
             "page_cache": {{"size": "{}KiB"}}}},
             "workload": {{"sharing": {{{}{}{}}}}}}})",
        number,
        2 + dice_.below(3),
        dice_.from_1_to(2),
        coherence(),
        dice_.chance(1, 4) && policy_ != SwarmPolicy::split_cached,
        dice_.pick({64, 1024, 4096}),
        dice_.pick({4096, 65536}),
        dice_.word({"none", "adjacent", "vector"}),
        dice_.word({"parallel", "serial"}),
        dice_.coin(),
        dice_.pick({0, 2048}),
        dice_.pick({64, 1024, 65536}),
        shared,
        role.empty() ? fsync : "",
        role}
        .text;
  }

  std::string_view coherence() const {
    switch (policy_) {
      case SwarmPolicy::split_redirected:
        return R"("coherence": "split", "split": {"redirect": "all"})";
      case SwarmPolicy::split_cached:
        return R"("coherence": "split", "split": {"purge": "close"})";
      case SwarmPolicy::ldlm:
        break;
    }
    return R"("coherence": "ldlm")";
  }

  SwarmPolicy policy_;
  Dice dice_;
  std::uint64_t osts_ = 1;
  bool first_only_ = false;
};

}  // namespace

std::string sharing_swarm_scenario(std::uint64_t seed, SwarmPolicy policy) {
  return Draw(seed, policy).scenario();
}

}  // namespace scenarios
