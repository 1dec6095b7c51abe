// Files of which one pass tells that every read showed the newest write.
#pragma once

#include "cachemodel/history/merge.h"

namespace cachemodel {

// True if the blocks of the file need no closer look: no write began before another to the same
// bytes had returned, all were acknowledged and kept, and every read showed everywhere the last
// write that had begun when the read did, or that there was none. Then no read is stale or
// impossible, every guarantee is held, and nothing of this is undecided.
//
// False says nothing. It is also the answer if servers logged the order of writes, if anything was
// punched or dropped, or if the histories' clocks differ. O(n log n), and little of it for files
// that are written and then read.
bool is_orderly(const FileHistory& file, const Merged& merged);

}  // namespace cachemodel
