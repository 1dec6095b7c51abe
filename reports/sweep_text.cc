#include "reports/sweep_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "reports/table.h"
#include "reports/text.h"

namespace reports {
namespace {

// How many columns of a terminal a text takes: UTF-8's continuation bytes take none.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

std::size_t width(const Column& column) {
  std::size_t widest = width(column.title);
  for (const std::string& cell : column.cells) {
    widest = std::max(widest, width(cell));
  }
  return widest;
}

std::string padded(std::string_view text, std::size_t to, bool right) {
  const std::string blanks(to - width(text), ' ');
  return right ? blanks + std::string(text) : std::string(text) + blanks;
}

// One line of the table; `cell` gives each column's text.
template <class Cell>
std::string row(const std::vector<Column>& table, Cell cell) {
  std::string line;
  for (const Column& column : table) {
    line += (line.empty() ? "" : "  ") + padded(cell(column), width(column), column.number);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string table_text(const std::vector<Column>& table, std::size_t rows) {
  std::string text = row(table, [](const Column& c) { return std::string_view(c.title); });
  for (std::size_t i = 0; i < rows; ++i) {
    text += row(table, [i](const Column& c) { return std::string_view(c.cells[i]); });
  }
  return text;
}

std::string verdict_text(const ThresholdResult& threshold) {
  const Verdict& verdict = threshold.telling();
  std::string text = fmt::format(
      "  {:<4}  {} {}: {}", threshold.holds() ? "ok" : "FAIL", threshold.expression,
      threshold.bound,
      verdict.value ? format_value(*verdict.value, threshold.unit) : std::string("not measured"));
  if (threshold.verdicts.size() > 1) {
    const auto failed = std::ranges::count(threshold.verdicts, false, &Verdict::holds);
    text += failed > 0 ? fmt::format(" in {}; {} of {} fail", verdict.variant, failed,
                                     threshold.verdicts.size())
                       : fmt::format(" in {}, the nearest of {}", verdict.variant,
                                     threshold.verdicts.size());
  }
  return text + "\n";
}

std::string thresholds_text(const std::vector<ThresholdResult>& thresholds) {
  std::string text = thresholds.empty() ? "" : "\nthresholds\n";
  for (const ThresholdResult& threshold : thresholds) {
    text += verdict_text(threshold);
  }
  return text;
}

// Each error and each note once, with the variants it is of.
template <class List>
std::string remarks(std::string_view kind, const SweepResult& sweep, List list) {
  std::vector<std::pair<std::string, std::vector<std::string>>> told;
  for (const VariantResult& variant : sweep.variants) {
    for (const std::string& remark : list(variant.result)) {
      auto at = std::ranges::find(told, remark, [](const auto& t) { return t.first; });
      if (at == told.end()) {
        told.emplace_back(remark, std::vector<std::string>());
        at = std::prev(told.end());
      }
      at->second.push_back(label_text(variant.labels));
    }
  }
  std::string text = told.empty() ? "" : "\n";
  for (std::size_t i = 0; i < std::min(told.size(), kListShown); ++i) {
    const auto& [remark, variants] = told[i];
    const bool all = variants.size() == sweep.variants.size();
    text += fmt::format("{}{}: {}\n", kind,
                        all ? "" : fmt::format(" in {}", fmt::join(variants, "; ")), remark);
  }
  if (told.size() > kListShown) {
    text += fmt::format("{}: and {} more\n", kind, told.size() - kListShown);
  }
  return text;
}

std::string headline(const SweepResult& sweep) {
  const Context& first = sweep.variants.front().result.context;
  const auto alike = [&](auto member) {
    return std::ranges::all_of(sweep.variants, [&](const VariantResult& v) {
      return v.result.context.*member == first.*member;
    });
  };
  std::string text = fmt::format("{}: {} variants", sweep.scenario, sweep.variants.size());
  text += alike(&Context::world) ? fmt::format(", {} world", first.world) : "";
  text += alike(&Context::hardware) ? fmt::format(", hardware {}", first.hardware) : "";
  text += alike(&Context::seed) ? fmt::format(", seed {}", first.seed) : "";
  return text + fmt::format(", stripelab {}\n\n", sweep.version);
}

sim::Status flushed(std::ostream& out) {
  return out.flush() ? sim::Status()
                     : sim::Status(sim::Error{sim::Errc::io_error,
                                              "writing text failed: the stream takes no more "
                                              "bytes"});
}

}  // namespace

sim::Status write_sweep_text(const SweepResult& sweep, bool full, std::ostream& out) {
  if (!sweep.varied()) {
    const sim::Status written = write_text(sweep.variants.front().result, out);
    out << thresholds_text(sweep.thresholds);
    return written ? flushed(out) : written;
  }
  out << headline(sweep) << table_text(comparison(sweep), sweep.variants.size())
      << thresholds_text(sweep.thresholds)
      << remarks("error", sweep, [](const Result& r) { return r.errors; })
      << remarks("note", sweep, [](const Result& r) { return r.notes; });
  for (const VariantResult& variant : sweep.variants) {
    if (full) {
      out << fmt::format("\n== {}\n", label_text(variant.labels));
      if (const sim::Status written = write_text(variant.result, out); !written) {
        return written;
      }
    }
  }
  return flushed(out);
}

}  // namespace reports
