#include "cachemodel/history/versions.h"

#include <algorithm>
#include <boost/icl/interval_map.hpp>
#include <map>

#include "sim/status.h"

namespace cachemodel {
namespace {

// Places in the order of application are this far apart, so that every write can be absorbed and
// still stand between two applications. Those that are still cached come after all of them.
constexpr std::int64_t kStep = std::int64_t{1} << 32;
constexpr std::int64_t kStillCached = std::int64_t{1} << 62;

// What is known of a part of a write.
struct State {
  std::int64_t order = 0;  // 0: not applied
  bool lost = false;
  bool operator==(const State&) const = default;
};

template <typename Value>
using RangeMap = boost::icl::interval_map<sim::Bytes, Value, boost::icl::partial_enricher>;

template <typename Value>
void put(RangeMap<Value>& map, sim::Extent range, const Value& value) {
  map.set({boost::icl::interval<sim::Bytes>::right_open(range.begin, range.end), value});
}

// Calls `with(piece, value)` for the ascending pieces of `range`; null where the map has nothing.
template <typename Value, typename With>
void for_each_piece(const RangeMap<Value>& map, sim::Extent range, With with) {
  sim::Bytes at = range.begin;
  const auto found =
      map.equal_range(boost::icl::interval<sim::Bytes>::right_open(range.begin, range.end));
  for (auto it = found.first; it != found.second; ++it) {
    const sim::Extent piece = range.intersect({it->first.lower(), it->first.upper()});
    if (at < piece.begin) {
      with(sim::Extent{at, piece.begin}, static_cast<const Value*>(nullptr));
    }
    with(piece, &it->second);
    at = piece.end;
  }
  if (at < range.end) {
    with(sim::Extent{at, range.end}, static_cast<const Value*>(nullptr));
  }
}

// A part of write `write` that the logs mention.
struct Mention {
  std::uint32_t write = 0;
  sim::Extent range;
  State state;
};

struct Part {
  std::uint32_t write = 0;
  sim::Extent range;
  State state;
};

// Applications from last to first, so that the first one wins; what is lost lies over them.
std::vector<Mention> mentions_of(const FileHistory& file, const Versions& versions) {
  std::vector<Mention> mentions;
  for (std::size_t i = file.applies.size(); i-- > 0;) {
    if (const auto write = versions.find(file.applies[i].stamp)) {
      const sim::Extent range = file.applies[i].range.intersect(file.writes[*write].range);
      mentions.push_back({*write, range, {static_cast<std::int64_t>(i + 1) * kStep, false}});
    }
  }
  for (const Drop& drop : file.drops) {
    const auto write =
        drop.cause == DropCause::lost ? versions.find(drop.stamp) : std::optional<std::uint32_t>();
    if (write) {
      mentions.push_back({*write, drop.range.intersect(file.writes[*write].range), {0, true}});
    }
  }
  std::ranges::stable_sort(mentions, {}, &Mention::write);
  return mentions;
}

// The parts of one write, ascending.
void split_write(std::uint32_t write, sim::Extent range, std::span<const Mention> mentions,
                 std::vector<Part>& parts) {
  if (mentions.empty() || (mentions.size() == 1 && mentions[0].range == range)) {
    parts.push_back({write, range, mentions.empty() ? State{} : mentions[0].state});
    return;
  }
  RangeMap<State> map;
  for (const Mention& mention : mentions) {
    if (!mention.range.empty()) {
      put(map, mention.range, mention.state);
    }
  }
  for_each_piece(map, range, [&](sim::Extent piece, const State* state) {
    parts.push_back({write, piece, state == nullptr ? State{} : *state});
  });
}

std::vector<Part> split_writes(const FileHistory& file, const Versions& versions) {
  const std::vector<Mention> mentions = mentions_of(file, versions);
  std::span<const Mention> left(mentions);
  std::vector<Part> parts;
  parts.reserve(file.writes.size());
  for (std::uint32_t w = 0; w < file.writes.size(); ++w) {
    std::size_t n = 0;
    while (n < left.size() && left[n].write == w) {
      ++n;
    }
    split_write(w, file.writes[w].range, left.first(n), parts);
    left = left.subspan(n);
  }
  return parts;
}

bool cached(const FileHistory& file, const Part& part) {
  return part.state == State{} && file.writes[part.write].ending == Ending::ok;
}

// Finds for the parts of one client, newest write first, what absorbed them: the next write there
// that has a place.
class Absorption {
 public:
  // Splits `part` into what was absorbed, with its place, and what is still cached.
  void absorb(const Part& part, std::vector<Part>& out) {
    for_each_piece(next_, part.range, [&](sim::Extent piece, const std::int64_t* order) {
      out.push_back({part.write, piece, {order == nullptr ? 0 : *order - 1, false}});
    });
  }
  void placed(const Part& part) { put(next_, part.range, part.state.order); }

 private:
  RangeMap<std::int64_t> next_;
};

// Gives cached parts the place of what absorbed them.
std::vector<Part> absorb_all(const FileHistory& file, std::vector<Part> parts) {
  std::map<std::uint32_t, std::vector<const Part*>> waiting;  // by client
  for (const Part& part : parts) {
    if (cached(file, part)) {
      waiting[client_of(file.writes[part.write].stamp)];
    }
  }
  std::vector<Part> out;
  for (const Part& part : parts) {
    const auto client = waiting.find(client_of(file.writes[part.write].stamp));
    if (client == waiting.end()) {
      out.push_back(part);
    } else {
      client->second.push_back(&part);
    }
  }
  for (auto& [client, mine] : waiting) {
    std::ranges::sort(mine, [&file](const Part* a, const Part* b) {
      const std::uint64_t left = file.writes[a->write].stamp;
      const std::uint64_t right = file.writes[b->write].stamp;
      return left != right ? left > right : a->range.begin < b->range.begin;
    });
    Absorption absorption;
    for (const Part* part : mine) {
      const std::size_t before = out.size();
      if (cached(file, *part)) {
        absorption.absorb(*part, out);
      } else {
        out.push_back(*part);
      }
      for (std::size_t i = before; i < out.size(); ++i) {
        if (out[i].state.order != 0) {
          absorption.placed(out[i]);
        }
      }
    }
  }
  return out;
}

}  // namespace

Versions::Versions(const FileHistory& file, const Clocks& clocks) : file_(file), clocks_(clocks) {
  logged_ = !file.applies.empty();
  by_stamp_.reserve(file.writes.size());
  for (std::uint32_t w = 0; w < file.writes.size(); ++w) {
    by_stamp_.emplace_back(file.writes[w].stamp, w);
    punched_ = punched_ || file.writes[w].zeros;
  }
  std::ranges::sort(by_stamp_);
  place_all();
  first_.assign(file.writes.size() + 1, versions_.size());
  for (std::size_t v = versions_.size(); v-- > 0;) {
    first_[versions_[v].write] = v;
  }
}

std::optional<std::uint32_t> Versions::find(std::uint64_t stamp) const {
  const auto found = std::ranges::lower_bound(by_stamp_, std::pair{stamp, std::uint32_t{0}});
  if (found == by_stamp_.end() || found->first != stamp) {
    return std::nullopt;
  }
  return found->second;
}

Place Versions::by_time(const Write& write) const {
  Place place;
  const sim::Duration epsilon = clocks_.epsilon(write.clock);
  place.early = (write.call.invoked - epsilon).ns();
  place.late = write.ending == Ending::unknown ? kNever : (write.call.returned + epsilon).ns();
  return place;
}

void Versions::place_all() {
  std::vector<Part> parts = split_writes(file_, *this);
  if (logged_) {
    parts = absorb_all(file_, std::move(parts));
  }
  versions_.reserve(parts.size());
  for (const Part& part : parts) {
    const Write& write = file_.writes[part.write];
    Version version{part.write, part.range, by_time(write), false, part.state.lost};
    version.durable = write.ending == Ending::ok && !part.state.lost;
    version.place.in_order = logged_ && (part.state.order != 0 || cached(file_, part));
    version.place.exact = logged_ && part.state.order != 0;
    version.place.low = version.place.high = part.state.order;
    versions_.push_back(version);
  }
  std::ranges::sort(versions_, [](const Version& a, const Version& b) {
    return a.write != b.write ? a.write < b.write : a.range.begin < b.range.begin;
  });
  place_in_order();
}

// What is still cached stands behind everything applied, in the order of time.
void Versions::place_in_order() {
  std::vector<std::int64_t> times;
  const auto still_cached = [](const Version& v) { return v.place.in_order && !v.place.exact; };
  for (const Version& version : versions_) {
    if (still_cached(version)) {
      times.push_back(version.place.early);
      times.push_back(version.place.late);
    }
  }
  std::ranges::sort(times);
  const auto place_of = [&times](std::int64_t time) {
    return kStillCached + (std::ranges::lower_bound(times, time) - times.begin());
  };
  for (Version& version : versions_) {
    if (still_cached(version)) {
      version.place.low = place_of(version.place.early);
      version.place.high = place_of(version.place.late);
    }
  }
}

}  // namespace cachemodel
