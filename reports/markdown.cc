#include "reports/markdown.h"

#include <ostream>

#include "reports/table.h"

namespace reports {
namespace {

// Text that stays in its cell and means nothing to Markdown.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos) {
      safe += '\\';
    }
    safe += c;
  }
  return safe;
}

template <class Cell>
std::string row(const std::vector<Column>& table, Cell cell) {
  std::string line = "|";
  for (const Column& column : table) {
    line += " " + cell(column) + " |";
  }
  return line + "\n";
}

}  // namespace

sim::Status write_markdown(const SweepResult& sweep, std::ostream& out) {
  const std::vector<Column> table = comparison(sweep);
  out << row(table, [](const Column& c) { return escaped(c.title); });
  out << row(table, [](const Column& c) { return std::string(c.number ? "---:" : "---"); });
  for (std::size_t i = 0; i < sweep.variants.size(); ++i) {
    out << row(table, [i](const Column& c) { return escaped(c.cells[i]); });
  }
  if (!out.flush()) {
    return sim::Error{sim::Errc::io_error,
                      "writing markdown failed: the stream takes no more bytes"};
  }
  return {};
}

}  // namespace reports
