// IOR's consistency rules. Messages name the options by letter, as people typed them.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "scenarios/workload/ior_limits.h"
#include "scenarios/workload/ior_options.h"
#include "scenarios/workload/scan.h"

namespace scenarios {
namespace {

sim::Error wrong(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

sim::Status check_sizes(const IorOptions& o) {
  constexpr sim::Bytes kWord = 8;  // IOR moves 64-bit words
  if (o.transfer_size == 0 || o.transfer_size % kWord != 0) {
    return wrong(fmt::format("-t: transfer size is {}, expected a positive multiple of {} bytes",
                             o.transfer_size, kWord));
  }
  if (o.block_size == 0 || o.block_size % o.transfer_size != 0) {
    return wrong(fmt::format(
        "-b: block size is {}, expected a positive multiple of the transfer size (-t {})",
        o.block_size, o.transfer_size));
  }
  if (o.segments == 0 || o.repetitions == 0) {
    return wrong(fmt::format("{}: found 0, expected at least 1", o.segments == 0 ? "-s" : "-i"));
  }
  if (o.repetitions > kMaxIorRepetitions) {
    return wrong(fmt::format("-i: found {}, at most {} repetitions are supported", o.repetitions,
                             kMaxIorRepetitions));
  }
  return {};
}

sim::Status check_order(const IorOptions& o) {
  if (o.collective) {
    return wrong(
        "-c: collective buffering is not modelled; leave -c out for independent MPI-IO (which is "
        "also what -c amounts to when collective buffering is off)");
  }
  if (o.random_offset > 2 || o.reorder_random > 2) {
    return wrong(fmt::format("{} is given more than twice", o.random_offset > 2 ? "-z" : "-Z"));
  }
  if (o.reorder_constant && o.reorder_random != 0) {
    return wrong("-C and -Z exclude each other: choose a constant or a random order of tasks");
  }
  const bool reordered = o.reorder_constant || o.reorder_random != 0;
  if (o.random_offset != 0 && reordered && !o.file_per_process) {
    return wrong("-z with -C or -Z needs -F: in a shared file the offsets are shuffled already");
  }
  if (o.random_offset == 1 && o.block_size == o.transfer_size) {
    return wrong(
        "-z shuffles transfers within a block: choose a block size (-b) above the transfer size "
        "(-t), or -z -z for random blocks");
  }
  if (o.random_offset != 0 && o.check_read && !o.random_offset_seed) {
    return wrong("-z with -R needs --random-offset-seed=N");
  }
  return {};
}

sim::Status check_stonewall(const IorOptions& o) {
  if (o.wear_out && o.stonewall_seconds == 0) {
    return wrong("stoneWallingWearOut needs a stonewall: give -D seconds");
  }
  if (!o.stonewall_status_file.empty() && !o.keep) {
    return wrong("stoneWallingStatusFile is for reading in a later test: give -k");
  }
  if (!o.stonewall_status_file.empty() && o.write && !o.wear_out) {
    return wrong("stoneWallingStatusFile on a write needs stoneWallingWearOut=1");
  }
  constexpr std::uint64_t kYear = 366 * 24 * 3600;
  for (const std::uint64_t seconds :
       {o.stonewall_seconds, o.minimum_seconds, o.maximum_minutes, o.inter_test_delay}) {
    if (seconds > kYear) {
      return wrong(fmt::format("-D, -T, -d, minTimeDuration: {} is more than a year", seconds));
    }
  }
  if (o.inter_io_delay > kYear) {
    return wrong(fmt::format("interIODelay: {} us is more than is supported", o.inter_io_delay));
  }
  return {};
}

sim::Status check_names(const IorOptions& o) {
  if (scan::has_control(o.test_file)) {
    return wrong(fmt::format("-o: {} holds a control character", scan::in_quotes(o.test_file)));
  }
  // Lustre pool names: letters, digits, '_' and '-', with the file system's name and '.' before.
  const auto odd = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '-' && c != '.';
  };
  if (std::any_of(o.pool.begin(), o.pool.end(), odd)) {
    return wrong(fmt::format("posix.lustre.pool: {} is no pool name", scan::in_quotes(o.pool)));
  }
  return {};
}

sim::Status check_files(const IorOptions& o) {
  if (o.test_file.empty() || o.test_file.find("@@") != std::string::npos ||
      o.test_file.front() == '@' || o.test_file.back() == '@') {
    return wrong("-o: expected a file name, or several separated by '@'");
  }
  if (o.unique_dir && o.test_file.find('@') != std::string::npos) {
    return wrong("-u: a directory for each task cannot be combined with several files in -o");
  }
  if (o.check_read && !o.write && !o.stamp_given) {
    return wrong("-R without -w needs -G N, the stamp the data was written with");
  }
  if (o.use_existing && !o.layout().empty()) {
    return wrong("-E keeps the existing file and its layout: leave the lustre stripe options out");
  }
  if (o.stripe_count < -1) {
    return wrong(fmt::format("stripecount: found {}, expected -1 (all OSTs), 0 (default) or more",
                             o.stripe_count));
  }
  const bool reads = o.read || o.check_read || o.check_write;
  if (reads && !o.write && !o.keep && !o.multi_file && o.repetitions > 1) {
    return wrong("-i: the file is removed after the first repetition; give -k to read it again");
  }
  return {};
}

}  // namespace

sim::Status check_ior_options(const IorOptions& o) {
  for (const auto rule : {check_sizes, check_order, check_stonewall, check_names, check_files}) {
    if (sim::Status status = rule(o); !status) {
      return status;
    }
  }
  return {};
}

}  // namespace scenarios
