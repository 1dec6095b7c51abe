// When what an MDT changed becomes stable.
#pragma once

#include <functional>

#include "sim/intrusive_list.h"
#include "stripe/server/journal.h"
#include "stripe/server/meta_store.h"

namespace stripe {

// Commits names, attributes and the data on the MDT together, in the background while there is
// something to commit, and tells the server what is stable.
class MdtJournal {
 public:
  // What had been changed at one time: the server's number of it, and the stores'.
  struct Mark {
    std::uint64_t change = 0;
    std::uint64_t names = 0;
    std::uint64_t data = 0;
  };

  // `data` may be null. `committed` is told how many changes of names are stable, each time that
  // there are more. All must outlive the journal.
  MdtJournal(sim::Loop& loop, transport::Server& server, MetaStore& names, ObjectStore* data,
             sim::Duration interval, std::function<void(std::uint64_t)> committed);

  // A change under way, from before its first step until its request has been answered, by when it
  // has its number: none of it becomes stable without the rest, nor does what comes behind it.
  class Step : public sim::ListNode {
   public:
    explicit Step(MdtJournal& journal);
    ~Step();
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    friend class MdtJournal;
    MdtJournal& journal_;
    Mark before_;
  };

  // Something was changed.
  void changed();
  // Makes all stable that has been changed so far.
  sim::Task<void> sync();

 private:
  Mark mark();
  Mark now() const;
  bool behind() const;
  sim::Task<void> commit();
  sim::Task<void> commit_once();

  sim::Loop& loop_;
  transport::Server& server_;
  MetaStore& names_;
  ObjectStore* data_;
  sim::Duration interval_;
  std::function<void(std::uint64_t)> committed_;
  sim::IntrusiveList<Step> steps_;  // in order of time
  sim::Event step_over_;
  bool committing_ = false;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
