// Which opens, closes and fsyncs of one file bear on which of its reads and writes.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "cachemodel/history/merge.h"

namespace cachemodel {

class Marks {
 public:
  explicit Marks(std::span<const FileMark> marks);

  // When what `client` had written by `done` was first known to be synced: the first return of an
  // fsync invoked at `done` or later.
  std::optional<sim::TimePoint> synced(std::uint32_t client, sim::TimePoint done) const;
  // The same, where a close of the handle it was written through will do as well.
  std::optional<sim::TimePoint> published(std::uint32_t client, std::uint32_t handle,
                                          sim::TimePoint done) const;
  // When the open was invoked through which `client` called at `when`.
  std::optional<sim::TimePoint> opened(std::uint32_t client, std::uint32_t handle,
                                       sim::TimePoint when) const;

 private:
  using Key = std::pair<std::uint32_t, std::uint32_t>;  // client and handle; handle 0 for fsyncs
  using Calls = std::map<Key, std::vector<Call>>;       // by invocation

  // The calls' first return at or behind each of them takes the place of its own.
  static void look_ahead(Calls& calls);
  static std::optional<sim::TimePoint> first_return(const Calls& calls, Key key,
                                                    sim::TimePoint from);
  Calls opens_;
  Calls closes_;
  Calls syncs_;
};

}  // namespace cachemodel
