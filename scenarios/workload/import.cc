#include "scenarios/workload/import.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace scenarios {
namespace {

using Json = nlohmann::ordered_json;

std::string scenario_text(const ImportOptions& options, std::uint32_t osts, Json group,
                          const std::string& layout) {
  Json scenario;
  scenario["name"] = options.name;
  scenario["cluster"] = {
      {"osts", osts}, {"oss", std::min(options.oss, osts)}, {"hardware", options.hardware}};
  scenario["clients"] = Json::array({std::move(group)});
  scenario["layout"] = layout.empty() ? "-c 1" : layout;
  // Invalid UTF-8 from outside becomes U+FFFD rather than a failure.
  return scenario.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

bool is_dxt_dump(std::string_view text) {
  constexpr std::string_view kRecord = "# DXT, file_id: ";
  return text.starts_with("# darshan log version:") || text.starts_with(kRecord) ||
         text.find("\n" + std::string(kRecord)) != std::string_view::npos;
}

sim::Result<std::string> import_ior(std::string_view text, const IorContext& context,
                                    const ImportOptions& options) {
  const sim::Result<IorJob> job = parse_ior(text, context);
  if (!job) {
    return job.error();
  }
  const std::uint32_t nodes = (job->tasks + job->tasks_per_node - 1) / job->tasks_per_node;
  const Json workload = {{"ior", std::string(text)}, {"tasks", job->tasks}};
  return scenario_text(options, options.osts, {{"count", nodes}, {"workload", workload}},
                       job->tests.front().layout());
}

sim::Result<std::string> import_dxt(std::string_view text, std::string_view path,
                                    const DxtOptions& dxt, const ImportOptions& options) {
  const auto workload = dxt_workload(text, path, dxt);
  if (!workload) {
    return workload.error();
  }
  const Plan& plan = (*workload)->plan();
  std::size_t widest = 1;
  std::string layout;
  for (const FileSpec& file : plan.files) {
    widest = std::max(widest, file.recorded_osts.size());
    if (layout.empty()) {
      layout = file.layout;
    }
  }
  const char* timing = dxt.timing == DxtTiming::as_recorded ? "as_recorded" : "as_fast_as_possible";
  Json spec = {{"dxt", std::string(path)}, {"timing", timing}};
  if (dxt.mounts == DxtMounts::lustre_only) {
    spec["mounts"] = "lustre_only";
  }
  const std::uint32_t osts = std::max(options.osts, static_cast<std::uint32_t>(widest));
  return scenario_text(options, osts, {{"workload", spec}}, layout);
}

}  // namespace scenarios
