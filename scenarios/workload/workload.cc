#include "scenarios/workload/workload.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/digest.h"

namespace scenarios {
namespace {

constexpr std::array<std::string_view, kOpKinds> kNames = {
    "phase",   "io_begin", "io_end",  "open",   "create", "read",   "write",
    "fsync",   "close",    "barrier", "think",  "stat",   "unlink", "truncate",
    "readdir", "mkdir",    "rename",  "signal", "await"};

std::string file_line(std::size_t index, const FileSpec& file) {
  std::string line =
      fmt::format("{} {} name={}", file.directory ? "directory" : "file", index, file.name);
  if (!file.layout.empty()) {
    line += " layout=" + file.layout;
  }
  if (file.preexisting_size) {
    line += fmt::format(" preexisting={}", *file.preexisting_size);
  }
  if (!file.recorded_osts.empty()) {
    line += fmt::format(" osts={}", fmt::join(file.recorded_osts, ","));
  }
  return line;
}

std::string phase_line(std::size_t index, const Phase& phase) {
  std::string line = fmt::format("phase {} name={} test={} repetition={} ranks={}", index,
                                 phase.name, phase.test, phase.repetition, phase.ranks);
  if (phase.stonewall) {
    line += fmt::format(" deadline={} wear_out={}", phase.stonewall->deadline.ns(),
                        phase.stonewall->wear_out);
  }
  if (phase.minimum_time.ns() != 0) {
    line += fmt::format(" minimum={}", phase.minimum_time.ns());
  }
  if (phase.latest_start) {
    line += fmt::format(" latest_start={}", phase.latest_start->ns());
  }
  if (phase.limited_by) {
    line += fmt::format(" limited_by={}", *phase.limited_by);
  }
  return line;
}

void append_op(fmt::memory_buffer& out, std::uint32_t rank, const Op& op) {
  auto to = fmt::appender(out);
  fmt::format_to(to, "{} {} p{} f{} {}+{}", rank, op_kind_name(op.kind), op.phase, op.file,
                 op.offset, op.length);
  if (op.kind == OpKind::rename || op.kind == OpKind::signal || op.kind == OpKind::await) {
    fmt::format_to(to, " target={}", op.target);
  }
  if (op.kind == OpKind::barrier) {
    fmt::format_to(to, " parties={}", op.parties);
  }
  if (op.kind == OpKind::think) {
    fmt::format_to(to, " delay={}", op.delay.ns());
  }
  if (op.not_before) {
    fmt::format_to(to, " at={}", op.not_before->ns());
  }
  if (op.stand_in) {
    fmt::format_to(to, " stand_in={}", op.stand_in->ns());
  }
  if (op.lenient || op.direct || op.verify || op.prepares) {
    fmt::format_to(to, "{}{}{}{}", op.lenient ? " lenient" : "", op.direct ? " direct" : "",
                   op.verify ? " verify" : "", op.prepares ? " prepares" : "");
  }
}

bool dump_plan(const Plan& plan, const std::function<bool(std::string_view)>& line) {
  if (!line(fmt::format("ranks {} nodes {}", plan.ranks, fmt::join(plan.node_of_rank, ",")))) {
    return false;
  }
  for (std::size_t i = 0; i < plan.files.size(); ++i) {
    if (!line(file_line(i, plan.files[i]))) {
      return false;
    }
  }
  for (std::size_t i = 0; i < plan.phases.size(); ++i) {
    if (!line(phase_line(i, plan.phases[i]))) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string_view op_kind_name(OpKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::uint32_t Plan::nodes() const {
  const auto largest = std::max_element(node_of_rank.begin(), node_of_rank.end());
  return largest == node_of_rank.end() ? 0 : *largest + 1;
}

void Totals::add(const Op& op) {
  add(op.kind, 1);
  if (op.kind == OpKind::read) {
    bytes_read += op.length;
  } else if (op.kind == OpKind::write) {
    bytes_written += op.length;
  }
}

Totals& Totals::operator+=(const Totals& other) {
  bytes_read += other.bytes_read;
  bytes_written += other.bytes_written;
  for (std::size_t i = 0; i < kOpKinds; ++i) {
    ops[i] += other.ops[i];
  }
  return *this;
}

std::optional<std::uint64_t> planned_operations(const Workload& workload) {
  for (const Phase& phase : workload.plan().phases) {
    if (phase.stonewall || phase.minimum_time.ns() > 0) {
      return std::nullopt;
    }
  }
  const Totals total = workload.summary().total;
  std::uint64_t operations = 0;
  for (const std::uint64_t n : total.ops) {
    operations += n;
  }
  for (const OpKind kind : {OpKind::phase, OpKind::io_begin, OpKind::io_end, OpKind::barrier,
                            OpKind::think, OpKind::signal, OpKind::await}) {
    operations -= total.count(kind);
  }
  return operations;
}

Summary count_by_running(const Workload& workload) {
  Summary summary;
  summary.phases.resize(workload.plan().phases.size());
  for (std::uint32_t rank = 0; rank < workload.plan().ranks; ++rank) {
    const auto stream = workload.stream(rank);
    for (Op op; stream->next(op);) {
      summary.phases[op.phase].add(op);
      summary.total.add(op);
    }
  }
  return summary;
}

void dump(const Workload& workload, const std::function<bool(std::string_view)>& line) {
  if (!dump_plan(workload.plan(), line)) {
    return;
  }
  fmt::memory_buffer text;
  for (std::uint32_t rank = 0; rank < workload.plan().ranks; ++rank) {
    const auto stream = workload.stream(rank);
    for (Op op; stream->next(op);) {
      text.clear();
      append_op(text, rank, op);
      if (!line(std::string_view(text.data(), text.size()))) {
        return;
      }
    }
  }
}

std::uint64_t digest(const Workload& workload) {
  sim::Digest hash;
  dump(workload, [&hash](std::string_view line) {
    for (const char c : line) {
      hash.fold(static_cast<unsigned char>(c));
    }
    hash.fold('\n');
    return true;
  });
  return hash.value();
}

}  // namespace scenarios
