// Objects made on an OST ahead of the files that will need them.
#pragma once

#include <deque>
#include <vector>

#include "stripe/layout/layout.h"
#include "stripe/protocol/ost_messages.h"
#include "transport/import.h"

namespace stripe {

struct PrecreateOptions {
  // Objects asked for at a time: doubles from `least` to `most` while they are used up faster than
  // they come (Lustre: OST_CREATE of 32 to 20,000 objects).
  std::uint32_t least = 32;
  std::uint32_t most = 20000;
  // The OST may recover, and know this MDT from before.
  bool replayable = false;
};

// What an MDT that starts anew knows of the objects of one OST.
struct PrecreateRecord {
  std::uint64_t next = 1;  // was not given to a file yet, nor those behind it
  std::uint64_t last = 0;  // that was made
  std::vector<ObjectId> returned;
  std::uint32_t batch = 0;
  std::vector<ObjectId> doomed;
};

// One OST's stock, and the MDT's other errands there. A file creation takes from it without a wait;
// it waits only when the stock is empty. Below half of the last batch the next one is fetched in
// the background.
class Precreate {
 public:
  // `endpoint` must outlive it.
  Precreate(transport::Endpoint& endpoint, transport::Address ost, std::uint32_t index,
            PrecreateOptions options);

  // What the next one for this OST goes on from, and where it does. What it still has to destroy
  // may have been destroyed already: an object stays in the record until the OST has told that its
  // destruction is stable, for both servers may start anew (Lustre: a record of the unlink log is
  // cancelled when the destruction that it asked for is committed).
  PrecreateRecord record() const;
  // Whether this object was taken for a file at some time, by what its number says; it may have
  // been given back since.
  bool has_given(ObjectId object) const;
  void resume(PrecreateRecord record);
  // Begins to fetch a batch.
  void start();
  // The next object. Fails if the OST cannot make any. What waiting for it took is added to
  // `times`: the OST's own account of what happened during the wait, and the rest, the network's,
  // as queueing.
  sim::Task<sim::Result<StripeObject>> take(sim::ServerTimes& times);
  // Puts an object back that was taken and never shown to anybody.
  void give_back(ObjectId object) { returned_.push_back(object); }
  // Destroys an object in the background, however long the OST does not answer.
  void destroy(ObjectId object);
  // Asks the OST for its space.
  sim::Task<sim::Result<OstStatfsReply>> statfs();

  transport::Address ost() const { return import_.target(); }
  std::size_t stock() const { return last_ - next_ + 1 + returned_.size(); }
  std::uint32_t batch() const { return batch_; }
  // Objects waiting to be destroyed, those under way included.
  std::size_t doomed() const { return doomed_.size() + destroyers_; }

 private:
  void refill();
  sim::Task<void> fetch();
  sim::Task<void> destroy_doomed();
  void account(sim::TimePoint since, sim::ServerTimes& times) const;

  sim::Loop& loop_;
  transport::Import import_;
  std::uint32_t index_;
  PrecreateOptions options_;
  std::uint64_t next_ = 1;  // objects next_ .. last_ are in stock
  std::uint64_t last_ = 0;
  std::vector<ObjectId> returned_;  // in stock too
  std::uint32_t batch_;
  bool refilling_ = false;
  bool ran_dry_ = false;
  sim::Errc error_ = sim::Errc::ok;
  sim::Timeline fetched_;  // of the last batch
  std::deque<ObjectId> doomed_;
  std::vector<ObjectId> going_;  // being destroyed
  std::uint32_t destroyers_ = 0;
  sim::Event arrived_;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
