// Coherence by time-outs, as NFS has it (close-to-open): a file's attributes are checked when it is
// opened and when they are older than a time-out; if others have changed it, what is cached goes.
// What was written is written back at close.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <utility>

#include "stripe/client/coherence/cache_policy.h"
#include "stripe/client/page_reader.h"
#include "stripe/client/write_back.h"

namespace stripe {

// Whether others have changed a file is told by the versions of its objects, from which this
// client's own changes are taken off (NFSv4: the change attribute). A client writes back before it
// asks, as Linux does, so that none of its changes is on the way meanwhile.
class TtlPolicy final : public CachePolicy {
 public:
  // All must outlive the policy.
  TtlPolicy(ClientContext& context, Lov& lov, WriteBack& write_back, PageReader& pages);
  ~TtlPolicy() override;

  bool admit_at_once(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                     Access& access) override;
  sim::Task<sim::Errc> admit(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                             Access& access, sim::Timeline& timeline) override;
  sim::Task<sim::Errc> opened(Inode& inode, OpenFlags flags, sim::Timeline& timeline) override;
  sim::Task<sim::Errc> closing(Inode& inode, OpenFlags flags, sim::Timeline& timeline) override;
  void forget(Inode& inode) override { checked_.erase(inode.fid); }

 private:
  class Target;
  bool take_changes(const Inode& inode);
  sim::Task<sim::Errc> check(Inode& inode, sim::Timeline& timeline);

  ClientContext& context_;
  Lov& lov_;
  WriteBack& write_back_;
  PageReader& pages_;
  std::map<Fid, sim::TimePoint> checked_;  // when files' attributes were asked for last
  std::map<std::uint32_t, std::unique_ptr<Target>> targets_;  // by index
  // Objects that answers showed others to have changed, and that are still to be acted upon.
  std::set<std::pair<std::uint32_t, ObjectId>> changed_;
};

}  // namespace stripe
