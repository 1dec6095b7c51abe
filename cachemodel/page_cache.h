// A client's page cache as a state machine: which bytes of which files are here, who wrote them,
// whether they are dirty, and what goes first when memory is short. No I/O and no time in it.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sim/intrusive_list.h"
#include "sim/units.h"

namespace cachemodel {

// A part of a looked-up range.
struct CachePiece {
  sim::Extent range;
  bool cached = false;
  std::uint64_t stamp = 0;  // of a cached piece: the write it shows (transport::Stamp), 0 = zeros
  bool operator==(const CachePiece&) const = default;
};

// Why clean data is put in.
enum class Fetched : std::uint8_t { asked, ahead };

// Holds runs of bytes rather than pages: what one write or one fetch left is one entry however
// long, so memory grows with what happened, not with bytes. Entries of clean data leave in order of
// last use when the capacity is passed; dirty data never leaves by itself.
class PageCache {
 public:
  // `capacity` in bytes; 0 keeps nothing clean.
  explicit PageCache(sim::Bytes capacity) : capacity_(capacity) {}
  PageCache(const PageCache&) = delete;
  PageCache& operator=(const PageCache&) = delete;

  // Fills `out` with pieces that cover `range` in order, cached and not, and counts as a use.
  void lookup(std::uint64_t file, sim::Extent range, std::vector<CachePiece>& out);
  // The same without using it.
  void peek(std::uint64_t file, sim::Extent range, std::vector<CachePiece>& out) const;
  // True if all of `range` is cached. Does not count as a use.
  bool contains(std::uint64_t file, sim::Extent range) const;

  // Puts data in, over whatever was there.
  void insert_dirty(std::uint64_t file, sim::Extent range, std::uint64_t stamp);
  // Fetched data: goes where nothing is. What is there came later than the fetch began, so it is
  // newer. May push other clean data out, itself last.
  void insert_clean(std::uint64_t file, sim::Extent range, std::uint64_t stamp,
                    Fetched why = Fetched::asked);
  // What `range` holds of write `stamp` has reached its server: it is no longer dirty.
  void mark_clean(std::uint64_t file, sim::Extent range, std::uint64_t stamp);
  // Forgets `range`, dirty or not.
  void drop(std::uint64_t file, sim::Extent range);
  // Forgets what is not dirty of `range`.
  void drop_clean(std::uint64_t file, sim::Extent range);

  // From now on: what does not fit goes at once.
  void set_capacity(sim::Bytes capacity) {
    capacity_ = capacity;
    evict();
  }
  // Ends a turn: clean data that was not used in the whole of it and of the one before goes.
  // Returns how much that was.
  sim::Bytes end_turn();

  sim::Bytes capacity() const { return capacity_; }
  sim::Bytes cached() const { return cached_; }
  sim::Bytes dirty() const { return dirty_; }
  // Clean bytes pushed out for lack of room so far.
  sim::Bytes evicted() const { return evicted_; }
  // Bytes fetched ahead that have left without having been used (Lustre: read_ahead_stats,
  // "discarded"). Of an entry that was used in part, as if no byte of it was used twice.
  sim::Bytes unused() const { return unused_; }

 private:
  struct Entry : sim::ListNode {
    std::uint64_t file = 0;
    sim::Extent range;
    std::uint64_t stamp = 0;
    bool dirty = false;
    sim::Bytes unused = 0;   // of what was fetched ahead
    std::uint64_t turn = 0;  // in which it was used last
  };
  using File = std::map<sim::Bytes, Entry>;  // by range.begin; entries do not overlap

  template <typename Entries>
  static auto first_behind(Entries& entries, sim::Bytes offset);
  Entry& add(std::uint64_t file, sim::Extent range, std::uint64_t stamp, bool dirty);
  File::iterator split(File& entries, File::iterator head, sim::Bytes offset);
  File::iterator isolate(File& entries, sim::Extent range);
  void drop_if(std::uint64_t file, sim::Extent range, bool dirty_too);
  void remove(File& entries, File::iterator entry);
  void touch(Entry& entry);
  void evict();
  void evict_oldest();

  sim::Bytes capacity_;
  std::uint64_t turn_ = 0;
  sim::Bytes cached_ = 0;
  sim::Bytes dirty_ = 0;
  sim::Bytes evicted_ = 0;
  sim::Bytes unused_ = 0;
  std::map<std::uint64_t, File> files_;
  sim::IntrusiveList<Entry> lru_;   // clean entries, least recently used first
  std::vector<CachePiece> pieces_;  // scratch
};

}  // namespace cachemodel
