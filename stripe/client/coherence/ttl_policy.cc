#include "stripe/client/coherence/ttl_policy.h"

namespace stripe {

// The versions of one target's objects as this client explains them.
class TtlPolicy::Target final : public ObjectLocks {
 public:
  Target(TtlPolicy& policy, std::uint32_t index, Osc& osc)
      : policy_(policy), index_(index), osc_(osc) {
    osc_.set_locks(this);
  }
  ~Target() override { osc_.set_locks(nullptr); }

  sim::Task<Transfer> glimpse(ObjectId object) override {
    Transfer answer = co_await osc_.ask(object);
    if (answer.status == sim::Errc::ok) {
      const auto [known, first] = versions_.emplace(object, answer.info.version);
      if (!first && known->second != answer.info.version) {
        policy_.changed_.emplace(index_, object);
        known->second = answer.info.version;
      }
    }
    co_return answer;
  }
  void learned(ObjectId, const ObjectInfo&, bool) override {}
  void changed(ObjectId object, const ObjectInfo&, std::uint64_t changes, bool) override {
    const auto known = versions_.find(object);
    if (known != versions_.end()) {
      known->second += changes;
    }
  }

 private:
  TtlPolicy& policy_;
  std::uint32_t index_;
  Osc& osc_;
  std::map<ObjectId, std::uint64_t> versions_;
};

TtlPolicy::TtlPolicy(ClientContext& context, Lov& lov, WriteBack& write_back, PageReader& pages)
    : context_(context), lov_(lov), write_back_(write_back), pages_(pages) {
  lov_.set_target_hook([this](std::uint32_t index) {
    targets_.emplace(index, std::make_unique<Target>(*this, index, lov_.target(index)));
  });
}
TtlPolicy::~TtlPolicy() { lov_.set_target_hook({}); }

bool TtlPolicy::admit_at_once(Inode& inode, sim::Extent, IoKind kind, bool direct, Access& access) {
  access.use_cache = access.write_behind = !direct;
  if (direct || kind == IoKind::write) {
    return true;
  }
  const auto checked = checked_.find(inode.fid);
  return checked != checked_.end() &&
         context_.loop.now() - checked->second < context_.design.attribute_timeout;
}

sim::Task<sim::Errc> TtlPolicy::admit(Inode& inode, sim::Extent, IoKind, bool, Access&,
                                      sim::Timeline& timeline) {
  return check(inode, timeline);
}

sim::Task<sim::Errc> TtlPolicy::opened(Inode& inode, OpenFlags, sim::Timeline& timeline) {
  return check(inode, timeline);
}

bool TtlPolicy::take_changes(const Inode& inode) {
  std::size_t found = 0;
  for (const Component& component : inode.layout.components) {
    if (component.on_mdt()) {
      found += changed_.erase({kMdtTarget, component.owner});
    }
    for (const StripeObject& object : component.objects) {
      found += changed_.erase({object.ost_index, object.id});
    }
  }
  return found > 0;
}

// What is known holds from when it was asked for.
sim::Task<sim::Errc> TtlPolicy::check(Inode& inode, sim::Timeline& timeline) {
  if (inode.has_dirty()) {
    timeline.enter(sim::Stage::slot, context_.loop.now());
    co_await write_back_.flush(inode, &timeline);
  }
  timeline.enter(sim::Stage::metadata, context_.loop.now());
  const sim::TimePoint asked = context_.loop.now();
  const Outcome answer = co_await lov_.glimpse(inode);
  timeline.adopt(answer.timeline, sim::Stage::gather, context_.loop.now());
  if (take_changes(inode) || !checked_.contains(inode.fid)) {
    pages_.drop(inode, {0, sim::kEof});
  }
  if (answer.ok()) {
    checked_[inode.fid] = asked;
  }
  co_return answer.status;
}

sim::Task<sim::Errc> TtlPolicy::closing(Inode& inode, OpenFlags flags, sim::Timeline& timeline) {
  if (flags.write) {
    timeline.enter(sim::Stage::slot, context_.loop.now());
    co_await write_back_.flush(inode, &timeline);
  }
  co_return sim::Errc::ok;
}

}  // namespace stripe
