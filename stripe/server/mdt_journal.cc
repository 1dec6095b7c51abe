#include "stripe/server/mdt_journal.h"

#include <algorithm>

namespace stripe {
namespace {

// A commit takes the device some time.
constexpr sim::Duration kLeast = sim::milliseconds(1);

}  // namespace

MdtJournal::MdtJournal(sim::Loop& loop, transport::Server& server, MetaStore& names,
                       ObjectStore* data, sim::Duration interval,
                       std::function<void(std::uint64_t)> committed)
    : loop_(loop),
      server_(server),
      names_(names),
      data_(data),
      interval_(std::max(interval, kLeast)),
      committed_(std::move(committed)),
      step_over_(loop, "a change under way"),
      tasks_(loop) {}

MdtJournal::Step::Step(MdtJournal& journal) : journal_(journal), before_(journal.now()) {
  journal_.steps_.push_back(*this);
}

MdtJournal::Step::~Step() {
  unlink();
  journal_.step_over_.set();
}

MdtJournal::Mark MdtJournal::now() const {
  return {server_.last_carried_out(), names_.changes(), data_ == nullptr ? 0 : data_->changes()};
}

MdtJournal::Mark MdtJournal::mark() { return steps_.empty() ? now() : steps_.front().before_; }

bool MdtJournal::behind() const {
  return server_.last_committed() < server_.last_change() || !names_.all_stable();
}

void MdtJournal::changed() {
  if (!committing_) {
    committing_ = true;
    tasks_.spawn(commit(), "the MDT's journal", sim::TaskKind::daemon);
  }
}

sim::Task<void> MdtJournal::commit() {
  while (behind()) {
    co_await sim::sleep_for(loop_, interval_);
    co_await commit_once();
  }
  committing_ = false;
}

sim::Task<void> MdtJournal::commit_once() {
  const Mark stable = mark();
  if (data_ != nullptr) {
    co_await data_->flush();
    data_->stable(stable.data);
  }
  names_.stable(stable.names);
  server_.committed(stable.change);
  committed_(stable.names);
}

// What is under way now and has been numbered by the time this was asked for is not the asker's.
sim::Task<void> MdtJournal::sync() {
  const Mark wanted = now();
  co_await commit_once();
  while (server_.last_committed() < wanted.change) {
    step_over_.reset();
    co_await step_over_.wait();
    co_await commit_once();
  }
}

}  // namespace stripe
