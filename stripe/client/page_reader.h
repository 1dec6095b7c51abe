// Reads through the page cache: what is missing is fetched once, whoever asks.
#pragma once

#include "cachemodel/page_cache.h"
#include "cachemodel/readahead.h"
#include "stripe/client/lov.h"

namespace stripe {

class PageReader {
 public:
  PageReader(ClientContext& context, Lov& lov, cachemodel::PageCache& cache);

  // Reads `range` from the cache, after fetching what is not there and starting what `read_ahead`
  // asks for. The outcome ends at the end of the file, or at the first error of a fetch that it
  // needed.
  sim::Task<Outcome> read(Inode& inode, sim::Extent range, cachemodel::ReadAhead& read_ahead);

  // Forgets what is cached of `range` and not dirty, and what fetches under way bring of it.
  void drop(Inode& inode, sim::Extent range);
  // The file is being cut to `size`, or has been: forgets all from there on, dirty or not, and what
  // fetches under way bring of it; sizes that objects were asked for before no longer count.
  void cut(Inode& inode, sim::Bytes size);

  // Bytes being fetched ahead of need now.
  sim::Bytes ahead() const { return ahead_; }

 private:
  // The first error of what a reader waited for.
  struct Failure {
    sim::Errc status = sim::Errc::ok;
    sim::Bytes at = sim::kEof;
  };

  sim::Bytes fetch_missing(Inode& inode, sim::Extent range, cachemodel::Fetched why);
  void fetch_ahead(Inode& inode, cachemodel::ReadAhead& read_ahead);
  void start(Inode& inode, sim::Extent extent, cachemodel::Fetched why);
  // Fetches that share RPCs, in the order of the file.
  using Batch = std::vector<std::list<Fetch>::iterator>;
  bool joins_batch(const Inode& inode, sim::Extent extent) const;
  void launch(Inode& inode, cachemodel::Fetched why);
  sim::Task<void> run(Inode& inode, Batch batch, cachemodel::Fetched why);
  void end_fetch(Inode& inode, std::list<Fetch>::iterator fetch, cachemodel::Fetched why);
  sim::Task<Outcome> fetch(Inode& inode, Extents extents);
  sim::Task<Outcome> fetch_in_turn(Inode& inode, Extents extents);
  void keep(Inode& inode, const Fetch& fetch, cachemodel::Fetched why);
  sim::Task<Failure> wait_for(Inode& inode, sim::Extent range, sim::Timeline& timeline);
  sim::Task<void> read_past(Inode& inode, sim::Extent range, Outcome& outcome);
  void give(Inode& inode, sim::Extent range, Outcome& outcome);

  ClientContext& context_;
  Lov& lov_;
  cachemodel::PageCache& cache_;
  std::vector<cachemodel::CachePiece> pieces_;  // scratch, used between two waits only
  Batch batch_;                                 // being filled, between two waits only
  sim::Bytes ahead_ = 0;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
