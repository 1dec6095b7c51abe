#include "scenarios/run/swarm_scenario.h"

#include <fmt/format.h>

#include <initializer_list>
#include <string_view>
#include <vector>

#include "sim/rng.h"
#include "sim/units.h"

namespace scenarios {
namespace {

constexpr sim::Bytes kPage = 4 * sim::kKiB;
// Of one rank, in one phase.
constexpr sim::Bytes kMostBytes = 3 * sim::kMiB;
constexpr std::uint64_t kMostTransfers = 48;

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : rng_(sim::Rng(seed).split("swarm")) {}

  SwarmScenario scenario() {
    osts_ = 1 + rng_.below(6);
    const std::string cluster = this->cluster();
    std::string groups;
    const std::uint64_t count = 1 + rng_.below(2);
    result_.alone = count == 1;
    for (std::uint64_t i = 0; i < count; ++i) {
      groups += fmt::format("{}{}", groups.empty() ? "" : ", ", group(i));
    }
    result_.text = fmt::format(
        R"({{"name": "swarm", "seed": {}, "cluster": {}, "clients": [{}], "layout": "{}",
             "verify": true}})",
        1 + rng_.below(1000), cluster, groups, layout());
    return result_;
  }

 private:
  template <typename T>
  T pick(std::initializer_list<T> choices) {
    return *(choices.begin() + rng_.below(choices.size()));
  }
  std::string_view word(std::initializer_list<std::string_view> choices) { return pick(choices); }
  bool coin() { return rng_.chance(1, 2); }
  std::string_view flag() { return coin() ? "true" : "false"; }

  std::string cluster() {
    const std::string_view hardware = word({"null", "null", "nvme_2023", "hdd_2012", "lab_2006"});
    result_.instant = hardware == "null";
    std::string oss = fmt::format(
        R"("io_threads": {}, "nrs": "{}", "cpu_per_io": "{}us", "preallocation": "{}KiB")",
        pick({1, 2, 16, 512}), word({"fifo", "orr"}), pick({0, 20, 300}), pick({64, 1024, 8192}));
    if (coin()) {
      oss += fmt::format(R"(, "page_cache": {{"enabled": true, "size": "{}MiB", "read_cache": {},
                             "write_through": {}}})",
                         pick({1, 64}), flag(), flag());
    }
    std::string fabric = fmt::format(R"("latency": "{}us")", pick({1, 20, 500}));
    if (coin()) {
      fabric += fmt::format(
          R"(, "topology": {{"two_tier": {{"leaf_ports": {}, "oversubscription": "{}:1"}}}})",
          pick({1, 2, 4}), pick({1, 4}));
    }
    return fmt::format(R"({{"osts": {}, "oss": {}, "hardware": "{}", "overrides": {{
                            "store": "memory", "oss": {{{}}}, "fabric": {{{}}},
                            "client": {{"cores": {}}}, "mds": {{"threads": {}}}}}}})",
                       osts_, 1 + rng_.below(osts_), hardware, oss, fabric, pick({1, 16}),
                       pick({1, 64}));
  }

  std::string stripes(std::string_view option) {
    return fmt::format("-{} {} -S {}k", option, 1 + rng_.below(osts_), pick({64, 192, 1024}));
  }

  std::string layout() {
    switch (rng_.below(7)) {
      case 0:
        return fmt::format("-C {} -S 64k", 1 + rng_.below(2 * osts_));
      case 1:
        return fmt::format("-E 192k -c 1 -S 64k -E 768k -c {} -S {}k -E -1 {}",
                           1 + rng_.below(osts_), pick({64, 192}), stripes("c"));
      case 2:
        return fmt::format("-E 64k -L mdt -E -1 {}", stripes("c"));
      case 3:
        return fmt::format("-N2 {}", stripes("c"));
      case 4:
        return fmt::format("-c -1 -S 64k -i {}", rng_.below(osts_));
      default:
        return stripes("c");
    }
  }

  std::string design(bool direct) {
    const int rpc = pick({64, 1024, 4096});  // KiB
    return fmt::format(
        R"({{"preset": "lustre", "direct_io": {}, "max_rpc_size": "{}KiB", "max_rpcs_in_flight": {},
             "max_dirty_per_ost": "{}KiB", "short_io": "{}KiB", "checksums": {}, "coalescing": "{}",
             "dispatch": "{}", "read_ahead": {{"enabled": {}, "max_per_file": "{}KiB",
             "max_total": "{}KiB", "whole_file": "{}KiB"}}, "page_cache": {{"size": "{}KiB"}}}})",
        direct, rpc, pick({1, 2, 8}), rpc * pick({1, 2, 100}), pick({0, 4, 16}), flag(),
        word({"none", "adjacent", "read_through", "vector"}), word({"parallel", "serial"}), flag(),
        pick({64, 1024, 65536}), pick({256, 1024, 65536}), pick({0, 2048}), pick({1024, 65536}));
  }

  std::string group(std::uint64_t index) {
    const std::uint64_t nodes = 1 + rng_.below(3);
    const bool direct = coin();
    const bool own_files = coin();
    const bool any_size = direct || own_files || nodes == 1;
    sim::Bytes transfer =
        any_size
            ? pick<sim::Bytes>({8, 1000, kPage, 47008, 64 * sim::kKiB, sim::kMiB, 3 * sim::kMiB})
            : pick<sim::Bytes>({kPage, 64 * sim::kKiB, sim::kMiB});
    result_.direct = result_.direct && direct;
    result_.whole_pages = result_.whole_pages && transfer % kPage == 0;
    const std::uint64_t most = std::min<std::uint64_t>(kMostTransfers, kMostBytes / transfer);
    const std::uint64_t transfers = 1 + rng_.below(most);
    const std::uint64_t segments = transfers % 2 == 0 && coin() ? 2 : 1;
    std::string line = fmt::format("-w -r -e -t {} -b {} -s {} -o /dir{}/file", transfer,
                                   transfer * transfers / segments, segments, index);
    line += own_files ? word({" -F", " -F -u"}) : "";
    const std::string_view reorder = word({"", " -C", " -Z", " -Z -Z"});
    line += reorder;
    // In a shared file -z shuffles by itself.
    const bool shuffles = transfers / segments > 1 && (reorder.empty() || own_files);
    line += shuffles ? word({"", "", " -z"}) : "";
    line += word({"", " -W"});
    line += word({"", " -g"});
    line += word({"", "", " -i 2"});
    line += word({"", " -Y"});
    return fmt::format(R"({{"name": "g{}", "count": {}, "tasks_per_node": {}, "layout": "{}",
                            "design": {}, "workload": {{"ior": "{}"}}}})",
                       index, nodes, 1 + rng_.below(3), layout(), design(direct), line);
  }

  sim::Rng rng_;
  std::uint64_t osts_ = 1;
  SwarmScenario result_;
};

}  // namespace

SwarmScenario swarm_scenario(std::uint64_t seed) { return Draw(seed).scenario(); }

}  // namespace scenarios
