#include "tools/tidy/order.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace tools {
namespace {

constexpr std::string_view kNone = {};

std::string stem_of(const std::string& path) { return path.substr(0, path.rfind('.')); }

// The index after the '>' that closes the '<' at `open`, or npos.
std::size_t after_angles(std::string_view line, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < line.size(); ++i) {
    depth += line[i] == '<' ? 1 : line[i] == '>' ? -1 : 0;
    if (depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

// The name that `line` declares with an unordered type, or nothing.
std::string_view declared_unordered(std::string_view line) {
  const std::size_t type = line.find("unordered_");
  if (type == std::string_view::npos) {
    return kNone;
  }
  const std::size_t open = type + words_of(line.substr(type)).front().size();
  const std::size_t end =
      line.substr(open).starts_with('<') ? after_angles(line, open) : std::string_view::npos;
  if (end == std::string_view::npos || end == line.size() ||
      (line[end] != ' ' && line[end] != '&')) {
    return kNone;
  }
  const std::vector<std::string_view> words = words_of(line.substr(end));
  return words.empty() ? kNone : words.front();
}

// What a range-for on this line goes over, or nothing: the last name of the expression.
std::string_view looped_over(std::string_view line) {
  const std::size_t start = line.find("for (");
  const std::size_t colon = start == std::string_view::npos ? start : line.find(" : ", start);
  const std::size_t close = line.rfind(')');
  if (colon == std::string_view::npos || close == std::string_view::npos || close < colon) {
    return kNone;
  }
  const std::vector<std::string_view> words = words_of(line.substr(colon + 3, close - colon - 3));
  return words.empty() ? kNone : words.back();
}

bool says_any_order(const Source& source, std::size_t index) {
  const auto says = [&](std::size_t i) {
    return source.lines[i].find("ny order") != std::string::npos;
  };
  return says(index) || (index > 0 && says(index - 1));
}

bool keyed_by_pointer(std::string_view line) {
  for (const std::string_view type :
       {"std::map<", "std::set<", "std::multimap<", "std::multiset<"}) {
    const std::size_t at = line.find(type);
    if (at != std::string_view::npos) {
      const std::size_t key = at + type.size();
      const std::size_t end = line.find_first_of(",>", key);
      return end != std::string_view::npos && line[end - 1] == '*';
    }
  }
  return false;
}

using NamesByStem = std::map<std::string, std::set<std::string, std::less<>>>;

NamesByStem unordered_names(const std::vector<Source>& sources) {
  NamesByStem names;
  for (const Source& source : sources) {
    for (const std::string& line : source.code) {
      const std::string_view name = source.cpp() ? declared_unordered(line) : kNone;
      if (!name.empty()) {
        names[stem_of(source.path)].emplace(name);
      }
    }
  }
  return names;
}

}  // namespace

std::vector<Finding> check_order(const std::vector<Source>& sources) {
  std::vector<Finding> findings;
  NamesByStem names = unordered_names(sources);
  for (const Source& source : sources) {
    const auto& unordered = names[stem_of(source.path)];
    for (std::size_t i = 0; source.cpp() && !source.test() && i < source.code.size(); ++i) {
      const std::string_view name = looped_over(source.code[i]);
      if (!name.empty() && unordered.contains(name) && !says_any_order(source, i)) {
        findings.push_back({source.path, i + 1,
                            "loops over the unordered " + std::string(name) +
                                ": sort first, or say why any order gives the same result"});
      }
      if (keyed_by_pointer(source.code[i])) {
        findings.push_back({source.path, i + 1, "orders by address: use an id as the key"});
      }
    }
  }
  return findings;
}

}  // namespace tools
