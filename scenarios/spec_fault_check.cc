#include "scenarios/spec_fault_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "scenarios/exact_units.h"

namespace scenarios {
namespace {

// Names of nodes: of one kind, or of all.
enum class Kind { any, client, server };

class FaultChecker {
 public:
  FaultChecker(const Scenario& scenario, const std::string& file, Faults& faults)
      : scenario_(scenario), file_(file), faults_(faults) {}

  void check(std::size_t index) {
    const FaultSpec& fault = scenario_.faults[index];
    path_ = fmt::format("faults[{}]", index);
    const int given = !fault.silent_client.empty() + fault.link_down.has_value() +
                      fault.link_delay.has_value() + !fault.restart.empty();
    rule(given == 1, "",
         fmt::format("found {} of silent_client, link_down, link_delay and restart; exactly one "
                     "would be right",
                     given));
    rule(fault.duration > sim::Duration(), ".for", "a fault of 0s; longer would be right");
    check_node(fault.silent_client, Kind::client, ".silent_client");
    check_node(fault.restart, Kind::server, ".restart");
    if (fault.link_down) {
      check_link(*fault.link_down, ".link_down");
      rule(fault.link_down->delay == sim::Duration(), ".link_down.delay",
           "what is lost is not late; leave delay out, or make it a link_delay");
    }
    if (fault.link_delay) {
      check_link(*fault.link_delay, ".link_delay");
      rule(fault.link_delay->delay > sim::Duration(), ".link_delay.delay",
           "a delay of 0s changes nothing; \"50ms\" would be right");
    }
    if (!fault.restart.empty()) {
      check_restart(index);
    }
  }

 private:
  void rule(bool holds, std::string_view where, std::string message) {
    const std::string path = path_ + std::string(where);
    if (!holds && !faults_.touch({path})) {
      faults_.add(file_, path, std::move(message));
    }
  }

  // The node of a client is its group and its number in it; how many a trace has, its file tells.
  bool is_client(const std::string& name) const {
    return std::ranges::any_of(scenario_.clients, [&name](const ClientGroup& group) {
      const std::string_view number =
          std::string_view(name).substr(std::min(group.name.size(), name.size()));
      if (!name.starts_with(group.name) || number.empty() || number.size() > 6 ||
          number.find_first_not_of("0123456789") != std::string_view::npos ||
          (number.size() > 1 && number.front() == '0')) {
        return false;
      }
      return !group.workload.dxt.empty() || std::stoul(std::string(number)) < group.count;
    });
  }
  bool is_server(const std::string& name) const {
    for (std::uint32_t i = 0; i < scenario_.cluster.oss; ++i) {
      if (name == fmt::format("oss{}", i)) {
        return true;
      }
    }
    return name == "mds0";
  }

  void check_node(const std::string& name, Kind kind, std::string_view where) {
    if (name.empty()) {
      return;
    }
    const std::string servers = fmt::format("mds0 and oss0 to oss{}", scenario_.cluster.oss - 1);
    const std::string client = scenario_.clients.empty() ? "" : scenario_.clients[0].name + "0";
    switch (kind) {
      case Kind::client:
        rule(is_client(name), where,
             fmt::format("\"{}\" is no client; one is group and number, \"{}\"", name, client));
        break;
      case Kind::server:
        rule(is_server(name), where, fmt::format("\"{}\" is no server; {} are", name, servers));
        break;
      case Kind::any:
        rule(is_client(name) || is_server(name), where,
             fmt::format("\"{}\" is no node; {} are, and clients such as \"{}\"", name, servers,
                         client));
    }
  }

  void check_link(const LinkSpec& link, const std::string& where) {
    check_node(link.from, Kind::any, where + ".from");
    check_node(link.to, Kind::any, where + ".to");
    rule(link.from != link.to, where,
         fmt::format("a link from \"{}\" to itself; two nodes would be right", link.from));
  }

  void check_restart(std::size_t index) {
    const FaultSpec& self = scenario_.faults[index];
    const bool shares = std::ranges::any_of(scenario_.clients, [](const ClientGroup& group) {
      return group.design.coherence == Coherence::oplock ||
             group.design.coherence == Coherence::oplock_clustered ||
             group.design.coherence == Coherence::split;
    });
    rule(scenario_.world == World::sim || !shares, ".restart",
         "in the socket world a server's node stops with its share server, for which clients of "
         "coherence oplock, oplock_clustered and split do not wait; set world to \"sim\"");
    for (std::size_t other = 0; other < index; ++other) {
      const FaultSpec& earlier = scenario_.faults[other];
      rule(earlier.restart != self.restart || earlier.at + earlier.duration < self.at ||
               self.at + self.duration < earlier.at,
           ".restart",
           fmt::format("{} is down from {} to {} already (faults[{}])", self.restart,
                       exact_duration(earlier.at), exact_duration(earlier.at + earlier.duration),
                       other));
    }
  }

  const Scenario& scenario_;
  const std::string& file_;
  Faults& faults_;
  std::string path_;
};

}  // namespace

void check_faults(const Scenario& scenario, const std::string& file, Faults& faults) {
  FaultChecker checker(scenario, file, faults);
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    checker.check(i);
  }
}

}  // namespace scenarios
