// Quantities as text that reads back to the very same quantity, for configurations; sim's format_
// functions round for people.
#pragma once

#include <string>

#include "sim/units.h"

namespace scenarios {

// In the largest unit that keeps it whole: "4MiB", "47008B".
std::string exact_bytes(sim::Bytes n);
// "25us", "1500us", "0ns". Not negative.
std::string exact_duration(sim::Duration d);
// "25GB/s", "512MiB/s", "unlimited".
std::string exact_rate(sim::Rate rate);

}  // namespace scenarios
