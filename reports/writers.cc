#include "reports/writers.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "reports/junit.h"
#include "reports/markdown.h"
#include "reports/sweep_json.h"
#include "reports/sweep_text.h"

namespace reports {
namespace {

constexpr Writer kWriters[] = {
    {"text", "for people: bandwidth, where the time went, what limits it; variants as a table",
     [](const SweepResult& sweep, const WriteOptions& options, std::ostream& out) {
       return write_sweep_text(sweep, options.full, out);
     }},
    {"json", "everything, versioned, checked by a published schema",
     [](const SweepResult& sweep, const WriteOptions&, std::ostream& out) {
       return write_sweep_json(sweep, out);
     }},
    {"jsonl", "a line of JSON for each variant, appended to the file",
     [](const SweepResult& sweep, const WriteOptions&, std::ostream& out) {
       return write_sweep_lines(sweep, out);
     },
     true},
    {"markdown", "the variants as a table, for documents",
     [](const SweepResult& sweep, const WriteOptions&, std::ostream& out) {
       return write_markdown(sweep, out);
     }},
    {"junit", "a test case for each threshold, for build services",
     [](const SweepResult& sweep, const WriteOptions&, std::ostream& out) {
       return write_junit(sweep, out);
     }},
};

}  // namespace

std::span<const Writer> writers() { return kWriters; }

const Writer* find_writer(std::string_view format) {
  const auto writer = std::ranges::find(kWriters, format, &Writer::format);
  return writer == std::end(kWriters) ? nullptr : writer;
}

sim::Status write(const SweepResult& sweep, std::string_view format, const WriteOptions& options,
                  std::ostream& out) {
  if (const Writer* writer = find_writer(format)) {
    return writer->write(sweep, options, out);
  }
  std::string known;
  for (const Writer& w : kWriters) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", w.format);
  }
  return sim::Error{sim::Errc::invalid_argument,
                    fmt::format("\"{}\" is not an output format; known: {}", format, known)};
}

sim::Status write(const Result& result, std::string_view format, std::ostream& out) {
  SweepResult single;
  single.version = result.context.version;
  single.scenario = result.context.scenario;
  single.variants = {{{}, result}};
  return write(single, format, {}, out);
}

}  // namespace reports
