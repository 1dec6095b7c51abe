// What reads saw: the versions behind their runs, and what no run of any cache could show.
#pragma once

#include <vector>

#include "cachemodel/history/versions.h"

namespace cachemodel {

// A part of a run, all of one version.
struct Sight {
  std::uint32_t read = 0;  // index among the file's reads
  std::uint32_t run = 0;   // index among all runs
  sim::Extent range;
  std::uint32_t write = kNobody;  // index among the file's writes; kNobody = nobody wrote here
  Place place;
  // False for zeros where a punch may have been seen: they are taken for the newest punch begun
  // before the read returned, so that they are called stale only if they certainly are.
  bool certain = true;
};

enum class Fault : std::uint8_t {
  none,
  never_written,  // the stamp was never issued to this place
  from_later,     // the write was invoked after the read had returned
  failed,         // the write had failed
  undecodable     // no writer can be named: not a fault of anybody, but nothing to check either
};

struct FaultySight {
  std::uint32_t read = 0;
  std::uint32_t run = 0;
  sim::Extent range;
  std::uint32_t write = kNobody;
  Fault fault = Fault::none;
};

struct Sights {
  std::vector<Sight> seen;
  std::vector<FaultySight> faulty;  // not among those seen
};

Sights sights_of(const FileHistory& file, const Merged& merged, const Versions& versions);

}  // namespace cachemodel
