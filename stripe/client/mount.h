// A mounted client: one node's view of the cluster.
#pragma once

#include <string>

#include "stripe/client/coherence/cache_policy.h"
#include "stripe/client/file.h"
#include "stripe/client/mdc.h"
#include "stripe/client/page_reader.h"
#include "stripe/client/stat_ahead.h"
#include "stripe/client/write_back.h"

namespace stripe {

// What an operation on a name found.
struct Found {
  Outcome outcome;
  FileAttr attr;
  sim::Bytes allocated = 0;  // of a file: the space its objects take (st_blocks * 512)
};
struct Opened {
  Outcome outcome;
  std::unique_ptr<File> file;  // null unless ok
};
struct Listed {
  Outcome outcome;
  std::vector<DirEntry> entries;
};

// Paths begin with "/". Connections are made on first use, so a mount that does nothing costs
// nothing.
class Mount final : transport::CallbackHandler {
 public:
  // `client` names this mount in stamps and must be unique in the cluster. `design` and `map` must
  // outlive the mount.
  Mount(sim::Loop& loop, sim::Host& host, transport::Network& network, transport::Address address,
        std::uint32_t client, const ClientDesign& design, const ClusterMap& map);
  ~Mount() override;

  // `layout`: `lfs setstripe` options for a file that gets created. Directories are not opened:
  // is_directory. A caller that goes before the answer came leaves nothing open.
  sim::Task<Opened> open(std::string path, OpenFlags flags, std::string layout = {});
  // Attributes with the exact size and time: the MDT's and, for a file, its objects' (glimpse).
  sim::Task<Found> stat(std::string path);
  sim::Task<Outcome> mkdir(std::string path);
  // What this client's cache holds of the file is given up, dirty or not, once nobody can ask for
  // it: at once, or at the last close.
  sim::Task<Outcome> unlink(std::string path);
  sim::Task<Outcome> rename(std::string from, std::string to);
  sim::Task<Outcome> set_mode(std::string path, std::uint32_t mode);
  sim::Task<Listed> readdir(std::string path);
  // Writes back what is dirty and gives back what this client holds at servers. Returns how many
  // locks could not be given back because somebody still uses them: a leak, unless files are open.
  sim::Task<std::size_t> unmount();

  ClientContext& context() { return context_; }
  Lov& lov() { return lov_; }
  Mdc& mdc() { return mdc_; }
  WriteBack& write_back() { return write_back_; }
  cachemodel::PageCache& cache() { return cache_; }
  PageReader& pages() { return pages_; }
  // Null: the cache is used as if nobody else used the file system.
  CachePolicy* policy() { return policy_.get(); }
  transport::Stamp next_stamp() { return transport::Stamp::make(client_, ++writes_); }
  std::uint32_t client() const { return client_; }

  std::size_t inodes() const { return inodes_.size(); }

  // For File: a handle has gone.
  void released(Inode& inode);

 private:
  void callback(transport::MessagePtr request) override;
  struct Place {
    sim::Errc status = sim::Errc::ok;
    Fid parent;
    std::string name;
    bool remembered = false;  // the parent was not asked for: it may have gone
  };
  // A directory's FID, and when the MDT told it.
  struct Directory {
    Fid fid;
    sim::TimePoint since;
  };
  sim::Task<Place> resolve(std::string path, sim::Timeline& timeline);
  bool known_directory(Place& place, const std::string& prefix, std::size_t name_at);
  bool known_attributes(const Place& place, MdsIntentReply& answer);
  void layout_told(const Fid& fid, std::span<const std::byte> bytes);
  sim::Task<sim::Errc> read_entries(const Fid& directory, std::vector<DirEntry>& entries,
                                    sim::Timeline& timeline);
  sim::Task<sim::Errc> entries_under_lock(const Fid& directory, std::vector<DirEntry>& entries,
                                          sim::Timeline& timeline);
  sim::Task<sim::Errc> look_up(Place& place, std::string prefix, std::size_t name_at,
                               sim::Timeline& timeline);
  // True if what `place` was remembered from may be why the MDT found nothing: look again.
  bool misled(const Place& place, sim::Errc status);
  sim::Task<MdsResult<MdsIntentReply>> intent(std::string path, MdsIntentRequest request,
                                              sim::Timeline& timeline);
  sim::Task<void> ask_objects(Inode& inode, Found& found);
  sim::Task<void> glimpse_ahead(const MdsIntentReply& told);
  void removed(const Fid& fid);
  void undone(std::uint64_t file, sim::Extent range, transport::Stamp stamp);
  sim::Task<Outcome> reint(Reint op, std::string path, std::string to, std::uint32_t mode);
  Inode& inode_of(const Fid& fid);
  void take_attributes(Inode& inode, const FileAttr& attr);
  void forget_content(Inode& inode);
  void trim_idle();
  class Use;

  transport::Endpoint endpoint_;
  ClientContext context_;
  std::uint32_t client_;
  std::uint64_t writes_ = 0;
  Mdc mdc_;
  Lov lov_;
  cachemodel::PageCache cache_;
  std::map<Fid, std::unique_ptr<Inode>> inodes_;
  // Nobody uses these, but the cache may hold some of their content. Those to be forgotten first
  // are in front, then those unused for longest.
  sim::IntrusiveList<Inode> idle_;
  std::map<std::string, Directory, std::less<>> directories_;  // by path, as looked up before
  WriteBack write_back_;
  PageReader pages_;
  std::unique_ptr<CachePolicy> policy_;
  std::unique_ptr<StatAhead> stat_ahead_;  // with locks of the MDT only
};

}  // namespace stripe
