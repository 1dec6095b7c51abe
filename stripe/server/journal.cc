#include "stripe/server/journal.h"

namespace stripe {

Journal::Journal(sim::Loop& loop, transport::Server& server, ObjectStore& store,
                 sim::Duration interval)
    : loop_(loop), server_(server), store_(store), interval_(interval), tasks_(loop) {}

void Journal::stable(Mark mark) {
  server_.committed(mark.change);
  store_.stable(mark.stored);
}

void Journal::changed() {
  if (!committing_) {
    committing_ = true;
    tasks_.spawn(commit(), "a journal", sim::TaskKind::daemon);
  }
}

sim::Task<void> Journal::commit() {
  while (server_.last_committed() < server_.last_change()) {
    co_await sim::sleep_for(loop_, interval_);
    const Mark now = mark();
    co_await store_.flush();
    stable(now);
  }
  committing_ = false;
}

}  // namespace stripe
