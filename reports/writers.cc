#include "reports/writers.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "reports/json.h"
#include "reports/text.h"

namespace reports {
namespace {

constexpr Writer kWriters[] = {
    {"text", "for people: bandwidth, where the time went, what limits it", write_text},
    {"json", "everything, versioned, checked by a published schema", write_json},
};

}  // namespace

std::span<const Writer> writers() { return kWriters; }

sim::Status write(const Result& result, std::string_view format, std::ostream& out) {
  const auto writer = std::ranges::find(kWriters, format, &Writer::format);
  if (writer != std::end(kWriters)) {
    return writer->write(result, out);
  }
  std::string known;
  for (const Writer& w : kWriters) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", w.format);
  }
  return sim::Error{sim::Errc::invalid_argument,
                    fmt::format("\"{}\" is not an output format; known: {}", format, known)};
}

}  // namespace reports
