// A client machine's memory, which its page cache shares with other programs.
#pragma once

#include "cachemodel/page_cache.h"
#include "stripe/client/context.h"

namespace stripe {

// Makes the page cache do what the design says when others want memory, and tells what it costs if
// it does not. It acts when the cache is used: a client that does nothing costs nothing.
class Memory {
 public:
  // Both must outlive it.
  Memory(ClientContext& context, cachemodel::PageCache& cache) : context_(context), cache_(cache) {}

  // To be called before the cache is used.
  void settle();
  // `bytes` were read from the cache: how long their reader waits for those of them that were
  // swapped out, because cache and other programs together want more than there is. The programs
  // keep theirs; of the cache every part is as likely to be out as any other.
  sim::Duration swap_in(sim::Bytes bytes);

  // What other programs hold now: `others_low` in the first half of each period, then
  // `others_high`.
  sim::Bytes others() const;

 private:
  bool limited() const { return context_.design.memory.size > 0; }
  void count_early();

  ClientContext& context_;
  cachemodel::PageCache& cache_;
  sim::Bytes evicted_ = 0;    // by the cache, as counted before
  sim::TimePoint turn_ends_;  // of `expire`
};

}  // namespace stripe
