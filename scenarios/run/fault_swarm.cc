#include "scenarios/run/fault_swarm.h"

#include <algorithm>

#include "scenarios/run/dice.h"
#include "scenarios/workload/sharing/pattern.h"

namespace scenarios {
namespace {

// By then, in ms: without its files a run cannot begin.
constexpr std::uint64_t kFilesAreMade = 100;

sim::Duration span(std::uint64_t s) { return sim::seconds(static_cast<std::int64_t>(s)); }

class Draw {
 public:
  Draw(std::uint64_t seed, MdsRestarts mds)
      : dice_(seed, "fault swarm"), mds_dice_(seed, "MDS restarts"), mds_(mds) {}

  FaultScenario scenario() {
    osts_ = dice_.from_1_to(4);
    oss_ = dice_.from_1_to(osts_);
    clients_ = dice_.from_1_to(2) + 1;
    ping_ = dice_.pick<std::uint64_t>({2, 25});
    timeout_ = dice_.pick<std::uint64_t>({5, 100});
    const std::string faults = this->faults();
    const std::string group = this->group();
    std::ranges::sort(outages_, {}, &FaultScenario::Outage::from);
    const std::uint64_t bound = ping_ + timeout_;
    std::string text =
        DrawnText{
            R"({{"name": "fault_swarm", "seed": {}, "cluster": {{"osts": {}, "oss": {},
                 "hardware": "{}", "overrides": {{"store": "memory",
                 "fabric": {{"latency": "{}us"}}}}}}, "clients": [{}], "layout": "-c {} -S {}k",
                 "staleness_bound": "{}s", "faults": [{}]}})",
            dice_.from_1_to(1000),
            osts_,
            oss_,
            dice_.word({"null", "nvme_2023"}),
            dice_.pick({1, 20, 500}),
            group,
            dice_.from_1_to(osts_),
            dice_.pick({64, 1024}),
            bound,
            faults}
            .text;
    return {std::move(text), span(bound), 4 * slowest_, std::move(outages_)};
  }

 private:
  std::string faults() {
    std::string all;
    for (std::uint64_t left = dice_.from_1_to(3); left > 0; --left) {
      const std::uint64_t length = dice_.pick<std::uint64_t>({1, 20, 130, 310});
      const std::uint64_t at = std::max(kFilesAreMade, dice_.below(90'000));
      const sim::TimePoint from =
          sim::TimePoint() + sim::milliseconds(static_cast<std::int64_t>(at));
      FaultScenario::Outage& outage = outages_.emplace_back();
      outage.from = from;
      outage.to = from + span(length);
      const std::string when = DrawnText{R"("at": "{}ms", "for": "{}s")", at, length}.text;
      all += (all.empty() ? "" : ", ") + DrawnText{"{{{}, {}}}", when, what(left, outage)}.text;
    }
    return mds_ == MdsRestarts::yes ? all + mds_restarts() : all;
  }

  // From dice of their own, so that all else is as it is without them.
  std::string mds_restarts() {
    std::string all;
    std::uint64_t from = 100 + mds_dice_.below(mds_dice_.coin() ? 1'000 : 20'000);
    for (std::uint64_t left = mds_dice_.from_1_to(2); left > 0; --left) {
      const std::uint64_t length = mds_dice_.pick<std::uint64_t>({1, 20, 130});
      const sim::TimePoint at =
          sim::TimePoint() + sim::milliseconds(static_cast<std::int64_t>(from));
      outages_.push_back({at, at + span(length)});
      all += DrawnText{R"(, {{"at": "{}ms", "for": "{}s", "restart": "mds0"}})", from, length}.text;
      from += length * 1000 + 1 + mds_dice_.below(20'000);
    }
    return all;
  }

  // A server does not restart twice: it may not be away already.
  std::string what(std::uint64_t number, FaultScenario::Outage& outage) {
    const std::uint64_t client = dice_.below(clients_);
    const std::uint64_t server = dice_.below(oss_);
    const std::uint64_t kind = dice_.below(4);
    if (kind == 3 && number <= oss_) {
      outage.server = DrawnText{"oss{}", number - 1}.text;
      return DrawnText{R"("restart": "{}")", outage.server}.text;
    }
    outage.client = static_cast<std::uint32_t>(client) + 1;
    if (kind == 0 || kind == 3) {
      return DrawnText{R"("silent_client": "g{}")", client}.text;
    }
    outage.server = DrawnText{"oss{}", server}.text;
    const std::string link = DrawnText{R"("from": "g{}", "to": "{}")", client, outage.server}.text;
    return kind == 1 ? DrawnText{R"("link_down": {{{}}})", link}.text
                     : DrawnText{R"("link_delay": {{{}, "delay": "{}ms"}})", link, delay()}.text;
  }

  std::uint64_t delay() {
    const auto delay = dice_.pick<std::uint64_t>({10, 3000});
    slowest_ = std::max(slowest_, sim::milliseconds(static_cast<std::int64_t>(delay)));
    return delay;
  }

  std::string group() {
    const auto pattern = static_cast<SharingPattern>(dice_.below(7));
    const SharingPatternRow& row = sharing_pattern(pattern);
    const auto record = dice_.pick<std::uint64_t>({4096, 1000, 16384, 200000});
    std::string spec = DrawnText{R"("pattern": "{}", "record": "{}B", "rounds": {}, "files": {},
                                    "think": "{}ms")",
                                 row.name,
                                 record,
                                 4 + dice_.below(40),
                                 dice_.from_1_to(2),
                                 dice_.pick({100, 3000, 10000})}
                           .text;
    if (row.sized) {
      spec += DrawnText{R"(, "file_size": "{}B")", record * dice_.from_1_to(40)}.text;
    }
    if (row.mixes) {
      spec += DrawnText{R"(, "write_percent": {})", dice_.pick({10, 50, 90})}.text;
    }
    spec += dice_.coin() ? R"(, "fsync": true)" : "";
    return DrawnText{
        R"({{"name": "g", "count": {}, "tasks_per_node": {}, "design": {{"preset": "lustre",
             "coherence": "ldlm", "direct_io": {}, "max_rpc_size": "{}KiB", "ping_interval": "{}s",
             "rpc_timeout": "{}s", "dispatch": "{}", "page_cache": {{"size": "{}KiB"}}}},
             "workload": {{"sharing": {{{}}}}}}})",
        clients_,
        dice_.from_1_to(2),
        dice_.chance(1, 6),
        dice_.pick({64, 1024}),
        ping_,
        timeout_,
        dice_.word({"parallel", "serial"}),
        dice_.pick({64, 65536}),
        spec}
        .text;
  }

  Dice dice_;
  Dice mds_dice_;
  MdsRestarts mds_;
  std::uint64_t osts_ = 1;
  std::uint64_t oss_ = 1;
  std::uint64_t clients_ = 1;
  std::uint64_t ping_ = 0;  // s, as all that follows
  std::uint64_t timeout_ = 0;
  sim::Duration slowest_ = sim::milliseconds(1);  // a message's way
  std::vector<FaultScenario::Outage> outages_;
};

}  // namespace

FaultScenario fault_swarm_scenario(std::uint64_t seed, MdsRestarts mds) {
  return Draw(seed, mds).scenario();
}

}  // namespace scenarios
