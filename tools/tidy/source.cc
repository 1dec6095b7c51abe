#include "tools/tidy/source.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "tools/tidy/blank.h"

namespace tools {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

bool wanted(const Source& source) {
  return source.cpp() || source.script() || source.path.ends_with(".md") ||
         source.path.ends_with(".json");
}

bool entered(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  return !entry.is_symlink() && (!name.starts_with(".") || name == ".ci") &&
         !fs::exists(entry.path() / "WORKSPACE");
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == ':';
}

}  // namespace

bool Source::cpp() const { return header() || path.ends_with(".cc"); }
bool Source::header() const { return path.ends_with(".h"); }
bool Source::test() const { return path.ends_with("_test.cc"); }

bool Source::script() const {
  const std::string name = fs::path(path).filename().string();
  return path.ends_with(".sh") || path.ends_with(".bzl") || path.starts_with(".ci/") ||
         path == "bazelw" || name == "BUILD" || name == "WORKSPACE";
}

Source make_source(std::string path, std::string_view text) {
  Source source{std::move(path), split_lines(text), {}};
  source.code = source.cpp() ? split_lines(blank_comments_and_literals(text)) : source.lines;
  return source;
}

std::vector<Source> read_tree(const fs::path& root) {
  std::vector<Source> sources;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator();
       ++it) {
    if (it->is_symlink() || it->is_directory()) {
      if (!entered(*it)) {
        it.disable_recursion_pending();
      }
      continue;
    }
    Source source{fs::relative(it->path(), root).generic_string(), {}, {}};
    if (wanted(source)) {
      sources.push_back(make_source(source.path, read_file(it->path())));
    }
  }
  std::ranges::sort(sources, {}, &Source::path);
  return sources;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && is_word_char(line[end])) {
      ++end;
    }
    if (end > at) {
      words.push_back(line.substr(at, end - at));
    }
    at = end + 1;
  }
  return words;
}

std::vector<std::string_view> parts_of(std::string_view word) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < word.size();) {
    const std::size_t end = std::min(word.find(':', at), word.size());
    if (end > at) {
      parts.push_back(word.substr(at, end - at));
    }
    at = end + 1;
  }
  return parts;
}

std::string_view include_of(const Source& source, std::size_t index) {
  constexpr std::string_view kStart = "#include ";
  if (!source.cpp() || !source.code[index].starts_with(kStart)) {
    return {};
  }
  const std::string_view line = source.lines[index];
  const std::size_t open = kStart.size();
  if (line.size() <= open + 1) {
    return {};
  }
  const std::size_t close = line.find(line[open] == '<' ? '>' : '"', open + 1);
  return close == std::string_view::npos ? std::string_view() : line.substr(open, close + 1 - open);
}

bool under(std::string_view path, const std::vector<std::string_view>& prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view p) { return path.starts_with(p); });
}

}  // namespace tools
