// A mounted client: one node's view of the cluster.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <string>

#include "stripe/client/file.h"
#include "stripe/client/mdc.h"
#include "stripe/client/page_reader.h"
#include "stripe/client/write_back.h"

namespace stripe {

// What an operation on a name found.
struct Found {
  Outcome outcome;
  FileAttr attr;
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
class Mount {
 public:
  // `client` names this mount in stamps and must be unique in the cluster. `design` and `map` must
  // outlive the mount.
  Mount(sim::Loop& loop, sim::Host& host, transport::Network& network, transport::Address address,
        std::uint32_t client, const ClientDesign& design, const ClusterMap& map);
  ~Mount();

  // `layout`: `lfs setstripe` options for a file that gets created.
  sim::Task<Opened> open(std::string path, OpenFlags flags, std::string layout = {});
  // Attributes with the exact size: the MDT's and, for a file, its objects' (glimpse).
  sim::Task<Found> stat(std::string path);
  sim::Task<Outcome> mkdir(std::string path);
  sim::Task<Outcome> unlink(std::string path);
  sim::Task<Outcome> rename(std::string from, std::string to);
  sim::Task<Outcome> set_mode(std::string path, std::uint32_t mode);
  sim::Task<Listed> readdir(std::string path);

  ClientContext& context() { return context_; }
  Lov& lov() { return lov_; }
  Mdc& mdc() { return mdc_; }
  WriteBack& write_back() { return write_back_; }
  cachemodel::PageCache& cache() { return cache_; }
  PageReader& pages() { return pages_; }
  transport::Stamp next_stamp() { return transport::Stamp::make(client_, ++writes_); }
  std::uint64_t stamps_issued() const { return writes_; }
  std::uint32_t client() const { return client_; }

  // For File.
  sim::Errc take_layout(Inode& inode, std::span<const std::byte> bytes);
  // `gone`: with this handle the file has ceased to exist.
  void closed(Inode& inode, bool gone);

 private:
  struct Place {
    sim::Errc status = sim::Errc::ok;
    Fid parent;
    std::string name;
  };
  sim::Task<Place> resolve(std::string path, sim::Timeline& timeline);
  sim::Task<Outcome> reint(Reint op, std::string path, std::string to, std::uint32_t mode);
  Inode& inode_of(const Fid& fid);
  void forget_data(Inode& inode);

  transport::Endpoint endpoint_;
  ClientContext context_;
  std::uint32_t client_;
  std::uint64_t writes_ = 0;
  Mdc mdc_;
  Lov lov_;
  cachemodel::PageCache cache_;
  std::map<Fid, std::unique_ptr<Inode>> inodes_;
  std::map<std::string, Fid, std::less<>> directories_;  // paths of directories looked up before
  WriteBack write_back_;
  PageReader pages_;
};

}  // namespace stripe
