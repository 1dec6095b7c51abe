#include "scenarios/workload/ior.h"

#include <fmt/core.h>

#include <algorithm>

#include "scenarios/workload/ior_command.h"
#include "scenarios/workload/ior_limits.h"
#include "scenarios/workload/ior_plan.h"
#include "scenarios/workload/ior_script.h"

namespace scenarios {
namespace {

sim::Error wrong(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

// The number of tasks there are: the scenario's, the launcher's, or the largest -N.
sim::Status settle_tasks(const IorCommand& command, const IorContext& context, IorJob& job) {
  std::uint64_t tasks = context.tasks != 0 ? context.tasks : command.tasks;
  if (context.tasks != 0 && command.tasks != 0 && context.tasks != command.tasks) {
    return wrong(fmt::format("the launcher starts {} tasks but the scenario says {}: drop one",
                             command.tasks, context.tasks));
  }
  if (tasks == 0) {
    for (const IorOptions& test : job.tests) {
      tasks = std::max(tasks, test.tasks);
    }
  }
  if (tasks == 0) {
    tasks = 1;
    job.notes.emplace_back("nothing says how many tasks there are: 1, as without a launcher");
  }
  for (const IorOptions& test : job.tests) {
    if (test.tasks > tasks) {
      return wrong(fmt::format("-N asks for {} tasks, there are {}", test.tasks, tasks));
    }
  }
  if (tasks > kMaxIorTasks) {
    return wrong(fmt::format("{} tasks: at most {} are supported", tasks, kMaxIorTasks));
  }
  job.tasks = static_cast<std::uint32_t>(tasks);
  const std::uint32_t per_node =
      context.tasks_per_node != 0 ? context.tasks_per_node : command.tasks_per_node;
  job.tasks_per_node = per_node != 0 ? std::min(per_node, job.tasks) : job.tasks;
  return {};
}

sim::Result<IorOptions> parse_one_test(const IorCommand& command) {
  IorOptions options;
  if (sim::Status status = apply_ior_arguments(command.arguments, options); !status) {
    return status.error();
  }
  options.apply_defaults();
  if (sim::Status status = check_ior_options(options); !status) {
    return status.error();
  }
  return options;
}

void collect_notes(IorJob& job) {
  for (const IorOptions& test : job.tests) {
    for (const std::string& note : test.notes) {
      if (std::find(job.notes.begin(), job.notes.end(), note) == job.notes.end()) {
        job.notes.push_back(note);
      }
    }
    if (test.api == IorApi::mpiio) {
      std::string note = "MPIIO is run as independent I/O: each task reads and writes by itself";
      if (std::find(job.notes.begin(), job.notes.end(), note) == job.notes.end()) {
        job.notes.push_back(std::move(note));
      }
    }
  }
}

}  // namespace

sim::Result<IorJob> parse_ior(std::string_view text, const IorContext& context) {
  if (text.size() > kMaxIorText) {
    return wrong(fmt::format("{} bytes of text: at most {} are read", text.size(), kMaxIorText));
  }
  IorJob job;
  IorCommand command;
  if (is_ior_script(text)) {
    auto tests = parse_ior_script(text);
    if (!tests) {
      return tests.error();
    }
    job.tests = std::move(*tests);
  } else {
    auto parsed = parse_ior_command(text);
    if (!parsed) {
      return parsed.error();
    }
    command = std::move(*parsed);
    auto test = parse_one_test(command);
    if (!test) {
      return test.error();
    }
    job.tests.push_back(std::move(*test));
  }
  if (sim::Status status = settle_tasks(command, context, job); !status) {
    return status.error();
  }
  collect_notes(job);
  return job;
}

sim::Result<std::unique_ptr<Workload>> ior_workload(std::string_view text,
                                                    const IorContext& context) {
  const sim::Result<IorJob> job = parse_ior(text, context);
  if (!job) {
    return job.error();
  }
  return ior_workload(*job, context);
}

}  // namespace scenarios
