#include "scenarios/workload/ior_plan.h"

#include <fmt/core.h>

#include <array>

#include "scenarios/workload/ior_limits.h"

namespace scenarios {
namespace {

constexpr std::array<std::string_view, 4> kPhaseNames = {"write", "write_check", "read", "remove"};

sim::Duration whole_seconds(std::uint64_t n) { return sim::seconds(static_cast<std::int64_t>(n)); }

class IorWorkload : public Workload {
 public:
  IorWorkload(Plan plan, IorLayout layout)
      : Workload(std::move(plan)), layout_(std::move(layout)) {}

  std::unique_ptr<OpStream> stream(std::uint32_t rank) const override {
    sim::check(rank < layout_.tasks, "a stream for a rank that does not exist");
    return std::make_unique<IorStream>(layout_, rank);
  }

  Summary summary() const override {
    Summary summary;
    for (std::uint32_t phase = 0; phase < layout_.phases.size(); ++phase) {
      summary.phases.push_back(ior_phase_totals(layout_, phase));
      summary.total += summary.phases.back();
    }
    return summary;
  }

 private:
  IorLayout layout_;
};

std::vector<IorTest> make_tests(const IorJob& job, const IorContext& context) {
  std::vector<IorTest> tests;
  for (const IorOptions& options : job.tests) {
    IorTest test;
    test.options = options;
    test.index = static_cast<std::uint32_t>(tests.size());
    test.ranks = options.tasks == 0 ? job.tasks : static_cast<std::uint32_t>(options.tasks);
    test.tasks_per_node = std::min(job.tasks_per_node, test.ranks);
    if (options.tasks_on_node0 != 0 && options.tasks_on_node0 < test.ranks) {
      test.tasks_per_node = static_cast<std::uint32_t>(options.tasks_on_node0);
    }
    test.cyclic = context.cyclic;
    test.rng = sim::Rng(context.seed).split("ior.test", test.index);
    tests.push_back(std::move(test));
  }
  return tests;
}

// IO500 gives a stonewalled test segments without end, beyond any file's size: what can never be
// reached is cut, so that all sums stay exact.
void cut_unreachable_segments(std::vector<IorTest>& tests, Plan& plan) {
  using Wide = unsigned __int128;
  for (IorTest& test : tests) {
    IorOptions& o = test.options;
    const Wide segment = Wide{o.block_size} * test.ranks * o.repetitions * tests.size();
    if (o.stonewall_seconds == 0 || segment > kMaxIorBytes) {
      continue;
    }
    const auto most = static_cast<std::uint64_t>(kMaxIorBytes / segment);
    if (o.segments > most) {
      plan.notes.push_back(fmt::format(
          "-s {} is cut to {}: no stonewalled test reaches an exbibyte", o.segments, most));
      o.segments = most;
    }
  }
}

// What the layout would cost, before any of it is built. Products are formed with 128 bits.
sim::Status check_extent(const std::vector<IorTest>& tests) {
  using Wide = unsigned __int128;
  Wide bytes = 0;
  std::uint64_t phases = 0;
  std::uint64_t files = 0;
  for (const IorTest& test : tests) {
    const IorOptions& o = test.options;
    const Wide segment = Wide{o.block_size} * test.ranks;
    if (segment > kMaxIorBytes || Wide{o.segments} * segment > kMaxIorBytes) {
      bytes = Wide{kMaxIorBytes} + 1;
      break;
    }
    bytes += segment * o.segments * o.repetitions;
    phases += ior_phases(o).size() * o.repetitions;
    files += test.file_count() + (o.unique_dir ? test.ranks : 0);
  }
  const auto refuse = [](std::string_view what, std::uint64_t most) {
    return sim::Error{sim::Errc::too_large,
                      fmt::format("the job has too many {}: at most {} are supported", what, most)};
  };
  if (bytes > kMaxIorBytes) {
    return refuse("bytes", kMaxIorBytes);
  }
  if (phases > kMaxIorPhases) {
    return refuse("phases (repetitions of tests)", kMaxIorPhases);
  }
  if (files > kMaxIorFiles) {
    return refuse("files", kMaxIorFiles);
  }
  return {};
}

Phase describe(const IorTest& test, const IorPhase& phase) {
  const IorOptions& o = test.options;
  Phase out;
  out.name = kPhaseNames[static_cast<std::size_t>(phase.kind)];
  out.test = phase.test;
  out.repetition = phase.repetition;
  out.ranks = test.ranks;
  if (phase.kind == IorPhaseKind::remove) {
    return out;
  }
  if (o.stonewall_seconds != 0) {
    out.stonewall = Stonewall{whole_seconds(o.stonewall_seconds), o.wear_out};
  }
  out.minimum_time = whole_seconds(o.minimum_seconds);
  if (o.maximum_minutes != 0) {
    out.latest_start = whole_seconds(60 * o.maximum_minutes);
  }
  return out;
}

// The phases of one test. After a stonewalled write, what follows touches no more than it reached.
void add_phases(const IorTest& test, bool last_test, IorLayout& layout, Plan& plan) {
  const std::vector<IorPhaseKind> kinds = ior_phases(test.options);
  for (std::uint32_t repetition = 0; repetition < test.options.repetitions; ++repetition) {
    std::optional<std::uint32_t> walled;
    for (const IorPhaseKind kind : kinds) {
      const auto index = static_cast<std::uint32_t>(layout.phases.size());
      IorPhase phase;
      phase.kind = kind;
      phase.test = test.index;
      phase.repetition = repetition;
      const bool last = kind == kinds.back();
      phase.closing_barrier = last && kind != IorPhaseKind::remove;
      phase.ends_test = last && !last_test && repetition + 1 == test.options.repetitions;
      plan.phases.push_back(describe(test, phase));
      if (kind == IorPhaseKind::write && test.options.stonewall_seconds != 0) {
        walled = index;
      } else if (kind != IorPhaseKind::remove) {
        plan.phases.back().limited_by = walled;
      }
      layout.phases.push_back(phase);
    }
  }
}

void place_ranks(const IorJob& job, bool cyclic, Plan& plan) {
  plan.ranks = job.tasks;
  const std::uint32_t nodes = (job.tasks + job.tasks_per_node - 1) / job.tasks_per_node;
  plan.node_of_rank.reserve(job.tasks);
  for (std::uint32_t rank = 0; rank < job.tasks; ++rank) {
    plan.node_of_rank.push_back(cyclic ? rank % nodes : rank / job.tasks_per_node);
  }
}

}  // namespace

sim::Result<std::unique_ptr<Workload>> ior_workload(const IorJob& job, const IorContext& context) {
  IorLayout layout;
  layout.tasks = job.tasks;
  layout.tests = make_tests(job, context);
  Plan plan;
  plan.notes = job.notes;
  cut_unreachable_segments(layout.tests, plan);
  if (sim::Status status = check_extent(layout.tests); !status) {
    return status.error();
  }
  place_ranks(job, context.cyclic, plan);
  plan_ior_files(layout.tests, plan);
  for (const IorTest& test : layout.tests) {
    plan.verifies = plan.verifies || test.options.check_write || test.options.check_read;
    add_phases(test, &test == &layout.tests.back(), layout, plan);
  }
  return std::unique_ptr<Workload>(
      std::make_unique<IorWorkload>(std::move(plan), std::move(layout)));
}

}  // namespace scenarios
