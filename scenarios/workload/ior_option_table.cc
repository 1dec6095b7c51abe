#include "scenarios/workload/ior_option_table.h"

#include <fmt/core.h>

#include <array>
#include <string>

#include "scenarios/workload/scan.h"

namespace scenarios {
namespace {

using Options = IorOptions;
using Value = IorValue;
using Status = sim::Status;

constexpr std::string_view kPrints = "it changes only what IOR prints";
constexpr std::string_view kOutput = "results are written where this program is told to";
constexpr std::string_view kData = "the bytes written are chosen by the checker";
constexpr std::string_view kPlacement = "tasks are placed on nodes by the scenario";
constexpr std::string_view kHints =
    "MPI-IO hints steer collective buffering, which is not modelled";
constexpr std::string_view kErrors = "data errors and short transfers are reported as results";
constexpr std::string_view kNeverCalled = "IOR's tests never call what it delays";
constexpr std::string_view kLocks =
    "whether clients lock what they read and write goes by their design's \"coherence\"";
constexpr std::string_view kGpu = "GPU memory is not modelled";

sim::Error wrong(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

template <auto Member>
Status set_flag(Options& o, const Value& v) {
  return v.flag(o.*Member);
}

template <auto Member>
Status set_level(Options& o, const Value& v) {
  return v.level(o.*Member);
}

template <auto Member>
Status set_size(Options& o, const Value& v) {
  return v.size(o.*Member);
}

template <auto Member>
Status set_number(Options& o, const Value& v) {
  std::int64_t number = 0;
  if (Status status = v.number(number); !status) {
    return status;
  }
  o.*Member = number;
  return {};
}

template <auto Member>
Status set_text(Options& o, const Value& v) {
  o.*Member = std::string(v.text());
  return {};
}

template <auto Member>
Status set_dummy_delay(Options& o, const Value& v) {
  return v.microseconds(o.dummy.*Member);
}

template <const std::string_view& Why>
Status ignore(Options& o, const Value& v) {
  return v.note(o, Why);
}

Status set_api(Options& o, const Value& v) {
  constexpr std::array<std::pair<std::string_view, IorApi>, 3> kApis = {
      {{"POSIX", IorApi::posix}, {"MPIIO", IorApi::mpiio}, {"DUMMY", IorApi::dummy}}};
  for (const auto& [name, api] : kApis) {
    if (scan::same_word(name, v.text())) {
      o.api = api;
      return {};
    }
  }
  return wrong(
      fmt::format("{}: the API {} is not modelled; POSIX, MPIIO (independent I/O) and DUMMY are",
                  v.option(), scan::in_quotes(v.text())));
}

Status set_start_ost(Options& o, const Value& v) {
  std::int64_t index = 0;
  if (Status status = v.number(index); !status) {
    return status;
  }
  // -1 is Lustre's "any".
  o.start_ost = index < 0 ? std::nullopt : std::optional<std::uint64_t>(index);
  return {};
}

Status set_memory_hog(Options& o, const Value& v) {
  return v.note(o, "memory is not taken: make clients[0].design.page_cache.size smaller instead");
}

Status set_stamp(Options& o, const Value& v) {
  o.stamp_given = true;
  return v.note(o, kData);
}

Status set_status_file(Options& o, const Value& v) {
  o.stonewall_status_file = std::string(v.text());
  return v.note(o,
                "counts pass from a test's write to its read by themselves; between separate "
                "command lines they do not");
}

Status refuse_script(Options&, const Value& v) {
  return wrong(fmt::format("{}: give the text of the script {} itself, not a line naming it",
                           v.option(), scan::in_quotes(v.text())));
}

Status refuse_prefill(Options&, const Value& v) {
  return v.refuse("prefilling is not modelled; write the file by a test before this one");
}

Status refuse_dry_run(Options&, const Value& v) {
  return v.refuse("leave it out and ask this program for a dry run");
}

Status refuse_dual_mount(Options&, const Value& v) {
  return v.refuse("a client has one mount of the file system");
}

Status refuse_gpu(Options&, const Value& v) { return v.refuse(kGpu); }

Status refuse_range_locks(Options&, const Value& v) {
  return v.refuse("locks taken by the application are not modelled");
}

Status refuse_hdf5(Options&, const Value& v) { return v.refuse("it needs the HDF5 API"); }

constexpr IorOptionRow kRows[] = {
    {'a', "api", true, set_api},
    {'b', "blockSize", true, set_size<&Options::block_size>},
    {'t', "transferSize", true, set_size<&Options::transfer_size>},
    {'s', "segmentCount", true, set_size<&Options::segments>},
    {'i', "repetitions", true, set_size<&Options::repetitions>},
    {'w', "writeFile", false, set_flag<&Options::write>},
    {'r', "readFile", false, set_flag<&Options::read>},
    {'W', "checkWrite", false, set_flag<&Options::check_write>},
    {'R', "checkRead", false, set_flag<&Options::check_read>},
    {'F', "filePerProc", false, set_flag<&Options::file_per_process>},
    {'u', "uniqueDir", false, set_flag<&Options::unique_dir>},
    {'m', "multiFile", false, set_flag<&Options::multi_file>},
    {'k', "keepFile", false, set_flag<&Options::keep>},
    {'E', "useExistingTestFile", false, set_flag<&Options::use_existing>},
    {'e', "fsync", false, set_flag<&Options::fsync>},
    {'Y', "fsyncPerWrite", false, set_flag<&Options::fsync_per_write>},
    {'g', "intraTestBarriers", false, set_flag<&Options::intra_test_barriers>},
    {'c', "collective", false, set_flag<&Options::collective>},
    {'z', "randomOffset", false, set_level<&Options::random_offset>},
    {'\0', "random-offset-seed", true, set_number<&Options::random_offset_seed>},
    {'C', "reorderTasksConstant", false, set_flag<&Options::reorder_constant>},
    {'\0', "reorderTasks", false, set_flag<&Options::reorder_constant>},
    {'Z', "reorderTasksRandom", false, set_level<&Options::reorder_random>},
    {'X', "reorderTasksRandomSeed", true, set_number<&Options::reorder_seed>},
    {'Q', "taskPerNodeOffset", true, set_size<&Options::task_offset>},
    {'D', "deadlineForStonewalling", true, set_size<&Options::stonewall_seconds>},
    {'\0', "stoneWallingWearOut", false, set_flag<&Options::wear_out>},
    {'\0', "stoneWallingWearOutIterations", true, set_size<&Options::wear_out_iterations>},
    {'\0', "stoneWallingStatusFile", true, set_status_file},
    {'\0', "minTimeDuration", true, set_size<&Options::minimum_seconds>},
    {'T', "maxTimeDuration", true, set_size<&Options::maximum_minutes>},
    {'d', "interTestDelay", true, set_size<&Options::inter_test_delay>},
    {'\0', "interIODelay", true, set_size<&Options::inter_io_delay>},
    {'N', "numTasks", true, set_size<&Options::tasks>},
    {'\0', "numTasksOnNode0", true, set_size<&Options::tasks_on_node0>},
    {'\0', "numNodes", true, ignore<kPlacement>},
    {'o', "testFile", true, set_text<&Options::test_file>},
    {'M', "memoryPerNode", true, set_memory_hog},
    {'\0', "memoryPerTask", true, set_memory_hog},
    {'\0', "posix.odirect", false, set_flag<&Options::direct>},
    {'B', "useO_DIRECT", false, set_flag<&Options::direct>},
    {'\0', "posix.rangelocks", false, refuse_range_locks},
    {'\0', "posix.lustre.stripecount", true, set_number<&Options::stripe_count>},
    {'\0', "lustreStripeCount", true, set_number<&Options::stripe_count>},
    {'\0', "posix.lustre.stripesize", true, set_size<&Options::stripe_size>},
    {'\0', "lustreStripeSize", true, set_size<&Options::stripe_size>},
    {'\0', "posix.lustre.startost", true, set_start_ost},
    {'\0', "lustreStartOST", true, set_start_ost},
    {'\0', "posix.lustre.pool", true, set_text<&Options::pool>},
    {'\0', "posix.lustre.ignorelocks", false, ignore<kLocks>},
    {'\0', "lustreIgnoreLocks", false, ignore<kLocks>},
    {'\0', "dummy.delay-create", true, set_dummy_delay<&IorDummy::create>},
    {'\0', "dummy.delay-close", true, set_dummy_delay<&IorDummy::close>},
    {'\0', "dummy.delay-xfer", true, set_dummy_delay<&IorDummy::transfer>},
    {'\0', "dummy.delay-sync", true, ignore<kNeverCalled>},
    {'\0', "dummy.delay-only-rank0", false,
     [](Options& o, const Value& v) { return v.flag(o.dummy.only_rank0); }},
    {'f', "scriptFile", true, refuse_script},
    {'G', "setTimeStampSignature", true, set_stamp},
    {'l', "dataPacketType", true, ignore<kData>},
    {'A', "refNum", true, ignore<kPrints>},
    {'j', "outlierThreshold", true, ignore<kPrints>},
    {'K', "keepFileWithError", false, ignore<kErrors>},
    {'q', "quitOnError", false, ignore<kErrors>},
    {'v', "verbose", false, ignore<kPrints>},
    {'x', "singleXferAttempt", false, ignore<kErrors>},
    {'H', "showHints", false, ignore<kPrints>},
    {'\0', "mpiio.showHints", false, ignore<kPrints>},
    {'U', "hintsFileName", true, ignore<kHints>},
    {'\0', "mpiio.hintsFileName", true, ignore<kHints>},
    {'\0', "warningAsErrors", false, ignore<kErrors>},
    {'\0', "summaryAlways", true, ignore<kPrints>},
    {'\0', "debug", true, ignore<kPrints>},
    {'\0', "platform", true, ignore<kPrints>},
    {'\0', "summaryFile", true, ignore<kOutput>},
    {'\0', "summaryFormat", true, ignore<kOutput>},
    {'\0', "saveRankPerformanceDetailsCSV", true, ignore<kOutput>},
    {'\0', "savePerOpDataCSV", true, ignore<kOutput>},
    {'\0', "randomPrefill", true, refuse_prefill},
    {'\0', "dryRun", false, refuse_dry_run},
    {'y', "dualMount", false, refuse_dual_mount},
    {'\0', "allocateBufferOnGPU", true, refuse_gpu},
    {'\0', "GPUDirect", false, refuse_gpu},
    {'\0', "GPUid", true, ignore<kGpu>},
    {'I', "individualDataSets", false, refuse_hdf5},
    {'J', "setAlignment", true, refuse_hdf5},
    {'n', "noFill", false, refuse_hdf5},
    {'p', "preallocate", false,
     [](Options&, const Value& v) { return v.refuse("preallocation is not modelled"); }},
    {'\0', "mpiio.preallocate", false,
     [](Options&, const Value& v) { return v.refuse("preallocation is not modelled"); }},
    {'V', "useFileView", false,
     [](Options&, const Value& v) { return v.refuse("MPI file views are not modelled"); }},
    {'\0', "mpiio.useFileView", false,
     [](Options&, const Value& v) { return v.refuse("MPI file views are not modelled"); }},
    {'\0', "mpiio.useStridedDatatype", false,
     [](Options&, const Value& v) { return v.refuse("MPI data types are not modelled"); }},
};

}  // namespace

std::span<const IorOptionRow> ior_option_rows() { return kRows; }

}  // namespace scenarios
