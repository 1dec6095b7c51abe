#include "tools/tidy/bans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/tidy/findings_for_test.h"

namespace tools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

bool allowed(const std::string& path, std::string_view line) {
  return check_bans(tree_of({{path, line}})).empty();
}

TEST(Bans, ClocksBelongToTheRealDrivers) {
  constexpr std::string_view kLine = "auto t = std::chrono::steady_clock::now();";
  EXPECT_FALSE(allowed("sim/loop.cc", kLine));
  EXPECT_FALSE(allowed("transport/import.cc", kLine));
  EXPECT_FALSE(allowed("scenarios/run.cc", kLine));
  EXPECT_TRUE(allowed("transport/run_real.cc", kLine));
  EXPECT_TRUE(allowed("transport/tcp_network.cc", kLine));
  EXPECT_TRUE(allowed("scenarios/sweep.cc", kLine));
  EXPECT_TRUE(allowed("bench/main.cc", kLine));
  EXPECT_TRUE(allowed("sim/loop.cc", "std::chrono::nanoseconds d;"));
}

TEST(Bans, ForeignRandomnessIsRefusedEverywhere) {
  for (const char* path : {"sim/a.cc", "bench/a.cc", "transport/tcp_network.cc", "sim/a_test.cc"}) {
    EXPECT_FALSE(allowed(path, "int x = rand();"));
    EXPECT_FALSE(allowed(path, "std::uniform_int_distribution<int> d(0, 9);"));
    EXPECT_FALSE(allowed(path, "std::mt19937 g;"));
    EXPECT_FALSE(allowed(path, "std::random_device{}();"));
    EXPECT_FALSE(allowed(path, "#include <random>"));
    EXPECT_FALSE(allowed(path, "std::shuffle(a, b, g);"));
    EXPECT_TRUE(allowed(path, "Latency latency_distribution; int brand = operand;"));
  }
}

TEST(Bans, ThreadsProcessesAndSystemHeadersHaveTheirPlaces) {
  for (const char* line :
       {"std::thread t;", "std::mutex m;", "#include <thread>", "#include <sys/socket.h>",
        "#include <unistd.h>", "std::signal(2, f);", "#include <boost/asio/ip/tcp.hpp>"}) {
    EXPECT_FALSE(allowed("stripe/server/ost.cc", line)) << line;
    EXPECT_FALSE(allowed("reports/text.cc", line)) << line;
    EXPECT_TRUE(allowed("stripe/server/file_store.cc", line)) << line;
    EXPECT_TRUE(allowed("transport/tcp_network.h", line)) << line;
    EXPECT_TRUE(allowed("bench/run_command.cc", line)) << line;
  }
  EXPECT_TRUE(allowed("sim/frame_pool.cc", "#include <sys/mman.h>"));
  EXPECT_FALSE(allowed("sim/loop.cc", "#include <sys/mman.h>"));
  EXPECT_FALSE(allowed("sim/frame_pool.cc", "#include <thread>"));
  EXPECT_TRUE(allowed("stripe/server/ost.cc", "int thread = threads.front();"));
  EXPECT_TRUE(allowed("stripe/server/ost.cc", "#include <boost/icl/interval_map.hpp>"));
}

TEST(Bans, WorldsAreNamedWhereTheyAreBuilt) {
  EXPECT_FALSE(allowed("stripe/client/mount.cc", "SimNetwork net;"));
  EXPECT_FALSE(allowed("stripe/client/mount.h", "transport::TcpNetwork& net;"));
  EXPECT_FALSE(allowed("stripe/client/mount.h", "#include \"transport/sim_network.h\""));
  EXPECT_TRUE(allowed("stripe/client/mount_test.cc", "SimNetwork net;"));
  EXPECT_TRUE(allowed("scenarios/cluster.cc", "SimNetwork net;"));
  EXPECT_TRUE(allowed("bench/serve.cc", "TcpNetwork net;"));
  EXPECT_TRUE(allowed("stripe/client/mount.cc", "Network net;"));
}

TEST(Bans, NobodyAsksWhichWorldItIs) {
  EXPECT_FALSE(allowed("stripe/client/mount.cc", "if (net.is_simulated()) {"));
  EXPECT_FALSE(allowed("scenarios/cluster.cc", "bool is_sim = true;"));
  EXPECT_FALSE(allowed("stripe/client/mount.cc", "auto* t = dynamic_cast<T*>(n);"));
}

TEST(Bans, CommentsLiteralsAndDocumentsAreFree) {
  EXPECT_TRUE(allowed("sim/a.cc", "// never std::thread, never rand()"));
  EXPECT_TRUE(allowed("sim/a.cc", "f(\"std::thread rand is_sim\");"));
  EXPECT_TRUE(allowed("docs/a.md", "std::thread"));
}

TEST(Bans, FindingNamesTheLineTheWordAndWhatToUse) {
  const auto findings = check_bans(tree_of({{"sim/a.cc", "int a;\nint b = rand();\n"}}));
  EXPECT_THAT(places(findings), ElementsAre("sim/a.cc:2"));
  EXPECT_THAT(findings.at(0).message, HasSubstr("rand"));
  EXPECT_THAT(findings.at(0).message, HasSubstr("sim::Rng"));
}

}  // namespace
}  // namespace tools
