// Fan-out: one transfer of a file range as RPCs to all targets that hold a part of it.
#pragma once

#include <memory>
#include <vector>

#include "stripe/client/inode.h"

namespace stripe {

// Where a cluster's targets are.
struct ClusterMap {
  transport::Address mdt;
  std::vector<transport::Address> osts;  // by OST index
};

class Lov {
 public:
  // `map` must outlive the lov.
  Lov(ClientContext& context, const ClusterMap& map);

  // Reads `want` from the OSTs, past every cache. Bytes beyond the end of the file are cut off,
  // holes are zeros; only if that cannot be told from the parts are the other objects asked for
  // their size.
  sim::Task<Outcome> read(Inode& inode, sim::Extent want);
  // Writes `range` as `stamp` to the OSTs, past every cache. Everything it covers must be
  // instantiated.
  sim::Task<Outcome> write(Inode& inode, sim::Extent range, transport::Stamp stamp);
  // Asks every object for its size: the outcome's bytes are the file's.
  sim::Task<Outcome> glimpse(Inode& inode);
  // Cuts or extends every object to what a file of `size` has there.
  sim::Task<Outcome> punch(Inode& inode, sim::Bytes size);
  // Makes stable what the OSTs have accepted of the file.
  sim::Task<Outcome> sync(Inode& inode);

  // The target of a sub-request: an OST, or kMdtTarget. Made on first use.
  Osc& target(std::uint32_t index);
  std::size_t ost_count() const { return map_.osts.size(); }
  SplitOptions split_options(IoKind kind, const Layout& layout) const;
  // Calls `visit(Osc&)` for every target used so far, OSTs in order, then the MDT.
  template <typename Visit>
  void for_each_target(Visit visit) {
    for (const auto& osc : oscs_) {
      if (osc) {
        visit(*osc);
      }
    }
    if (mdt_) {
      visit(*mdt_);
    }
  }

 private:
  enum class ObjectOp { glimpse, punch, sync };
  sim::Task<Transfer> read_part(const SplitPlan& plan, const SubRequest& request);
  sim::Task<Transfer> write_part(const SplitPlan& plan, const SubRequest& request,
                                 std::uint64_t file, transport::Stamp stamp);
  void account(const std::vector<Transfer>& parts, sim::Timeline& timeline) const;
  sim::Task<std::vector<Transfer>> run(std::vector<sim::Task<Transfer>>& parts);
  sim::Task<sim::Bytes> end_of_file(Inode& inode, sim::Bytes wanted_end, sim::Timeline& timeline);
  sim::Task<Outcome> for_all_objects(Inode& inode, ObjectOp op, sim::Bytes size);

  ClientContext& context_;
  const ClusterMap& map_;
  std::vector<std::unique_ptr<Osc>> oscs_;
  std::unique_ptr<Osc> mdt_;
};

}  // namespace stripe
