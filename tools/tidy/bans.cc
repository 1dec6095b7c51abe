#include "tools/tidy/bans.h"

#include <algorithm>
#include <string>

namespace tools {
namespace {

using Names = std::vector<std::string_view>;

bool contains(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// Names and headers with one reason and the places where they are at home.
struct Ban {
  Names anywhere;     // a part of a qualified name, whatever it is qualified with
  Names in_std;       // the part right after std::
  Names std_endings;  // how a part right after std:: ends
  Names includes;     // how an #include begins, with its quote or bracket
  Names home;         // folders, or beginnings of paths
  bool free_in_tests = false;
  std::string_view instead;
};

// Where threads, clocks, sockets, processes and files of the operating system are met.
const Names& system_home() {
  static const Names kHome = {"transport/tcp_", "transport/run_real", "stripe/server/file_store",
                              "scenarios/sweep", "bench/"};
  return kHome;
}

Ban clocks() {
  return {.anywhere = {"steady_clock", "system_clock", "high_resolution_clock", "clock_gettime",
                       "gettimeofday", "nanosleep", "usleep"},
          .in_std = {"time", "clock"},
          .std_endings = {},
          .includes = {"<ctime>", "<time.h>"},
          .home = system_home(),
          .instead = "ask the loop for the time"};
}

Ban foreign_randomness() {
  return {.anywhere = {"rand", "srand", "rand_r", "drand48", "random_device"},
          .in_std = {"mt19937", "mt19937_64", "default_random_engine", "minstd_rand", "shuffle",
                     "sample"},
          .std_endings = {"_distribution"},
          .includes = {"<random>"},
          .home = {},
          .instead = "draw from a sim::Rng that was handed in"};
}

// The frame pool is one per thread, and its test shows it.
Names thread_home() {
  Names home = system_home();
  home.emplace_back("sim/frame_pool_test");
  return home;
}

Ban threads() {
  return {.anywhere = {"pthread_create"},
          .in_std = {"thread", "jthread", "this_thread", "mutex", "shared_mutex", "recursive_mutex",
                     "condition_variable", "condition_variable_any", "async", "future", "promise",
                     "latch", "barrier", "counting_semaphore", "binary_semaphore"},
          .std_endings = {},
          .includes = {"<thread>", "<mutex>", "<shared_mutex>", "<condition_variable>", "<future>",
                       "<atomic>", "<semaphore>", "<latch>", "<barrier>", "<stop_token>",
                       "<pthread.h>", "<boost/thread"},
          .home = thread_home(),
          .instead = "a loop belongs to one thread; use sim/sync.h"};
}

// And where it is advised of memory, which no result can see.
Names advised_home() {
  Names home = system_home();
  home.push_back("sim/frame_pool.cc");
  return home;
}

Ban operating_system() {
  return {
      .anywhere = {},
      .in_std = {"signal", "raise", "system"},
      .std_endings = {},
      .includes = {"<csignal>", "<signal.h>", "<unistd.h>", "<fcntl.h>", "<spawn.h>", "<poll.h>",
                   "<dlfcn.h>", "<sched.h>", "<netdb.h>", "<sys/", "<linux/", "<netinet/", "<arpa/",
                   "<boost/asio", "<boost/process", "<boost/interprocess"},
      .home = advised_home(),
      .instead = "keep the operating system behind transport/, the file store, sweep and bench/"};
}

Ban naming_a_world() {
  return {.anywhere = {"SimNetwork", "TcpNetwork"},
          .in_std = {},
          .std_endings = {},
          .includes = {"\"transport/sim_network", "\"transport/tcp_network"},
          .home = {"transport/", "scenarios/", "bench/"},
          .free_in_tests = true,
          .instead = "take a transport::Network&"};
}

Ban asking_for_the_world() {
  return {.anywhere = {"is_sim", "is_simulated", "is_simulation", "is_virtual", "is_real_time",
                       "is_socket_world", "is_sim_world", "in_simulation"},
          .in_std = {},
          .std_endings = {},
          .includes = {},
          .home = {},
          .instead = "put the difference behind one of the five seams"};
}

Ban asking_for_the_type() {
  return {.anywhere = {"dynamic_cast", "typeid"},
          .in_std = {},
          .std_endings = {},
          .includes = {"<typeinfo>"},
          .home = {},
          .instead = "give the interface the function that is missing"};
}

const std::vector<Ban>& bans() {
  static const std::vector<Ban> kBans = {clocks(),
                                         foreign_randomness(),
                                         threads(),
                                         operating_system(),
                                         naming_a_world(),
                                         asking_for_the_world(),
                                         asking_for_the_type()};
  return kBans;
}

bool forbids_word(const Ban& ban, std::string_view word) {
  const Names parts = parts_of(word);
  if (std::ranges::any_of(parts, [&](std::string_view p) { return contains(ban.anywhere, p); })) {
    return true;
  }
  if (parts.size() < 2 || parts[0] != "std") {
    return false;
  }
  return contains(ban.in_std, parts[1]) ||
         std::ranges::any_of(ban.std_endings,
                             [&](std::string_view end) { return parts[1].ends_with(end); });
}

void check_line(const Ban& ban, const Source& source, std::size_t index,
                std::vector<Finding>& findings) {
  const std::string_view include = include_of(source, index);
  if (!include.empty()) {
    if (under(include, ban.includes)) {
      findings.push_back({source.path, index + 1,
                          std::string(include) + " is not for here: " + std::string(ban.instead)});
    }
    return;
  }
  for (const std::string_view word : words_of(source.code[index])) {
    if (forbids_word(ban, word)) {
      findings.push_back({source.path, index + 1,
                          std::string(word) + " is not for here: " + std::string(ban.instead)});
    }
  }
}

}  // namespace

std::vector<Finding> check_bans(const std::vector<Source>& sources) {
  std::vector<Finding> findings;
  for (const Source& source : sources) {
    for (const Ban& ban : bans()) {
      if (!source.cpp() || under(source.path, ban.home) || (ban.free_in_tests && source.test())) {
        continue;
      }
      for (std::size_t i = 0; i < source.code.size(); ++i) {
        check_line(ban, source, i, findings);
      }
    }
  }
  return findings;
}

}  // namespace tools
