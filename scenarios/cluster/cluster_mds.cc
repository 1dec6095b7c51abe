// The metadata server, which stops and starts again.
#include "scenarios/cluster/cluster.h"
#include "stripe/server/mdt.h"
#include "stripe/server/memory_meta_store.h"
#include "stripe/server/modelled_store.h"
#include "stripe/server/oss.h"
#include "stripe/server/oss_cache.h"
#include "stripe/server/share_server.h"

namespace scenarios {

std::vector<ResourceCounter> Cluster::threads_of_mdt() const {
  if (!mdt_) {
    return mdt_threads_;
  }
  std::vector<ResourceCounter> all{threads_of(mdt_->service()), threads_of(mdt_->io_service())};
  for (std::size_t i = 0; i < mdt_threads_.size(); ++i) {
    all[i].busy += mdt_threads_[i].busy;
    all[i].waited += mdt_threads_[i].waited;
  }
  return all;
}

void Cluster::stop_mds() {
  recoveries_end(std::nullopt);
  world_.stop(map_.mdt.node);
  mdt_threads_ = threads_of_mdt();
  mdt_left_.clients = mdt_->server().clients();
  mdt_left_.evicted = evicted_by(map_.mdt);
  mdt_left_.callback_timeouts += mdt_->locks().counts().timeouts;
  *mdt_record_ = mdt_->leave();
  restarted_.push_back({std::nullopt, mdt_record_->last_change - mdt_record_->committed, {}});
  mdt_.reset();
  meta_store_->crash();
  dom_store_->crash();
}

void Cluster::start_mds() {
  world_.resume(map_.mdt.node);
  make_mdt();
  mdt_->server().recover(mdt_left_.clients, stripe::JournalOptions().recovery_window);
}

}  // namespace scenarios
