#include "scenarios/run/swarm_scenario.h"

#include <string_view>
#include <vector>

#include "scenarios/run/dice.h"
#include "sim/units.h"

namespace scenarios {
namespace {

constexpr sim::Bytes kPage = 4 * sim::kKiB;
// Of one rank, in one phase.
constexpr sim::Bytes kMostBytes = 3 * sim::kMiB;
constexpr std::uint64_t kMostTransfers = 48;

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : dice_(seed, "swarm") {}

  SwarmScenario scenario() {
    osts_ = dice_.from_1_to(6);
    const std::string cluster = this->cluster();
    std::string groups;
    const std::uint64_t count = dice_.from_1_to(2);
    result_.alone = count == 1;
    for (std::uint64_t i = 0; i < count; ++i) {
      groups += DrawnText{"{}{}", groups.empty() ? "" : ", ", group(i)}.text;
    }
    result_.text =
        DrawnText{
            R"({{"name": "swarm", "seed": {}, "cluster": {}, "clients": [{}], "layout": "{}",
             "verify": true}})",
            dice_.from_1_to(1000), cluster, groups, layout()}
            .text;
    return result_;
  }

 private:
  std::string cluster() {
    const std::string_view hardware =
        dice_.word({"null", "null", "nvme_2023", "hdd_2012", "lab_2006"});
    result_.instant = hardware == "null";
    std::string oss =
        DrawnText{
            R"("io_threads": {}, "nrs": "{}", "cpu_per_io": "{}us", "preallocation": "{}KiB")",
            dice_.pick({1, 2, 16, 512}), dice_.word({"fifo", "orr"}), dice_.pick({0, 20, 300}),
            dice_.pick({64, 1024, 8192})}
            .text;
    if (dice_.coin()) {
      oss += DrawnText{R"(, "page_cache": {{"enabled": true, "size": "{}MiB", "read_cache": {},
                             "write_through": {}}})",
                       dice_.pick({1, 64}), dice_.flag(), dice_.flag()}
                 .text;
    }
    std::string fabric = DrawnText{R"("latency": "{}us")", dice_.pick({1, 20, 500})}.text;
    if (dice_.coin()) {
      fabric +=
          DrawnText{
              R"(, "topology": {{"two_tier": {{"leaf_ports": {}, "oversubscription": "{}:1"}}}})",
              dice_.pick({1, 2, 4}), dice_.pick({1, 4})}
              .text;
    }
    return DrawnText{R"({{"osts": {}, "oss": {}, "hardware": "{}", "overrides": {{
                            "store": "memory", "oss": {{{}}}, "fabric": {{{}}},
                            "client": {{"cores": {}}}, "mds": {{"threads": {}}}}}}})",
                     osts_,
                     dice_.from_1_to(osts_),
                     hardware,
                     oss,
                     fabric,
                     dice_.pick({1, 16}),
                     dice_.pick({1, 64})}
        .text;
  }

  std::string stripes(std::string_view option) {
    return DrawnText{"-{} {} -S {}k", option, dice_.from_1_to(osts_), dice_.pick({64, 192, 1024})}
        .text;
  }

  std::string layout() {
    switch (dice_.below(7)) {
      case 0:
        return DrawnText{"-C {} -S 64k", dice_.from_1_to(2 * osts_)}.text;
      case 1:
        return DrawnText{"-E 192k -c 1 -S 64k -E 768k -c {} -S {}k -E -1 {}",
                         dice_.from_1_to(osts_), dice_.pick({64, 192}), stripes("c")}
            .text;
      case 2:
        return DrawnText{"-E 64k -L mdt -E -1 {}", stripes("c")}.text;
      case 3:
        return DrawnText{"-N2 {}", stripes("c")}.text;
      case 4:
        return DrawnText{"-c -1 -S 64k -i {}", dice_.below(osts_)}.text;
      default:
        return stripes("c");
    }
  }

  std::string design(bool direct) {
    const int rpc = dice_.pick({64, 1024, 4096});  // KiB
    return DrawnText{
        R"({{"preset": "lustre", "direct_io": {}, "max_rpc_size": "{}KiB", "max_rpcs_in_flight": {},
             "max_dirty_per_ost": "{}KiB", "short_io": "{}KiB", "checksums": {}, "coalescing": "{}",
             "dispatch": "{}", "read_ahead": {{"enabled": {}, "max_per_file": "{}KiB",
             "max_total": "{}KiB", "whole_file": "{}KiB"}}, "page_cache": {{"size": "{}KiB"}}}})",
        direct,
        rpc,
        dice_.pick({1, 2, 8}),
        rpc * dice_.pick({1, 2, 100}),
        dice_.pick({0, 4, 16}),
        dice_.flag(),
        dice_.word({"none", "adjacent", "read_through", "vector"}),
        dice_.word({"parallel", "serial"}),
        dice_.flag(),
        dice_.pick({64, 1024, 65536}),
        dice_.pick({256, 1024, 65536}),
        dice_.pick({0, 2048}),
        dice_.pick({1024, 65536})}
        .text;
  }

  std::string group(std::uint64_t index) {
    const std::uint64_t nodes = dice_.from_1_to(3);
    const bool direct = dice_.coin();
    const bool own_files = dice_.coin();
    const bool any_size = direct || own_files || nodes == 1;
    sim::Bytes transfer = any_size ? dice_.pick<sim::Bytes>({8, 1000, kPage, 47008, 64 * sim::kKiB,
                                                             sim::kMiB, 3 * sim::kMiB})
                                   : dice_.pick<sim::Bytes>({kPage, 64 * sim::kKiB, sim::kMiB});
    result_.direct = result_.direct && direct;
    result_.whole_pages = result_.whole_pages && transfer % kPage == 0;
    const std::uint64_t most = std::min<std::uint64_t>(kMostTransfers, kMostBytes / transfer);
    const std::uint64_t transfers = dice_.from_1_to(most);
    const std::uint64_t segments = transfers % 2 == 0 && dice_.coin() ? 2 : 1;
    std::string line = DrawnText{"-w -r -e -t {} -b {} -s {} -o /dir{}/file", transfer,
                                 transfer * transfers / segments, segments, index}
                           .text;
    line += own_files ? dice_.word({" -F", " -F -u"}) : "";
    const std::string_view reorder = dice_.word({"", " -C", " -Z", " -Z -Z"});
    line += reorder;
    // In a shared file -z shuffles by itself.
    const bool shuffles = transfers / segments > 1 && (reorder.empty() || own_files);
    line += shuffles ? dice_.word({"", "", " -z"}) : "";
    line += dice_.word({"", " -W"});
    line += dice_.word({"", " -g"});
    line += dice_.word({"", "", " -i 2"});
    line += dice_.word({"", " -Y"});
    return DrawnText{R"({{"name": "g{}", "count": {}, "tasks_per_node": {}, "layout": "{}",
                            "design": {}, "workload": {{"ior": "{}"}}}})",
                     index,
                     nodes,
                     dice_.from_1_to(3),
                     layout(),
                     design(direct),
                     line}
        .text;
  }

  Dice dice_;
  std::uint64_t osts_ = 1;
  SwarmScenario result_;
};

}  // namespace

SwarmScenario swarm_scenario(std::uint64_t seed) { return Draw(seed).scenario(); }

}  // namespace scenarios
