// Line by line through a dump: header lines fill the record being built, rows are added to it, the
// next record's first line or the end of the text closes it.
#include <fmt/core.h>

#include "scenarios/workload/dxt_layout.h"
#include "scenarios/workload/dxt_log.h"
#include "scenarios/workload/dxt_row.h"
#include "scenarios/workload/scan.h"

namespace scenarios {
namespace {

constexpr std::uint64_t kMaxRanks = std::uint64_t{1} << 20;
constexpr std::size_t kMaxComponents = 1000;

class Reader {
 public:
  Reader(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  sim::Result<DxtLog> read() {
    while (!text_.empty()) {
      const std::size_t end = text_.find('\n');
      ++line_;
      if (end == std::string_view::npos) {
        return wrong(fmt::format("the file ends inside a line, after {}: it was cut",
                                 scan::in_quotes(text_.substr(0, 30))));
      }
      std::string_view line = text_.substr(0, end);
      text_.remove_prefix(end + 1);
      if (line.ends_with('\r')) {
        line.remove_suffix(1);
      }
      if (sim::Status status = read_line(line); !status) {
        return status.error();
      }
    }
    ++line_;
    if (sim::Status status = finish_record(); !status) {
      return status.error();
    }
    if (log_.records.empty()) {
      return wrong("no DXT record in it: is it a darshan-dxt-parser dump, of a run that traced?");
    }
    return std::move(log_);
  }

 private:
  sim::Error wrong(std::string_view message) const {
    return {sim::Errc::invalid_argument, fmt::format("{}:{}: {}", name_, line_, message)};
  }

  sim::Status expected(std::string_view what, std::string_view found) const {
    return wrong(fmt::format("{}: found {}", what, scan::in_quotes(found)));
  }

  sim::Status read_line(std::string_view line) {
    if (scan::trim(line).empty()) {
      return {};
    }
    if (scan::consume(line, "# DXT, ")) {
      return read_header(line);
    }
    if (scan::consume(line, "#\t[Component ")) {
      return read_component(line);
    }
    if (line.starts_with('#')) {
      return read_comment(line.substr(1));
    }
    return read_row(line);
  }

  sim::Status read_comment(std::string_view line) {
    line = scan::trim(line);
    if (scan::consume(line, "exe: ")) {
      log_.exe = std::string(line);
    } else if (scan::consume(line, "nprocs: ")) {
      const auto number = scan::unsigned_number(line);
      if (!number || *number == 0 || *number > kMaxRanks) {
        return expected(fmt::format("nprocs: expected 1 to {}", kMaxRanks), line);
      }
      log_.nprocs = static_cast<std::uint32_t>(*number);
    } else if (scan::consume(line, "*WARNING*: The ")) {
      log_.incomplete_modules.emplace_back(line.substr(0, line.find(' ')));
    }
    return {};
  }

  sim::Status read_header(std::string_view line) {
    if (scan::consume(line, "file_id: ")) {
      return begin_record(line);
    }
    if (!open_) {
      return expected("expected a record's file_id line first", line);
    }
    if (scan::consume(line, "rank: ")) {
      return read_rank(line);
    }
    if (scan::consume(line, "number of threads: ")) {
      return read_count(line, record_.threads);
    }
    if (scan::consume(line, "write_count: ")) {
      return read_counts(line);
    }
    if (scan::consume(line, "mnt_pt: ")) {
      const std::size_t at = line.rfind(", fs_type: ");
      if (at == std::string_view::npos) {
        return expected("expected mnt_pt: PATH, fs_type: NAME", line);
      }
      record_.mount_point = std::string(line.substr(0, at));
      record_.fs_type = std::string(line.substr(at + std::string_view(", fs_type: ").size()));
      return {};
    }
    if (scan::consume(line, "Lustre stripe_size: ")) {
      return read_plain_layout(line);
    }
    if (scan::consume(line, "Lustre OST obdidx: ")) {
      return read_plain_osts(line);
    }
    if (line.starts_with("Lustre stripe components:")) {
      return {};
    }
    return expected("unknown header line of a record", line);
  }

  sim::Status begin_record(std::string_view line) {
    if (sim::Status status = finish_record(); !status) {
      return status;
    }
    std::string_view id;
    std::string_view file_name;
    const bool both = split_pair(line, ", file_name: ", id, file_name);
    const auto number = scan::unsigned_number(id);
    if (!both || !number) {
      return expected("expected file_id: NUMBER, file_name: PATH", line);
    }
    if (scan::has_control(file_name)) {
      return expected("a file's name holds a control character", file_name);
    }
    record_ = DxtRecord();
    plain_ = {};
    record_.line = line_;
    record_.file_id = *number;
    record_.file_name = std::string(file_name);
    open_ = true;
    have_rank_ = false;
    have_counts_ = false;
    have_module_ = false;
    writes_ = 0;
    reads_ = 0;
    return {};
  }

  sim::Status read_rank(std::string_view line) {
    std::string_view rank;
    std::string_view host;
    const bool both = split_pair(line, ", hostname: ", rank, host);
    const auto number = scan::unsigned_number(rank);
    const std::uint64_t ranks = log_.nprocs == 0 ? kMaxRanks : log_.nprocs;
    if (!both || !number || *number >= ranks) {
      return expected(fmt::format("expected rank: 0 to {}, hostname: NAME", ranks - 1), line);
    }
    record_.rank = static_cast<std::uint32_t>(*number);
    record_.hostname = std::string(host);
    have_rank_ = true;
    return {};
  }

  sim::Status read_count(std::string_view text, std::uint64_t& out) const {
    const auto number = scan::unsigned_number(text);
    if (!number) {
      return expected("expected a whole number", text);
    }
    out = *number;
    return {};
  }

  sim::Status read_counts(std::string_view line) {
    std::string_view writes;
    std::string_view reads;
    if (!split_pair(line, ", read_count: ", writes, reads)) {
      return expected("expected write_count: NUMBER, read_count: NUMBER", line);
    }
    if (sim::Status status = read_count(writes, record_.write_count); !status) {
      return status;
    }
    have_counts_ = true;
    return read_count(reads, record_.read_count);
  }

  // Up to 3.3.1 the size and count stand here, the OSTs on the next line.
  sim::Status read_plain_layout(std::string_view line) {
    const auto plain = parse_dxt_plain_layout(line);
    if (!plain) {
      return wrong(plain.error().message);
    }
    plain_ = *plain;
    return {};
  }

  sim::Status read_plain_osts(std::string_view line) {
    auto osts = parse_dxt_osts(line);
    if (!osts) {
      return wrong(osts.error().message);
    }
    if (plain_.size == 0) {
      return {};
    }
    if (osts->size() != plain_.count) {
      return wrong(
          fmt::format("stripe_count is {} but {} OSTs are named", plain_.count, osts->size()));
    }
    record_.layout = {DxtComponent{{0, sim::kEof}, plain_.size, std::move(*osts)}};
    plain_ = {};
    return {};
  }

  sim::Status read_component(std::string_view line) {
    auto component = parse_dxt_component(line);
    if (!component) {
      return wrong(component.error().message);
    }
    if (!open_ || record_.layout.size() == kMaxComponents) {
      return wrong(open_ ? "too many layout components" : "a component outside any record");
    }
    record_.layout.push_back(std::move(*component));
    return {};
  }

  sim::Status read_row(std::string_view line) {
    const sim::Result<DxtRow> row = parse_dxt_row(line);
    if (!row) {
      return wrong(row.error().message);
    }
    if (!open_ || !have_rank_ || !have_counts_) {
      return wrong("a row before its record's rank and count lines");
    }
    if (row->rank != record_.rank) {
      return wrong(fmt::format("a row of rank {} in the record of rank {} (line {})", row->rank,
                               record_.rank, record_.line));
    }
    if (have_module_ && row->module != record_.module) {
      return wrong("X_POSIX and X_MPIIO rows in one record");
    }
    record_.module = row->module;
    have_module_ = true;
    std::uint64_t& count = row->segment.write ? writes_ : reads_;
    if (row->segment.number != count) {
      return wrong(fmt::format("column Segment: found {}, expected {}: rows are missing or doubled",
                               row->segment.number, count));
    }
    ++count;
    record_.segments.push_back(row->segment);
    return {};
  }

  sim::Status finish_record() {
    if (!open_) {
      return {};
    }
    if (!have_rank_ || !have_counts_) {
      return wrong(
          fmt::format("the record of line {} ends without its rank or counts", record_.line));
    }
    if (writes_ != record_.write_count || reads_ != record_.read_count) {
      return wrong(fmt::format(
          "the record of line {} says write_count {}, read_count {} but has {} and {} rows",
          record_.line, record_.write_count, record_.read_count, writes_, reads_));
    }
    if (plain_.size != 0) {
      return wrong(fmt::format("the record of line {} has a stripe_count but no OST obdidx line",
                               record_.line));
    }
    log_.records.push_back(std::move(record_));
    open_ = false;
    return {};
  }

  std::string_view text_;
  std::string_view name_;
  std::size_t line_ = 0;
  DxtLog log_;
  DxtRecord record_;
  DxtPlainLayout plain_;  // waiting for its line of OSTs
  bool open_ = false;
  bool have_rank_ = false;
  bool have_counts_ = false;
  bool have_module_ = false;
  std::uint64_t writes_ = 0;  // rows of the record so far
  std::uint64_t reads_ = 0;
};

}  // namespace

sim::Result<DxtLog> parse_dxt(std::string_view text, std::string_view name) {
  return Reader(text, name).read();
}

}  // namespace scenarios
