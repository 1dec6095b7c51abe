// Writes stripe/protocol/protocol_fuzz_seeds in the source tree anew, after a message or the frame
// has changed: `bazel run //stripe/protocol:write_fuzz_seeds`.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "stripe/protocol/protocol_samples.h"

int main() {
  const char* workspace = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  if (workspace == nullptr) {
    std::cerr << "run this with `bazel run //stripe/protocol:write_fuzz_seeds`\n";
    return 2;
  }
  const auto folder = std::filesystem::path(workspace) / "stripe/protocol/protocol_fuzz_seeds";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  for (const stripe::SampleFrame& sample : stripe::sample_frames()) {
    std::ofstream out(folder / sample.name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(sample.bytes.data()),
              static_cast<std::streamsize>(sample.bytes.size()));
    if (!out.flush()) {
      std::cerr << "cannot write " << folder / sample.name << "\n";
      return 1;
    }
  }
  return 0;
}
