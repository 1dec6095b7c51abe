#include "scenarios/workload/sharing/sharing_check.h"

#include <fmt/core.h>

#include <string>

#include "scenarios/workload/sharing/pattern.h"

namespace scenarios {
namespace {

// Events that ranks tell each other, of a set: each takes memory.
constexpr std::uint64_t kMostEvents = 4'000'000;
constexpr sim::Bytes kLargestFile = 1024 * sim::kTiB;

sim::Error wrong(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

// A parameter that was given and would change nothing.
sim::Error idle(std::string_view what, std::string_view why) {
  return wrong(fmt::format("{} would change nothing: {}", what, why));
}

}  // namespace

sim::Status check_sharing(const SharingSpec& spec) {
  const SharingSpec defaults;
  const SharingPatternRow& row = sharing_pattern(spec.pattern);
  if (row.sized && spec.file_size % spec.record != 0) {
    return wrong(fmt::format("a file_size of {} B is not a whole number of records of {} B",
                             spec.file_size, spec.record));
  }
  if (!row.sized && spec.file_size != defaults.file_size) {
    return idle("file_size", fmt::format("files of {} begin empty and grow", row.name));
  }
  if (!row.told && spec.delay != defaults.delay) {
    return idle("delay", fmt::format("nobody is told of writes in {}", row.name));
  }
  if (spec.role == SharingRole::writer && spec.delay != defaults.delay) {
    return idle("delay", "it is the readers'; give it to their group");
  }
  if (!row.picks && spec.locality_percent != defaults.locality_percent) {
    return idle("locality_percent", fmt::format("{} picks no records by chance", row.name));
  }
  if ((!row.mixes || spec.role != SharingRole::all) &&
      spec.write_percent != defaults.write_percent) {
    return idle("write_percent", "it is for random_mix and ranks that both read and write");
  }
  if (spec.role == SharingRole::reader && spec.fsync) {
    return idle("fsync", "readers write nothing");
  }
  if (row.visits && spec.open_per_round) {
    return idle("open_per_round", fmt::format("{} opens in every round anyhow", row.name));
  }
  return {};
}

sim::Status check_agreement(const SharingSpec& spec, const SharingSpec& other) {
  if (spec.pattern == other.pattern && spec.file_size == other.file_size &&
      spec.record == other.record && spec.rounds == other.rounds && spec.files == other.files) {
    return {};
  }
  return wrong(
      fmt::format("another group of the sharing set \"{}\" differs in pattern, file_size, "
                  "record, rounds or files; a set shares all five",
                  spec.name));
}

sim::Status check_members(const SharingSpec& spec, const SharingSet& set) {
  const SharingPatternRow& row = sharing_pattern(spec.pattern);
  if (set.writers() < row.least_writers || set.readers() < row.least_readers ||
      (row.split == SharingSplit::first && set.writers() != 1)) {
    return wrong(
        fmt::format("the sharing set \"{}\" has {} writers and {} readers; {} needs {} {} "
                    "and {}",
                    spec.name, set.writers(), set.readers(), row.name,
                    row.split == SharingSplit::first ? "exactly" : "at least", row.least_writers,
                    row.least_readers));
  }
  const std::uint64_t events =
      row.events == nullptr ? 0 : std::uint64_t{spec.rounds} * row.events(set.writers());
  if (events > kMostEvents) {
    return wrong(
        fmt::format("{} rounds of {} writers have {} writes to tell of; at most {} would "
                    "be right",
                    spec.rounds, set.writers(), events, kMostEvents));
  }
  if (!row.sized && events > kLargestFile / spec.record) {
    return wrong(fmt::format("{} records of {} B grow beyond {} B, the largest file there can be",
                             events, spec.record, kLargestFile));
  }
  return {};
}

}  // namespace scenarios
