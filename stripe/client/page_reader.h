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
  // asks for. The outcome ends at the end of the file.
  sim::Task<Outcome> read(Inode& inode, sim::Extent range, cachemodel::ReadAhead& read_ahead);

  // Bytes being fetched ahead of need now.
  sim::Bytes ahead() const { return ahead_; }

 private:
  void fetch_missing(Inode& inode, sim::Extent range, bool ahead);
  void start(Inode& inode, sim::Extent extent, bool ahead);
  // Fetches that share RPCs, in the order of the file.
  using Batch = std::vector<std::list<Fetch>::iterator>;
  bool joins_batch(const Inode& inode, sim::Extent extent) const;
  void launch(Inode& inode, bool ahead);
  sim::Task<void> run(Inode& inode, Batch batch, bool ahead);
  void end_fetch(Inode& inode, std::list<Fetch>::iterator fetch, bool ahead);
  sim::Task<sim::Errc> wait_for(Inode& inode, sim::Extent range, sim::Timeline& timeline);
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
