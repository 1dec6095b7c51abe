// What the tests of the checks share.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/tidy/source.h"

namespace tools {

// A tree of the given (path, text) pairs.
inline std::vector<Source> tree_of(
    const std::vector<std::pair<std::string, std::string_view>>& files) {
  std::vector<Source> sources;
  for (const auto& [path, text] : files) {
    sources.push_back(make_source(path, text));
  }
  return sources;
}

// "path:line" of each finding, in order.
inline std::vector<std::string> places(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const Finding& finding : findings) {
    out.push_back(finding.path + ":" + std::to_string(finding.line));
  }
  return out;
}

}  // namespace tools
