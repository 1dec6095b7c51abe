#include "tools/tidy/build_files.h"

#include <string>

namespace tools {
namespace {

// The texts between quotes, on lines that are not comments.
std::vector<std::string_view> quoted(const Source& build) {
  std::vector<std::string_view> texts;
  for (const std::string_view line : build.lines) {
    if (line.starts_with("#")) {
      continue;
    }
    for (std::size_t open = line.find('"'); open != std::string_view::npos;) {
      const std::size_t close = line.find('"', open + 1);
      if (close == std::string_view::npos) {
        break;
      }
      texts.push_back(line.substr(open + 1, close - open - 1));
      open = line.find('"', close + 1);
    }
  }
  return texts;
}

// Whether `pattern`, with at most one '*' or "**/" in it, fits `name`.
bool fits(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) {
    return pattern == name;
  }
  std::string_view rest = pattern.substr(star + 1);
  if (rest.starts_with("*/*")) {
    rest.remove_prefix(3);
  }
  return name.size() >= star + rest.size() && name.starts_with(pattern.substr(0, star)) &&
         name.ends_with(rest);
}

bool builds_from_lists(const Source& build) {
  for (const std::string& line : build.lines) {
    if (line.find(" for ") != std::string::npos && line.find(" in ") != std::string::npos) {
      return true;
    }
  }
  return false;
}

bool names(const Source& build, std::string_view file) {
  constexpr std::string_view kTest = "_test";
  const std::string_view stem = file.substr(0, file.rfind('.'));
  const std::string_view tested =
      stem.ends_with(kTest) ? stem.substr(0, stem.size() - kTest.size()) : stem;
  const bool lists = builds_from_lists(build);
  for (const std::string_view text : quoted(build)) {
    if (fits(text, file) || (lists && (text == stem || text == tested))) {
      return true;
    }
  }
  return false;
}

const Source* find(const std::vector<Source>& sources, const std::string& path) {
  for (const Source& source : sources) {
    if (source.path == path) {
      return &source;
    }
  }
  return nullptr;
}

// The BUILD file whose package holds `path`, and the length of that package's name with its slash.
std::pair<const Source*, std::size_t> package_of(const std::vector<Source>& sources,
                                                 const std::string& path) {
  for (std::size_t slash = path.rfind('/'); slash != std::string::npos;
       slash = slash == 0 ? std::string::npos : path.rfind('/', slash - 1)) {
    const Source* build = find(sources, path.substr(0, slash) + "/BUILD");
    if (build != nullptr) {
      return {build, slash + 1};
    }
  }
  return {find(sources, "BUILD"), 0};
}

}  // namespace

std::vector<Finding> check_build_files(const std::vector<Source>& sources) {
  std::vector<Finding> findings;
  for (const Source& source : sources) {
    if (!source.cpp()) {
      continue;
    }
    const auto [build, prefix] = package_of(sources, source.path);
    if (build == nullptr || !names(*build, std::string_view(source.path).substr(prefix))) {
      findings.push_back({source.path, 0, "no BUILD file names it: add it to a target"});
    }
  }
  return findings;
}

}  // namespace tools
