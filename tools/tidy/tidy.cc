#include "tools/tidy/tidy.h"

#include <algorithm>
#include <tuple>

#include "tools/tidy/bans.h"
#include "tools/tidy/build_files.h"
#include "tools/tidy/layers.h"
#include "tools/tidy/order.h"
#include "tools/tidy/shape.h"

namespace tools {

std::vector<Finding> check_tree(const std::filesystem::path& root) {
  const std::vector<Source> sources = read_tree(root);
  std::vector<Finding> all;
  for (const auto check : {check_layers, check_bans, check_order, check_shape, check_build_files}) {
    const std::vector<Finding> found = check(sources);
    all.insert(all.end(), found.begin(), found.end());
  }
  std::ranges::stable_sort(all, {}, [](const Finding& f) { return std::tie(f.path, f.line); });
  return all;
}

}  // namespace tools
