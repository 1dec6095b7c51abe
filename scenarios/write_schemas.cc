// Writes reports/schema/scenario.schema.json and hardware.schema.json in the source tree, after a
// field was added: `bazel run //scenarios:write_schemas`.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "scenarios/spec_schema.h"

namespace {

bool write(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  std::cerr << (out.flush() ? "wrote " : "cannot write ") << path << "\n";
  return out.good();
}

}  // namespace

int main() {
  const char* workspace = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  if (workspace == nullptr) {
    std::cerr << "run this with `bazel run //scenarios:write_schemas`\n";
    return 2;
  }
  using namespace scenarios;
  const std::string folder = std::string(workspace) + "/reports/schema/";
  const bool ok = write(folder + "scenario.schema.json", schema_text(scenario_schema())) &&
                  write(folder + "hardware.schema.json", schema_text(hardware_schema()));
  return ok ? 0 : 1;
}
