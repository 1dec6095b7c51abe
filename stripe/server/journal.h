// When what a target changed becomes stable.
#pragma once

#include "stripe/server/object_store.h"
#include "transport/server.h"

namespace stripe {

struct JournalOptions {
  // Changes become stable at the latest so long after they were made, and the time the device then
  // needs (Linux's jbd2, under ldiskfs: a commit every 5 s).
  sim::Duration commit_interval = sim::seconds(5);
  // How long clients have after a restart to come back (Lustre: recovery_time_soft 300 s).
  sim::Duration recovery_window = sim::seconds(300);
};

// Commits in the background while there is something to commit, and tells the server what is
// stable.
class Journal {
 public:
  // All must outlive the journal.
  Journal(sim::Loop& loop, transport::Server& server, ObjectStore& store, sim::Duration interval);

  // What has been changed so far: the server's number of it, and the store's. What a recovering
  // server is still to be brought back is not in it.
  struct Mark {
    std::uint64_t change = 0;
    std::uint64_t stored = 0;
  };
  Mark mark() const { return {server_.last_carried_out(), store_.changes()}; }
  // All up to a mark is stable.
  void stable(Mark mark);
  // Something was changed.
  void changed();

 private:
  sim::Task<void> commit();

  sim::Loop& loop_;
  transport::Server& server_;
  ObjectStore& store_;
  sim::Duration interval_;
  bool committing_ = false;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
