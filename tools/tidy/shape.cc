#include "tools/tidy/shape.h"

#include <algorithm>
#include <string>

namespace tools {
namespace {

constexpr std::size_t kMaxLines = 300;
constexpr std::size_t kMaxColumns = 100;
constexpr std::size_t kMaxFunctionLines = 60;

// Characters, not bytes: UTF-8's continuation bytes do not count.
std::size_t columns_of(std::string_view line) {
  return static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

std::string_view trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(' ');
  const std::size_t last = line.find_last_not_of(' ');
  return first == std::string_view::npos ? std::string_view()
                                         : line.substr(first, last - first + 1);
}

void check_size(const Source& source, std::vector<Finding>& findings) {
  // A list of targets is looked up, not read through.
  if (source.lines.size() > kMaxLines && !source.path.ends_with("BUILD")) {
    findings.push_back({source.path, 0,
                        std::to_string(source.lines.size()) + " lines, at most " +
                            std::to_string(kMaxLines) + ": split it"});
  }
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    const std::size_t columns = columns_of(source.lines[i]);
    if (columns > kMaxColumns) {
      findings.push_back(
          {source.path, i + 1,
           std::to_string(columns) + " columns, at most " + std::to_string(kMaxColumns)});
    }
  }
}

bool opens_a_function(std::string_view line) {
  const std::vector<std::string_view> words = words_of(line);
  const bool other = !words.empty() && (words[0] == "class" || words[0] == "struct" ||
                                        words[0] == "enum" || words[0] == "namespace");
  return !other && line.find('(') != std::string_view::npos;
}

// Formatted code has a function's head and its closing brace in the first column, and nothing of
// its body there. Functions inside a class are short or seen by clang-tidy.
void check_functions(const Source& source, std::vector<Finding>& findings) {
  std::size_t head = 0;
  bool in_function = false;
  for (std::size_t i = 0; i < source.code.size(); ++i) {
    const std::string_view line = source.code[i];
    if (line.empty() || line[0] == ' ' || line[0] == '#') {
      continue;
    }
    if (line[0] != '}') {
      head = i;
      in_function = opens_a_function(line);
      continue;
    }
    const std::size_t length = i - head + 1;
    if (in_function && trimmed(line) == "}" && length > kMaxFunctionLines) {
      findings.push_back({source.path, head + 1,
                          "a function of " + std::to_string(length) + " lines, at most " +
                              std::to_string(kMaxFunctionLines)});
    }
    in_function = false;
  }
}

void check_header(const Source& source, std::vector<Finding>& findings) {
  if (std::ranges::find(source.code, "#pragma once") == source.code.end()) {
    findings.push_back({source.path, 0, "lacks #pragma once"});
  }
  for (std::size_t i = 0; i < source.code.size(); ++i) {
    if (source.code[i].find("using namespace") != std::string::npos) {
      findings.push_back({source.path, i + 1, "using namespace in a header"});
    }
  }
}

// Conservative: only what can hardly be a sentence.
bool looks_like_a_statement(std::string_view comment) {
  const bool call = comment.ends_with(");") && comment.find(' ') > comment.find('(');
  const bool control = (comment.starts_with("if (") || comment.starts_with("for (") ||
                        comment.starts_with("while (")) &&
                       comment.ends_with("{");
  const bool other = comment.starts_with("#include ") ||
                     (comment.starts_with("return ") && comment.ends_with(";"));
  return call || control || other;
}

void check_comments(const Source& source, std::vector<Finding>& findings) {
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    const std::string_view line = trimmed(source.lines[i]);
    if (line.starts_with("//") && looks_like_a_statement(trimmed(line.substr(2))) &&
        trimmed(source.code[i]).empty()) {
      findings.push_back({source.path, i + 1, "commented-out code"});
    }
  }
}

const std::vector<std::string_view>& unwanted_texts() {
  static const std::vector<std::string_view> kTexts = {
      "TODO",          "FIXME",       "XXX",    "HACK",   "not implemented",
      "unimplemented", "placeholder", "/work/", "/home/", "/root/"};
  return kTexts;
}

void check_texts(const Source& source, std::vector<Finding>& findings) {
  if (source.path.starts_with("tools/tidy/")) {
    return;  // it has to name what it looks for
  }
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    for (const std::string_view text : unwanted_texts()) {
      if (source.lines[i].find(text) != std::string::npos) {
        findings.push_back({source.path, i + 1, "says \"" + std::string(text) + "\""});
      }
    }
  }
}

}  // namespace

std::vector<Finding> check_shape(const std::vector<Source>& sources) {
  std::vector<Finding> findings;
  for (const Source& source : sources) {
    check_texts(source, findings);
    if (source.cpp() || source.script()) {
      check_size(source, findings);
    }
    if (source.cpp()) {
      check_functions(source, findings);
      check_comments(source, findings);
    }
    if (source.header()) {
      check_header(source, findings);
    }
  }
  return findings;
}

}  // namespace tools
