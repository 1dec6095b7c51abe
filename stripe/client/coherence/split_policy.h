// Coherence of a file that is seen through several shares (pCIFS): the operating system keeps a
// cache for each of them, and a filter sends some of the I/O past the one it is cached in.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "stripe/client/coherence/oplock_policy.h"

namespace stripe {

// The rules, by what the design's filter redirects:
//   none    what the metadata share's oplock allows is cached there.
//   paging  the same, but uncached I/O, and what the cache fetches and writes back, goes to the
//           data shares: their servers are told, the metadata share's is not, and this client's own
//           cache neither gives what is dirty nor forgets what has changed, unless purged.
//   all     everything goes to the data shares. What is cached of a stripe rests on the oplock of
//           its node's share; the metadata share is not asked.
// Oplocks end with the last close, as OplockPolicy's do. Data on the MDT belongs to share 0, which
// is the metadata share; with `paging` it is not redirected.
class SplitPolicy final : public CachePolicy {
 public:
  // All must outlive the policy.
  SplitPolicy(ClientContext& context, const ClusterMap& map, WriteBack& write_back,
              PageReader& pages);
  ~SplitPolicy() override;

  bool admit_at_once(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                     Access& access) override;
  sim::Task<sim::Errc> admit(Inode& inode, sim::Extent range, IoKind kind, bool direct,
                             Access& access, sim::Timeline& timeline) override;
  sim::Task<void> went_beside(Inode& inode, sim::Extent range, sim::Timeline& timeline) override;
  sim::Task<sim::Errc> opened(Inode& inode, OpenFlags flags, sim::Timeline& timeline) override;
  sim::Task<sim::Errc> closing(Inode& inode, OpenFlags flags, sim::Timeline& timeline) override;
  bool callback(const transport::Message& request) override;
  std::size_t held() const override;

 private:
  using Shares = std::set<std::uint32_t>;  // in the order in which rights are taken
  // A data share's handle of a file: opened when it is needed, closed with the file.
  struct Handle {
    explicit Handle(sim::Loop& loop) : opened(loop, "a file on a data share") {}
    sim::Errc status = sim::Errc::ok;
    sim::Event opened;
  };
  struct Open {
    std::uint32_t opens = 0;
    std::map<std::uint32_t, std::shared_ptr<Handle>> handles;  // by share
    std::list<sim::Extent> used;  // of the metadata share's cache, by accesses under way
  };
  struct Use;
  // What an access through several data shares may do.
  struct Joined;

  bool redirected(const Inode& inode, sim::Extent range, bool direct) const;
  Shares shares_of(const Inode& inode, sim::Extent range) const;
  Shares shares_for(const Inode& inode, sim::Extent range, IoKind kind) const;
  OplockPolicy& data(std::uint32_t share);
  std::shared_ptr<Open> open_file(const Inode& inode) const;
  void use_primary(const Inode& inode, sim::Extent range, Access& access);
  sim::Task<sim::Errc> open_share(std::shared_ptr<Open> file, Inode& inode, std::uint32_t share,
                                  sim::Timeline& timeline);
  sim::Task<void> ask_share(std::shared_ptr<Handle> handle, Inode& inode, std::uint32_t share);
  sim::Task<std::shared_ptr<void>> announce(Inode& inode, std::uint32_t target);
  sim::Task<void> purge(Inode& inode, sim::Extent range, sim::Timeline& timeline);
  bool can_purge(const Inode& inode, sim::Extent range) const;

  ClientContext& context_;
  const ClusterMap& map_;
  WriteBack& write_back_;
  PageReader& pages_;
  std::unique_ptr<OplockPolicy> primary_;                        // null if all is redirected
  std::map<std::uint32_t, std::unique_ptr<OplockPolicy>> data_;  // by share; made on first use
  std::map<Fid, std::shared_ptr<Open>> files_;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
