// What a client design chooses among, where it is neither a number nor a flag. Scenario files name
// the same choices: the order here is that of their names there.
#pragma once

#include <cstdint>

namespace stripe {

// Whether the parts of one request are under way together or one after the other. Serial, a file's
// fetches and its write-backs too follow each other.
enum class Dispatch : std::uint8_t { parallel, serial };

// What one writer of a file keeps another of the same client from: its range, or the whole file.
enum class WriteLock : std::uint8_t { range, file };

// What makes cached data valid when other clients may change it.
enum class Coherence : std::uint8_t {
  unshared,          // nothing does: as if this client were the only one
  none,              // nothing is cached
  ttl,               // attributes are checked at open and after a time-out
  oplock,            // oplocks of a share server that knows of no other
  oplock_clustered,  // the same, of share servers with one table
  split,             // a cache for each share a file is seen through; see SplitDesign
  ldlm,              // extent locks
};

// Which I/O a filter takes away from the metadata share and sends to the shares of the nodes that
// hold the data (pCIFS; reference facts B10 and B11).
enum class Redirect : std::uint8_t {
  none,    // none: the metadata share alone, as an oplock client
  paging,  // what is or becomes paging or uncached I/O; the rest is cached at the metadata share
  all      // all, cached or not: what is cached is cached at the data shares
};

// When the metadata share's cache is told to forget what others may have changed past it.
enum class Purge : std::uint8_t {
  none,
  open,   // the file, whenever it is opened
  close,  // the file, whenever a handle of it is closed
  range   // what a redirected write has changed, when it has ended
};

// How a page cache learns that other programs want memory.
enum class Pressure : std::uint8_t {
  signal,  // it is told, and gives back what they want (Linux: a shrinker)
  fixed,   // it does not: it keeps to its limit
  expire   // it does not: what was not used for a time-out goes
};

}  // namespace stripe
