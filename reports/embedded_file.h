// A file that travels inside the binary, so that the binary runs anywhere it is copied.
#pragma once

#include <string_view>

namespace reports {

// `name` is the base name ("result.schema.json"). Both views are valid for the life of the program.
struct EmbeddedFile {
  std::string_view name;
  std::string_view contents;
};

}  // namespace reports
