#include "bench/host_facts.h"

#include <unistd.h>

#include <array>
#include <ctime>
#include <thread>

namespace bench {

reports::Host host_facts(std::chrono::system_clock::time_point began,
                         std::chrono::steady_clock::duration wall) {
  reports::Host host;
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  host.name = name.data();
  host.cpus = std::thread::hardware_concurrency();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(began);
  std::array<char, 32> text{};
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  host.started = text.data();
  host.wall_time =
      sim::Duration(std::chrono::duration_cast<std::chrono::nanoseconds>(wall).count());
  return host;
}

}  // namespace bench
