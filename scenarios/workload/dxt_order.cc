#include "scenarios/workload/dxt_order.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/icl/interval_map.hpp>
#include <numeric>
#include <tuple>
#include <utility>

namespace scenarios {
namespace {

using boost::icl::interval;
// Who wrote each byte last: the access's place and 1, so that 0 can mean nobody.
using Writers = boost::icl::interval_map<sim::Bytes, std::size_t>;

std::vector<std::size_t> by_file_and_time(std::span<const DxtAccess> accesses) {
  std::vector<std::size_t> order(accesses.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [accesses](std::size_t i) {
    const DxtAccess& a = accesses[i];
    return std::tuple(a.file, a.segment.start, !a.segment.write);
  });
  return order;
}

// The last write of each other rank that `reader` reads from, by rank.
std::map<std::uint32_t, std::size_t> sources(std::span<const DxtAccess> accesses,
                                             const DxtAccess& reader, const Writers& writers) {
  const DxtSegment& s = reader.segment;
  std::map<std::uint32_t, std::size_t> last;
  const auto range = interval<sim::Bytes>::right_open(s.offset, s.offset + s.length);
  const auto [begin, end] = writers.equal_range(range);
  for (auto at = begin; at != end; ++at) {
    const std::size_t write = at->second - 1;
    const std::uint32_t rank = accesses[write].rank;
    if (rank != reader.rank) {
      std::size_t& known = last.try_emplace(rank, write).first->second;
      known = std::max(known, write);
    }
  }
  return last;
}

}  // namespace

DxtOrder order_dxt(std::span<const DxtAccess> accesses,
                   std::span<const std::uint32_t> node_of_rank) {
  std::map<std::size_t, std::map<std::uint32_t, std::size_t>> needs;  // by read
  Writers writers;
  std::uint32_t file = 0;
  for (const std::size_t i : by_file_and_time(accesses)) {
    const DxtAccess& access = accesses[i];
    const DxtSegment& s = access.segment;
    if (access.file != file) {
      file = access.file;
      writers.clear();
    }
    if (s.length == 0) {
      continue;
    }
    if (s.write) {
      writers.set({interval<sim::Bytes>::right_open(s.offset, s.offset + s.length), i + 1});
    } else if (auto last = sources(accesses, access, writers); !last.empty()) {
      needs.emplace(i, std::move(last));
    }
  }
  DxtOrder order;
  order.read_elsewhere.resize(accesses.size());
  // What a rank has waited for it need not wait for again, nor for anything the same rank did
  // before that.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> waited;  // by reader and writer
  for (const auto& [read, last] : needs) {
    const std::uint32_t reader = accesses[read].rank;
    for (const auto& [writer, write] : last) {
      const bool elsewhere = node_of_rank[reader] != node_of_rank[writer];
      order.read_elsewhere[write] = order.read_elsewhere[write] || elsewhere;
      const auto [known, fresh] = waited.try_emplace({reader, writer}, write);
      if (fresh || known->second < write) {
        known->second = write;
        const auto next = static_cast<std::uint32_t>(order.event_after.size());
        order.awaited[read].push_back(order.event_after.try_emplace(write, next).first->second);
      }
    }
  }
  return order;
}

std::vector<std::string> order_notes(const DxtOrder& order, bool locks) {
  std::vector<std::string> notes;
  if (!order.awaited.empty()) {
    notes.push_back(fmt::format(
        "{} reads wait until other ranks have written what they read, as they had in the trace",
        order.awaited.size()));
  }
  const auto fsyncs = std::ranges::count(order.read_elsewhere, true);
  if (fsyncs > 0 && !locks) {
    notes.push_back(fmt::format(
        "{} writes are followed by an fsync that the trace does not have: another node reads them, "
        "and there are no locks between clients that would have them written back",
        fsyncs));
  }
  return notes;
}

}  // namespace scenarios
