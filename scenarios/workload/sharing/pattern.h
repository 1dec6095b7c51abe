// The sharing patterns, one row each.
#pragma once

#include <cstdint>
#include <string_view>

#include "scenarios/workload/sharing/round.h"

namespace scenarios {

struct SharingPatternRow {
  SharingPattern pattern;
  std::string_view name;
  SharingSplit split;
  std::uint32_t least_writers;
  std::uint32_t least_readers;
  // Which parameters act, beside those that always do.
  bool sized;   // file_size: else files begin empty and grow
  bool told;    // delay: reads follow writes that the reader is told of
  bool picks;   // locality_percent
  bool mixes;   // write_percent
  bool visits;  // every round opens and closes its files anyhow
  // How many events the set needs for a round.
  std::uint64_t (*events)(std::uint32_t writers);
  // Puts together what the member does in the round that has begun.
  void (*round)(SharingRound& round);
  // What it does in all rounds.
  SharingCounts (*counts)(const SharingSpec& spec, const SharingMember& member);
};

const SharingPatternRow& sharing_pattern(SharingPattern pattern);

// One file each.
const SharingPatternRow& producer_consumer();
const SharingPatternRow& read_mostly();
const SharingPatternRow& ping_pong();
const SharingPatternRow& append();
const SharingPatternRow& read_modify_write();
const SharingPatternRow& reopen();
const SharingPatternRow& random_mix();

}  // namespace scenarios
