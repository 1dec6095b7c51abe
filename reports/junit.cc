#include "reports/junit.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

namespace reports {
namespace {

// Names come from outside: bytes that are not UTF-8 are replaced.
std::string valid_utf8(std::string_view text) {
  using nlohmann::json;
  const std::string quoted = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  return json::parse(quoted).get<std::string>();
}

// Text for an attribute or an element. XML 1.0 has no way to write most control characters.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : valid_utf8(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c >= '\0' && c < ' ' ? ' ' : c;
    }
  }
  return safe;
}

// What follows a variant's name: " in lustre", or nothing.
std::string in_variant(const std::string& label) { return label.empty() ? "" : " in " + label; }

std::string test_case(const std::string& suite, const std::string& name,
                      const std::string& inside) {
  const std::string head = fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
                                       escaped(suite), escaped(name));
  return inside.empty() ? head + "/>\n" : head + ">\n" + inside + "  </testcase>\n";
}

// One element: readers of JUnit expect at most one in a case. The first line is its message.
std::string element(std::string_view name, const std::vector<std::string>& lines) {
  if (lines.empty()) {
    return "";
  }
  std::string text = fmt::format("    <{} message=\"{}\">\n", name, escaped(lines.front()));
  for (const std::string& line : lines) {
    text += escaped(line) + "\n";
  }
  return text + fmt::format("    </{}>\n", name);
}

std::string run_errors(const SweepResult& sweep) {
  std::vector<std::string> lines;
  for (const VariantResult& variant : sweep.variants) {
    for (const std::string& error : variant.result.errors) {
      lines.push_back(error + in_variant(label_text(variant.labels)));
    }
  }
  return element("error", lines);
}

std::string failures(const ThresholdResult& threshold) {
  std::vector<std::string> lines;
  for (const Verdict& verdict : threshold.verdicts) {
    if (!verdict.holds) {
      const std::string value =
          verdict.value ? format_value(*verdict.value, threshold.unit) : "not measured";
      lines.push_back(fmt::format("found {}{}; {} would be right", value,
                                  in_variant(verdict.variant), threshold.bound));
    }
  }
  return element("failure", lines);
}

}  // namespace

sim::Status write_junit(const SweepResult& sweep, std::ostream& out) {
  const std::string errors = run_errors(sweep);
  const auto failed =
      std::ranges::count_if(sweep.thresholds, [](const ThresholdResult& t) { return !t.holds(); });
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      << fmt::format("<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
                     escaped(sweep.scenario), sweep.thresholds.size() + 1, failed,
                     errors.empty() ? 0 : 1)
      << test_case(sweep.scenario, "run", errors);
  for (const ThresholdResult& threshold : sweep.thresholds) {
    out << test_case(sweep.scenario, threshold.expression + " " + threshold.bound,
                     failures(threshold));
  }
  out << "</testsuite>\n";
  if (!out.flush()) {
    return sim::Error{sim::Errc::io_error, "writing junit failed: the stream takes no more bytes"};
  }
  return {};
}

}  // namespace reports
