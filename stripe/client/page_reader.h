// Reads through the page cache: what is missing is fetched once, whoever asks.
#pragma once

#include <functional>

#include "cachemodel/page_cache.h"
#include "cachemodel/readahead.h"
#include "stripe/client/lov.h"
#include "stripe/client/memory.h"

namespace stripe {

// How much was dropped, and how much of that lay beside what was the reason.
struct Dropped {
  sim::Bytes bytes = 0;
  sim::Bytes beside = 0;
};

class PageReader {
 public:
  PageReader(ClientContext& context, Lov& lov, cachemodel::PageCache& cache);

  // Says whether what is fetched now may stay in the cache.
  using Allowed = std::function<bool()>;

  // Reads `range` from the cache, after fetching what is not there and starting what `read_ahead`
  // asks for within `ahead`. The outcome ends at the end of the file, or at the first error of
  // a fetch that it needed. It is empty, and nothing more is fetched, once `allowed` says no; if
  // that is empty, it never does.
  sim::Task<Outcome> read(Inode& inode, sim::Extent range, cachemodel::ReadAhead& read_ahead,
                          sim::Extent ahead = {0, sim::kEof}, Allowed allowed = {});

  // Forgets what is cached of `range` and not dirty, and what fetches under way bring of it.
  void drop(Inode& inode, sim::Extent range);
  // The same for an extent of one object. `reason` is the extent of the object that made it
  // necessary.
  Dropped drop_object(Inode& inode, std::uint32_t component, std::uint32_t stripe,
                      sim::Extent extent, sim::Extent reason);
  // The file is being cut to `size`, or has been: forgets all from there on, dirty or not, and what
  // fetches under way bring of it; sizes that objects were asked for before no longer count.
  void cut(Inode& inode, sim::Bytes size);

  // Bytes being fetched ahead of need now.
  sim::Bytes ahead() const { return ahead_; }

  // Waits for what is being read ahead of need: at the file's end that may bring a lock.
  sim::Task<void> finish(Inode& inode);

 private:
  // The first error of what a reader waited for.
  struct Failure {
    sim::Errc status = sim::Errc::ok;
    sim::Bytes at = sim::kEof;
  };

  sim::Bytes fetch_missing(Inode& inode, sim::Extent range, cachemodel::Fetched why);
  sim::Bytes fetch_ahead(Inode& inode, cachemodel::ReadAhead& read_ahead, sim::Extent within);
  void start(Inode& inode, sim::Extent extent, cachemodel::Fetched why);
  // Fetches that share RPCs, in the order of the file.
  using Batch = std::vector<Fetches::Ref>;
  bool joins_batch(const Inode& inode, sim::Extent extent) const;
  void launch(Inode& inode, cachemodel::Fetched why);
  sim::Task<void> run(Inode& inode, Batch batch, cachemodel::Fetched why);
  void end_fetch(Inode& inode, Fetches::Ref fetch, cachemodel::Fetched why);
  sim::Task<Outcome> fetch(Inode& inode, Extents extents);
  sim::Task<Outcome> fetch_in_turn(Inode& inode, Extents extents);
  void keep(Inode& inode, const Fetch& fetch, cachemodel::Fetched why);
  sim::Task<Failure> wait_for(Inode& inode, sim::Extent range, sim::Timeline& timeline);
  sim::Task<void> read_past(Inode& inode, sim::Extent range, Outcome& outcome);
  void give(Inode& inode, sim::Extent range, Outcome& outcome);

  ClientContext& context_;
  Lov& lov_;
  cachemodel::PageCache& cache_;
  Memory memory_;
  std::vector<cachemodel::CachePiece> pieces_;  // scratch, used between two waits only
  Batch batch_;                                 // being filled, between two waits only
  sim::Bytes ahead_ = 0;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
