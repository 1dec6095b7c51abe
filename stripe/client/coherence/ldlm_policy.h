// Coherence by extent locks with blocking callbacks, as Lustre has it: what is cached under a lock
// is valid as long as the lock is held.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "stripe/client/coherence/cache_policy.h"
#include "stripe/client/page_reader.h"
#include "stripe/client/write_back.h"

namespace stripe {

class LdlmPolicy final : public CachePolicy, public LockOwner {
 public:
  // All must outlive the policy.
  LdlmPolicy(ClientContext& context, Lov& lov, WriteBack& write_back, PageReader& pages);
  ~LdlmPolicy() override;

  bool admit_at_once(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                     Access& access) override;
  sim::Task<sim::Errc> admit(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                             Access& access, sim::Timeline& timeline) override;
  void forget(Inode& inode) override;
  bool callback(const transport::Message& request) override;
  sim::Task<std::size_t> release_all() override;
  std::size_t held() const override;

 private:
  // Where a locked object belongs.
  struct Place {
    Inode* inode = nullptr;  // null: none of its data was asked for yet
    std::uint32_t component = 0;
    std::uint32_t stripe = 0;
    // As the server last said, and what this client did since. The size counts as far as locks go.
    ObjectInfo known;
  };
  // A part of an access: what has to be locked of one object.
  struct Needed {
    std::uint32_t target = 0;
    ObjectId object;
    sim::Extent extent;
    const Component* component = nullptr;
    std::uint32_t stripe = 0;
  };
  using ObjectKey = std::pair<std::uint32_t, ObjectId>;

  void place_objects(Inode& inode);
  bool cache_fits_layout(const Inode& inode) const;
  void fit_cache_to_layout(Inode& inode);
  ObjectKey key_of(std::uint32_t target, const cachemodel::ResourceName& resource) const;
  void objects_of(Inode& inode, sim::Extent range, IoKind kind, std::vector<Needed>& out);
  LockClient& locks(std::uint32_t target);
  MdtLocks& mdt() { return *lov_.mdc().locks(); }
  sim::Extent locked_around(sim::Extent range, const std::vector<Needed>& needed);

  sim::Task<void> give_up(std::uint32_t target, const cachemodel::GrantedLock& lock,
                          LockCause cause) override;
  void lost(std::uint32_t target, const cachemodel::GrantedLock& lock) override;
  ObjectInfo describe(std::uint32_t target, ObjectId object) override;
  void learned(std::uint32_t target, ObjectId object, const ObjectInfo& info, bool exact) override;

  ClientContext& context_;
  Lov& lov_;
  WriteBack& write_back_;
  PageReader& pages_;
  std::map<ObjectKey, Place> places_;
  std::vector<std::unique_ptr<LockClient>> clients_;  // by OST index; made on first use
  std::map<transport::Address, LockClient*> by_address_;
  std::vector<Needed> needed_;  // scratch, between two waits only
};

}  // namespace stripe
