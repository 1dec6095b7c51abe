// What an MDT has on its device beside names, attributes and data.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "stripe/layout/layout_template.h"
#include "stripe/server/lock_service.h"
#include "stripe/server/precreate.h"

namespace stripe {

// The layout of a file that has gone, whose objects go when that is stable (Lustre: the unlink log
// of the OSPs).
struct DoomedLayout {
  std::uint64_t change = 0;  // of the store of names
  Fid fid;
  Layout layout;
};

// What one that starts anew begins with. Numbers are never used twice, so the last of each counts
// whether it was stable or not.
struct MdtRecord {
  std::uint64_t last_change = 0;
  std::uint64_t committed = 0;
  OpenHandle last_handle = 0;
  LockHandle last_lock = cachemodel::kNoLock;
  transport::Server::KeptReplies replies;
  std::vector<PrecreateRecord> stocks;  // by OST; empty: none was ever asked
  std::map<Fid, std::shared_ptr<const LayoutTemplate>> unfinished;
};

}  // namespace stripe
