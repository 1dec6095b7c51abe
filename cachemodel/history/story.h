// Violations told so that a reader need not look anything up.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cachemodel/history/check_options.h"
#include "cachemodel/history/merge.h"
#include "cachemodel/history/verdict.h"

namespace cachemodel {

// Keeps the first few stories of each kind: those that happened first, whatever the order they were
// found in.
class Storybook {
 public:
  explicit Storybook(std::size_t per_kind) : per_kind_(per_kind) {}

  // True if a story of this kind and time would be kept: only then it is worth telling.
  bool wants(const std::string& kind, sim::TimePoint at) const;
  void add(Story story);
  // All that were kept, by time, then by kind.
  std::vector<Story> take();

 private:
  std::size_t per_kind_;
  std::map<std::string, std::vector<Story>> kept_;  // by time
};

// Tells of what happened to one file. What it is made from outlives it.
class Teller {
 public:
  Teller(const FileHistory& file, const CheckOptions& options) : file_(file), options_(options) {}

  // "client 3 read [8192, 12288) of file 7 from 0.001200000 s to 0.001250000 s", as one line.
  std::string read(const ReadEvent& read, sim::Extent range) const;
  // "  seen: write 5 of client 2, ..." with the label; `write` is an index or kNobody.
  std::string write(std::string_view label, std::uint32_t write) const;
  // Why the run was believed.
  std::string basis(Basis basis, sim::TimePoint since) const;
  std::string file_name() const;

 private:
  const FileHistory& file_;
  const CheckOptions& options_;
};

// "0.001200000 s": exact to the nanosecond.
std::string format_instant(sim::TimePoint at);

}  // namespace cachemodel
