// The project's own files as the tidy checks see them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tools {

// One fault. `line` counts from 1; 0 means the whole file.
struct Finding {
  std::string path;
  std::size_t line = 0;
  std::string message;
  bool operator==(const Finding&) const = default;
};

// A file: its path from the workspace's root, with slashes, and its lines without line ends.
struct Source {
  std::string path;
  std::vector<std::string> lines;
  // The same lines with comments, and what stands between quotes, blanked out. Only for C++; equal
  // to `lines` for others.
  std::vector<std::string> code;

  bool cpp() const;     // .h or .cc
  bool header() const;  // .h
  bool test() const;    // _test.cc
  bool script() const;  // shell, Bazel's files
};

Source make_source(std::string path, std::string_view text);

// Every file of the kinds above, and .md and .json, below `root`, ordered by path. Not followed:
// links, hidden folders except .ci, and folders that hold a repository of their own (a WORKSPACE
// file).
std::vector<Source> read_tree(const std::filesystem::path& root);

// The words of a line: maximal runs of letters, digits, '_' and "::", such as
// "std::chrono::seconds".
std::vector<std::string_view> words_of(std::string_view line);

// The parts of such a word between its "::".
std::vector<std::string_view> parts_of(std::string_view word);

// What an #include line names, with its quotes or brackets; empty for other lines.
std::string_view include_of(const Source& source, std::size_t index);

// Whether `path` begins with one of `prefixes`.
bool under(std::string_view path, const std::vector<std::string_view>& prefixes);

}  // namespace tools
