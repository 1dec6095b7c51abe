// Coherence by oplocks of a share server, as SMB has it: one who has a file open alone may write
// behind, several may read from their caches, and a write takes everybody's right.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "cachemodel/lease.h"
#include "stripe/client/coherence/cache_policy.h"
#include "stripe/client/coherence/cached_part.h"
#include "stripe/protocol/share_messages.h"

namespace stripe {

class OplockPolicy final : public CachePolicy {
 public:
  // `share` is the server this client asks, `part` what of a file rests on its oplocks. Context and
  // what the part stands for must outlive the policy.
  OplockPolicy(ClientContext& context, transport::Address share, CachedPart part);

  bool admit_at_once(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                     Access& access) override;
  sim::Task<sim::Errc> admit(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                             Access& access, sim::Timeline& timeline) override;
  sim::Task<sim::Errc> opened(Inode& inode, OpenFlags flags, sim::Timeline& timeline) override;
  sim::Task<sim::Errc> closing(Inode& inode, OpenFlags flags, sim::Timeline& timeline) override;
  bool callback(const transport::Message& request) override;
  std::size_t held() const override { return files_.size(); }
  // What may be cached of a file now.
  cachemodel::LeaseLevel level(const Fid& file) const;

 private:
  // A file that is open here.
  struct Open {
    explicit Open(sim::Loop& loop)
        : opened(loop, "opens of the file before its close"),
          unused(loop, "accesses under an oplock") {}
    Inode* inode = nullptr;
    std::uint32_t opens = 0;
    std::uint32_t closing = 0;  // last closes that write back; others may have opened it since
    cachemodel::LeaseLevel level = cachemodel::LeaseLevel::none;
    // While opens are under way, what breaks that came meanwhile leave of what they bring.
    std::set<std::uint64_t> opening;  // by number
    std::uint64_t asked = 0;          // the last number
    sim::Event opened;                // set whenever one has ended
    cachemodel::LeaseLevel cap = cachemodel::LeaseLevel::read_write;
    std::uint32_t users = 0;  // accesses that rest on the level
    sim::Event unused;
  };
  struct Use;
  struct Opening;
  struct Closing;
  struct Write;
  std::shared_ptr<void> use(const Fid& file, Open& open);
  template <typename Request>
  sim::Task<transport::RpcReply> call(Request request);
  sim::Task<void> give_up(transport::Address server, transport::Header header, Fid file,
                          cachemodel::LeaseLevel to);
  // Waits for the accesses that rest on the level, and writes back what they left.
  sim::Task<void> settle(Open& open);
  sim::Task<void> end_write(Fid file);

  ClientContext& context_;
  transport::Import import_;
  CachedPart part_;
  std::map<Fid, std::shared_ptr<Open>> files_;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
