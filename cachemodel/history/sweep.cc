#include "cachemodel/history/sweep.h"

#include <algorithm>
#include <bit>
#include <span>

namespace cachemodel {
namespace {

// The earliest item, and the earliest with another id: enough to leave any one id out.
struct Earliest {
  std::int64_t time = kNever;
  std::int64_t second_time = kNever;
  std::uint32_t id = kNobody;
  std::uint32_t second = kNobody;

  void add(std::int64_t t, std::uint32_t i) {
    if (i == id) {
      time = std::min(time, t);
    } else if (t < time) {
      second_time = time;
      second = id;
      time = t;
      id = i;
    } else if (t < second_time) {
      second_time = t;
      second = i;
    }
  }
  Earliest with(const Earliest& o) const {
    Earliest both = *this;
    both.add(o.time, o.id);
    both.add(o.second_time, o.second);
    return both;
  }
  std::int64_t time_without(std::uint32_t i) const { return id == i ? second_time : time; }
  std::uint32_t id_without(std::uint32_t i) const { return id == i ? second : id; }
};

// A segment tree over the elementary ranges between all bounds of the items. An item is kept at the
// O(log n) nodes that make up its range; nothing is pushed down.
class Tree {
 public:
  explicit Tree(std::span<const SweepItem> items) {
    bounds_.reserve(2 * items.size());
    for (const SweepItem& item : items) {
      bounds_.push_back(item.range.begin);
      bounds_.push_back(item.range.end);
    }
    std::ranges::sort(bounds_);
    bounds_.erase(std::unique(bounds_.begin(), bounds_.end()), bounds_.end());
    leaves_ = bounds_.size() < 2 ? 1 : std::bit_ceil(bounds_.size() - 1);
    nodes_.resize(2 * leaves_);
  }

  void insert(const SweepItem& item) {
    insert({leaf_at(item.range.begin), leaf_at(item.range.end)}, item, {1, 0, leaves_});
  }

  void ask(const SweepQuery& query, std::vector<SweepPiece>& out) const {
    const sim::Extent covered{bounds_.empty() ? 0 : bounds_.front(),
                              bounds_.empty() ? 0 : bounds_.back()};
    const sim::Extent inside = query.range.intersect(covered);
    if (inside.empty()) {
      emit(query, query.range, {}, out);
      return;
    }
    emit(query, {query.range.begin, inside.begin}, {}, out);
    const auto after = std::ranges::upper_bound(bounds_, inside.begin);
    const Leaves leaves{static_cast<std::size_t>(after - bounds_.begin()) - 1, leaf_at(inside.end)};
    ask(query, leaves, {1, 0, leaves_}, {}, out);
    emit(query, {inside.end, query.range.end}, {}, out);
  }

 private:
  struct Leaves {
    std::size_t begin;
    std::size_t end;
  };
  struct Place {
    std::size_t node;
    std::size_t begin;
    std::size_t end;
    std::size_t middle() const { return (begin + end) / 2; }
    Place left() const { return {2 * node, begin, middle()}; }
    Place right() const { return {2 * node + 1, middle(), end}; }
    bool inside(Leaves l) const { return l.begin <= begin && end <= l.end; }
    bool outside(Leaves l) const { return l.end <= begin || end <= l.begin; }
  };
  struct Node {
    Earliest here;   // of the items kept at this node
    Earliest below;  // of those kept here or further down
  };

  // The first leaf at or behind `offset`.
  std::size_t leaf_at(sim::Bytes offset) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(bounds_, offset) - bounds_.begin());
  }
  sim::Extent range_of(Place place) const {
    return {bounds_[place.begin], bounds_[std::min(place.end, bounds_.size() - 1)]};
  }

  void insert(Leaves leaves, const SweepItem& item, Place place) {
    if (place.outside(leaves)) {
      return;
    }
    Node& node = nodes_[place.node];
    node.below.add(item.time, item.id);
    if (place.inside(leaves)) {
      node.here.add(item.time, item.id);
      return;
    }
    insert(leaves, item, place.left());
    insert(leaves, item, place.right());
  }

  void ask(const SweepQuery& query, Leaves leaves, Place place, const Earliest& above,
           std::vector<SweepPiece>& out) const {
    if (place.outside(leaves) || place.begin + 1 >= bounds_.size()) {
      return;
    }
    const Node& node = nodes_[place.node];
    const std::int64_t soonest = above.with(node.below).time_without(query.except);
    if (soonest > query.limit) {
      return;
    }
    const Earliest everywhere = above.with(node.here);
    // Every leaf below has what is everywhere; if none has anything earlier, they are all alike.
    if (place.begin + 1 == place.end || everywhere.time_without(query.except) == soonest) {
      const Place part{place.node, std::max(place.begin, leaves.begin),
                       std::min(place.end, leaves.end)};
      emit(query, range_of(part).intersect(query.range), everywhere, out);
      return;
    }
    ask(query, leaves, place.left(), everywhere, out);
    ask(query, leaves, place.right(), everywhere, out);
  }

  static void emit(const SweepQuery& query, sim::Extent range, const Earliest& earliest,
                   std::vector<SweepPiece>& out) {
    const std::int64_t time = earliest.time_without(query.except);
    if (!range.empty() && time <= query.limit) {
      out.push_back({query.tag, range, time, earliest.id_without(query.except)});
    }
  }

  std::vector<sim::Bytes> bounds_;
  std::size_t leaves_ = 1;
  std::vector<Node> nodes_;
};

// Answers queries about items, with one tree.
void sweep_together(std::span<SweepItem> items, std::span<SweepQuery> queries,
                    std::vector<SweepPiece>& pieces) {
  std::ranges::sort(items, [](const SweepItem& a, const SweepItem& b) {
    return a.key != b.key ? a.key > b.key : a.id < b.id;
  });
  std::ranges::stable_sort(queries,
                           [](const SweepQuery& a, const SweepQuery& b) { return a.key > b.key; });
  Tree tree(items);
  std::size_t next = 0;
  for (const SweepQuery& query : queries) {
    while (next < items.size() && items[next].key > query.key) {
      tree.insert(items[next++]);
    }
    tree.ask(query, pieces);
  }
}

// Places in the address space that no item crosses, with the items behind them. Small trees stay in
// the processor's caches, so what need not be in one tree is not.
struct Cut {
  sim::Bytes offset = 0;
  std::size_t first_item = 0;
};

// Wants the items ordered by place.
std::vector<Cut> find_cuts(std::span<const SweepItem> items) {
  constexpr std::size_t kEnough = 64;
  std::vector<Cut> cuts = {{0, 0}};
  sim::Bytes reach = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].range.begin >= reach && i - cuts.back().first_item >= kEnough) {
      cuts.push_back({items[i].range.begin, i});
    }
    reach = std::max(reach, items[i].range.end);
  }
  return cuts;
}

// The queries cut where the items are, by part; empty if too many would cross a cut.
std::vector<std::vector<SweepQuery>> cut_queries(std::span<const SweepQuery> queries,
                                                 std::span<const Cut> cuts, std::size_t most) {
  std::vector<std::vector<SweepQuery>> parts(cuts.size());
  std::size_t count = 0;
  for (SweepQuery query : queries) {
    const sim::Bytes end = query.range.end;
    auto cut = std::prev(std::ranges::upper_bound(cuts, query.range.begin, {}, &Cut::offset));
    for (; cut != cuts.end() && query.range.begin < end; ++cut) {
      const auto next = std::next(cut);
      query.range.end = next == cuts.end() ? end : std::min(end, next->offset);
      parts[static_cast<std::size_t>(cut - cuts.begin())].push_back(query);
      query.range.begin = query.range.end;
      if (++count > most) {
        return {};
      }
    }
  }
  return parts;
}

}  // namespace

std::vector<SweepPiece> sweep(std::vector<SweepItem>& items, std::vector<SweepQuery>& queries) {
  std::vector<SweepPiece> pieces;
  std::ranges::stable_sort(items, {}, [](const SweepItem& item) { return item.range.begin; });
  const std::vector<Cut> cuts = find_cuts(items);
  std::vector<std::vector<SweepQuery>> parts;
  if (cuts.size() > 1) {
    parts = cut_queries(queries, cuts, 2 * (items.size() + queries.size()));
  }
  if (parts.empty()) {
    sweep_together(items, queries, pieces);
    return pieces;
  }
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const std::size_t first = cuts[part].first_item;
    const std::size_t end = part + 1 < cuts.size() ? cuts[part + 1].first_item : items.size();
    sweep_together(std::span(items).subspan(first, end - first), parts[part], pieces);
  }
  return pieces;
}

}  // namespace cachemodel
