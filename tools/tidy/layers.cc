#include "tools/tidy/layers.h"

#include <algorithm>
#include <string>

namespace tools {
namespace {

// A folder and everything it may include besides itself. A longer folder name comes first.
struct Layer {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

const std::vector<Layer>& layers() {
  static const std::vector<Layer> kLayers = {
      {"stripe/layout/", {"transport/", "cachemodel/", "sim/"}},
      {"stripe/protocol/", {"stripe/layout/", "transport/", "cachemodel/", "sim/"}},
      {"stripe/server/",
       {"stripe/protocol/", "stripe/layout/", "transport/", "cachemodel/", "sim/"}},
      {"stripe/client/",
       {"stripe/protocol/", "stripe/layout/", "transport/", "cachemodel/", "sim/"}},
      {"stripe/gateway/",
       {"stripe/client/", "stripe/protocol/", "stripe/layout/", "transport/", "cachemodel/",
        "sim/"}},
      {"stripe/", {"stripe/", "transport/", "cachemodel/", "sim/"}},
      {"bench/", {"scenarios/", "reports/", "stripe/", "transport/", "cachemodel/", "sim/"}},
      {"scenarios/", {"reports/", "stripe/", "transport/", "cachemodel/", "sim/"}},
      {"reports/", {"sim/"}},
      {"transport/", {"sim/"}},
      {"cachemodel/", {"sim/"}},
      {"sim/", {}},
      {"tools/", {}},
  };
  return kLayers;
}

const Layer* layer_of(std::string_view path) {
  const auto it = std::ranges::find_if(
      layers(), [&](const Layer& layer) { return path.starts_with(layer.folder); });
  return it == layers().end() ? nullptr : &*it;
}

std::string fault_of(const Layer& from, std::string_view included) {
  const Layer* to = layer_of(included);
  if (to == nullptr) {
    return "includes \"" + std::string(included) + "\": write the path from the workspace's root";
  }
  if (to == &from || under(to->folder, from.may_include)) {
    return {};
  }
  return std::string(from.folder) + " must not include \"" + std::string(included) +
         "\": the arrows of docs/architecture.md point the other way";
}

}  // namespace

std::vector<Finding> check_layers(const std::vector<Source>& sources) {
  std::vector<Finding> findings;
  for (const Source& source : sources) {
    const Layer* from = layer_of(source.path);
    for (std::size_t i = 0; from != nullptr && i < source.code.size(); ++i) {
      std::string_view included = include_of(source, i);
      if (!included.starts_with('"')) {
        continue;
      }
      included = included.substr(1, included.size() - 2);
      std::string fault = fault_of(*from, included);
      if (!fault.empty()) {
        findings.push_back({source.path, i + 1, std::move(fault)});
      }
    }
  }
  return findings;
}

}  // namespace tools
