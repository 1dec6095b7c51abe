#include "scenarios/workload/dxt.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/icl/interval_set.hpp>
#include <map>
#include <set>
#include <tuple>

#include "scenarios/workload/dxt_layout.h"
#include "scenarios/workload/dxt_order.h"
#include "scenarios/workload/dxt_stream.h"

namespace scenarios {
namespace {

using Access = DxtAccess;

bool earlier(const Access& a, const Access& b) {
  const auto key = [](const Access& x) {
    return std::tuple(x.rank, x.segment.start, x.file, !x.segment.write, x.segment.number);
  };
  return key(a) < key(b);
}

class Builder {
 public:
  Builder(const DxtLog& log, const DxtOptions& options) : log_(log), options_(options) {}

  std::unique_ptr<Workload> build() {
    choose_records();
    place_ranks();
    std::sort(accesses_.begin(), accesses_.end(), earlier);
    mark_preexisting();
    order_ = order_dxt(accesses_, plan_.node_of_rank);
    plan_.events = static_cast<std::uint32_t>(order_.event_after.size());
    add_notes();
    plan_.phases.push_back(Phase{});
    plan_.phases.back().name = "replay";
    plan_.phases.back().ranks = plan_.ranks;
    std::vector<std::vector<Op>> ops = make_ops();
    return std::make_unique<DxtWorkload>(std::move(plan_), std::move(ops));
  }

 private:
  void choose_records() {
    std::set<std::uint64_t> by_posix;
    for (const DxtRecord& record : log_.records) {
      if (record.module == DxtModule::posix && !record.segments.empty()) {
        by_posix.insert(record.file_id);
      }
    }
    for (const DxtRecord& record : log_.records) {
      most_threads_ = std::max(most_threads_, record.threads);
      if (record.module == DxtModule::mpiio && by_posix.contains(record.file_id)) {
        doubled_ += record.segments.size();
      } else {
        add_record(record);
      }
    }
  }

  void add_record(const DxtRecord& record) {
    const bool lustre = record.fs_type == "lustre";
    if (!lustre) {
      elsewhere_ += record.segments.size();
      if (options_.mounts == DxtMounts::lustre_only) {
        return;
      }
    }
    if (record.segments.empty()) {
      return;
    }
    const std::uint32_t file = enter_file(record);
    for (const DxtSegment& segment : record.segments) {
      accesses_.push_back({record.rank, file, segment});
    }
  }

  std::uint32_t enter_file(const DxtRecord& record) {
    const auto next = static_cast<std::uint32_t>(plan_.files.size());
    const auto [at, fresh] = file_of_id_.emplace(record.file_id, next);
    if (fresh) {
      const bool named = !record.file_name.empty() && record.file_name != "(null)";
      FileSpec file;
      file.name = named ? record.file_name : fmt::format("unnamed.{}", record.file_id);
      plan_.files.push_back(std::move(file));
    }
    FileSpec& file = plan_.files[at->second];
    if (file.layout.empty()) {
      file.layout = dxt_setstripe(record.layout);
      file.recorded_osts = dxt_osts(record.layout);
      recorded_on_osts_ += file.recorded_osts.empty() ? 0 : 1;
    }
    return at->second;
  }

  void place_ranks() {
    plan_.ranks = log_.nprocs;
    for (const DxtRecord& record : log_.records) {
      plan_.ranks = std::max(plan_.ranks, record.rank + 1);
    }
    plan_.node_of_rank.assign(plan_.ranks, 0);
    std::map<std::string_view, std::uint32_t> nodes;
    for (const DxtRecord& record : log_.records) {
      const auto next = static_cast<std::uint32_t>(nodes.size());
      plan_.node_of_rank[record.rank] = nodes.emplace(record.hostname, next).first->second;
    }
  }

  // Goes through each file in order of time over all ranks, remembering what has been written.
  void mark_preexisting() {
    std::vector<const Access*> by_time;
    by_time.reserve(accesses_.size());
    for (const Access& access : accesses_) {
      by_time.push_back(&access);
    }
    std::stable_sort(by_time.begin(), by_time.end(), [](const Access* a, const Access* b) {
      return std::tuple(a->file, a->segment.start, !a->segment.write) <
             std::tuple(b->file, b->segment.start, !b->segment.write);
    });
    boost::icl::interval_set<sim::Bytes> written;
    std::uint32_t file = 0;
    bool created = false;
    for (const Access* access : by_time) {
      if (access->file != file) {
        file = access->file;
        written.clear();
        created = false;
      }
      const DxtSegment& segment = access->segment;
      const auto range = boost::icl::interval<sim::Bytes>::right_open(
          segment.offset, segment.offset + segment.length);
      if (segment.write) {
        written += range;
        created = true;
        continue;
      }
      const bool fed = segment.length == 0 ? created : boost::icl::contains(written, range);
      if (!fed) {
        std::optional<sim::Bytes>& size = plan_.files[file].preexisting_size;
        size = std::max(size.value_or(0), unwritten_end(written, segment));
      }
    }
  }

  // The end of the last byte of `segment` that nobody wrote.
  static sim::Bytes unwritten_end(const boost::icl::interval_set<sim::Bytes>& written,
                                  const DxtSegment& segment) {
    boost::icl::interval_set<sim::Bytes> rest;
    rest += boost::icl::interval<sim::Bytes>::right_open(segment.offset,
                                                         segment.offset + segment.length);
    rest -= written;
    return rest.empty() ? 0 : rest.rbegin()->upper();
  }

  std::vector<std::vector<Op>> make_ops() const {
    std::vector<std::vector<Op>> ops(plan_.ranks);
    sim::Duration origin = sim::Duration::max();
    for (const Access& access : accesses_) {
      origin = std::min(origin, access.segment.start);
    }
    auto begin = accesses_.begin();
    while (begin != accesses_.end()) {
      const auto end = std::find_if(begin, accesses_.end(), [begin](const Access& access) {
        return access.rank != begin->rank;
      });
      ops[begin->rank] = rank_ops(begin, end, origin);
      begin = end;
    }
    return ops;
  }

  using Iterator = std::vector<Access>::const_iterator;

  std::vector<Op> rank_ops(Iterator begin, Iterator end, sim::Duration origin) const {
    std::map<std::uint32_t, std::ptrdiff_t> last_use;
    for (auto at = begin; at != end; ++at) {
      last_use[at->file] = at - begin;
    }
    std::set<std::uint32_t> opened;
    std::vector<Op> ops;
    ops.reserve(static_cast<std::size_t>(end - begin) + 2 * last_use.size());
    for (auto at = begin; at != end; ++at) {
      Op op;
      op.file = at->file;
      const auto place = static_cast<std::size_t>(at - accesses_.begin());
      add_waits(place, ops);
      if (opened.insert(at->file).second) {
        const bool exists = plan_.files[at->file].preexisting_size.has_value();
        op.kind = exists ? OpKind::open : OpKind::create;
        ops.push_back(op);
      }
      Op move = op;
      move.kind = at->segment.write ? OpKind::write : OpKind::read;
      move.offset = at->segment.offset;
      move.length = at->segment.length;
      if (options_.timing == DxtTiming::as_recorded) {
        move.not_before = at->segment.start - origin;
      }
      ops.push_back(move);
      add_signal(place, op.file, ops);
      if (last_use[at->file] == at - begin) {
        op.kind = OpKind::close;
        ops.push_back(op);
      }
    }
    return ops;
  }

  void add_waits(std::size_t place, std::vector<Op>& ops) const {
    const auto awaited = order_.awaited.find(place);
    if (awaited == order_.awaited.end()) {
      return;
    }
    for (const std::uint32_t event : awaited->second) {
      Op wait;
      wait.kind = OpKind::await;
      wait.target = event;
      ops.push_back(wait);
    }
  }

  void add_signal(std::size_t place, std::uint32_t file, std::vector<Op>& ops) const {
    Op op;
    op.file = file;
    if (!options_.locks && order_.read_elsewhere[place]) {
      op.kind = OpKind::fsync;
      ops.push_back(op);
    }
    if (const auto event = order_.event_after.find(place); event != order_.event_after.end()) {
      op.kind = OpKind::signal;
      op.target = event->second;
      ops.push_back(op);
    }
  }

  void add_notes() {
    plan_.notes = order_notes(order_, options_.locks);
    const auto note = [this](std::string text) { plan_.notes.push_back(std::move(text)); };
    for (const std::string& module : log_.incomplete_modules) {
      note(fmt::format("{} is incomplete: Darshan ran out of memory and dropped rows", module));
    }
    if (elsewhere_ != 0) {
      const bool kept = options_.mounts == DxtMounts::all;
      note(fmt::format("{} of {} operations lie on mounts other than Lustre and are {}", elsewhere_,
                       accesses_.size() + (kept ? 0 : elsewhere_),
                       kept ? "replayed as well" : "left out"));
    }
    if (doubled_ != 0) {
      note(fmt::format("{} X_MPIIO rows are left out: X_POSIX rows have the same bytes", doubled_));
    }
    if (recorded_on_osts_ != 0) {
      note(
          fmt::format("the objects of {} traced files were on OSTs that the trace names: the "
                      "replay's are where its own MDT puts them",
                      recorded_on_osts_));
    }
    if (most_threads_ > 1) {
      note(fmt::format("up to {} threads of a rank did I/O: each rank is replayed by one",
                       most_threads_));
    }
  }

  const DxtLog& log_;
  const DxtOptions& options_;
  Plan plan_;
  std::map<std::uint64_t, std::uint32_t> file_of_id_;
  std::vector<Access> accesses_;
  DxtOrder order_;
  std::size_t elsewhere_ = 0;
  std::size_t doubled_ = 0;
  std::size_t recorded_on_osts_ = 0;  // files
  std::uint64_t most_threads_ = 1;
};

}  // namespace

sim::Result<std::unique_ptr<Workload>> dxt_workload(const DxtLog& log, const DxtOptions& options) {
  return Builder(log, options).build();
}

sim::Result<std::unique_ptr<Workload>> dxt_workload(std::string_view text, std::string_view name,
                                                    const DxtOptions& options) {
  const sim::Result<DxtLog> log = parse_dxt(text, name);
  if (!log) {
    return log.error();
  }
  return dxt_workload(*log, options);
}

}  // namespace scenarios
