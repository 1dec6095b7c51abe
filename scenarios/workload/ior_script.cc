#include "scenarios/workload/ior_script.h"

#include <fmt/core.h>

#include <optional>

#include "scenarios/workload/ior_limits.h"
#include "scenarios/workload/scan.h"

namespace scenarios {
namespace {

// Hands out lines without their ends, counting from 1.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  std::optional<std::string_view> next() {
    if (text_.empty()) {
      return std::nullopt;
    }
    const std::size_t end = text_.find('\n');
    const std::string_view line = text_.substr(0, end);
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
    ++number_;
    return scan::trim(line);
  }
  std::size_t number() const { return number_; }

 private:
  std::string_view text_;
  std::size_t number_ = 0;
};

sim::Error wrong(std::size_t line, std::string_view message) {
  return {sim::Errc::invalid_argument, fmt::format("line {}: {}", line, message)};
}

bool skip_to_start(Lines& lines) {
  while (const auto line = lines.next()) {
    if (scan::same_word(*line, "ior start")) {
      return true;
    }
  }
  return false;
}

sim::Status finish_test(IorOptions& options, std::vector<IorOptions>& tests) {
  constexpr std::size_t kMostTests = 4096;
  if (tests.size() == kMostTests) {
    return sim::Error{sim::Errc::too_large, fmt::format("more than {} RUNs", kMostTests)};
  }
  IorOptions test = options;
  test.apply_defaults();
  if (sim::Status status = check_ior_options(test); !status) {
    return status;
  }
  tests.push_back(std::move(test));
  return {};
}

}  // namespace

bool is_ior_script(std::string_view text) {
  Lines lines(text);
  return skip_to_start(lines);
}

sim::Result<std::vector<IorOptions>> parse_ior_script(std::string_view text) {
  Lines lines(text);
  if (!skip_to_start(lines)) {
    return wrong(lines.number(), "no line says IOR START");
  }
  std::vector<IorOptions> tests;
  IorOptions options;
  bool unused = false;  // whether a setting stands behind the last RUN
  while (const auto line = lines.next()) {
    if (line->empty() || line->starts_with('#')) {
      continue;
    }
    if (scan::same_word(*line, "ior stop")) {
      // IOR runs what was set last, or nothing but its defaults, without a RUN too.
      if (unused || tests.empty()) {
        if (const sim::Status status = finish_test(options, tests); !status) {
          return wrong(lines.number(), status.error().message);
        }
      }
      return tests;
    }
    const bool run = scan::same_word(*line, "run");
    const sim::Status status =
        run ? finish_test(options, tests) : apply_ior_directives(*line, options);
    if (!status) {
      return wrong(lines.number(), status.error().message);
    }
    unused = !run;
  }
  return wrong(lines.number(), "the script ends without IOR STOP: something is cut off");
}

}  // namespace scenarios
