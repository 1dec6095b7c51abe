// Turns files into a C++ source: embed NAMESPACE FUNCTION HEADER FILE... writes to stdout a
// function that returns each file's base name and contents. Host tool of embed.bzl; C++17, because
// the host compiler keeps its own default.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t kBytesPerLine = 90;

std::string_view base_name(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1);
}

// One byte of a string literal. Octal escapes, always three digits, cannot swallow the next byte.
void append_escaped(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\' && c != '?') {
    out += c;
    return;
  }
  char text[5];
  std::snprintf(text, sizeof text, "\\%03o", byte);
  out += text;
}

std::string literal(std::string_view bytes) {
  std::string out = "\"";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0 && i % kBytesPerLine == 0) {
      out += "\"\n    \"";
    }
    append_escaped(out, bytes[i]);
  }
  return out + "\"";
}

bool append_entry(std::string& out, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in) {
    std::cerr << "embed: cannot read " << path << "\n";
    return false;
  }
  out += "    {" + literal(base_name(path)) + ",\n     {" + literal(bytes) + ", " +
         std::to_string(bytes.size()) + "}},\n";
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::cerr << "usage: embed NAMESPACE FUNCTION HEADER FILE...\n";
    return 2;
  }
  std::string entries;
  for (int i = 4; i < argc; ++i) {
    if (!append_entry(entries, argv[i])) {
      return 2;
    }
  }
  std::cout << "#include \"" << argv[3] << "\"\n\nnamespace " << argv[1]
            << " {\nnamespace {\nconstexpr reports::EmbeddedFile kFiles[] = {\n"
            << entries << "};\n}  // namespace\n\nstd::span<const reports::EmbeddedFile> "
            << argv[2] << "() { return kFiles; }\n\n}  // namespace " << argv[1] << "\n";
  return 0;
}
