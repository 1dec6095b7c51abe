// Everything wrong with a scenario, told at once.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "sim/status.h"

namespace scenarios {

// One thing wrong. `path` is the JSON path ("clients[0].count"), empty for the whole file.
struct Fault {
  std::string file;
  std::string path;
  std::string message;  // what was found and what would be right
};

class Faults {
 public:
  // More are counted only: a hostile file must not make a report of any length.
  static constexpr std::size_t kKept = 50;

  void add(std::string file, std::string path, std::string message);
  bool none() const { return kept_.empty(); }
  // Those kept, in order of discovery.
  const std::vector<Fault>& kept() const { return kept_; }
  // Whether a fault lies at, below or above one of `paths`: what was read there is not to be
  // judged.
  bool touch(std::initializer_list<std::string_view> paths) const;
  // A line "FILE: PATH: MESSAGE" per fault, in order of discovery, as one invalid_argument.
  sim::Error error() const;

 private:
  std::vector<Fault> kept_;
  std::size_t more_ = 0;
};

}  // namespace scenarios
