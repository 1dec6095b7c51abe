// Fan-out: one transfer of a file range as RPCs to all targets that hold a part of it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "stripe/client/cluster_map.h"
#include "stripe/client/inode.h"
#include "stripe/client/mdc.h"
#include "stripe/client/write_rpcs.h"

namespace stripe {

class Lov {
 public:
  // Both must outlive the lov.
  Lov(ClientContext& context, Mdc& mdc, const ClusterMap& map);

  // Reads `want` from the OSTs, past every cache: extents in ascending order without overlap, whose
  // bytes come one behind the other. Bytes beyond the end of the file are cut off, holes are zeros.
  // Which of the two it is that is not there is asked of the MDT and the other objects, unless a
  // part tells; nothing known from before is believed, for others may have cut the file.
  // `server_lock`: the servers lock what they read, or write, for the time of each call.
  sim::Task<Outcome> read(Inode& inode, sim::Extent want, bool server_lock = false) {
    return read(inode, Extents{want}, server_lock);
  }
  sim::Task<Outcome> read(Inode& inode, Extents want, bool server_lock = false);
  // Writes `range` as `stamp` to the OSTs, past every cache. Everything it covers must be
  // instantiated.
  sim::Task<Outcome> write(Inode& inode, sim::Extent range, transport::Stamp stamp,
                           bool server_lock = false);
  // Writes what WriteRpcs made of one object's pieces, with the inode's time of last change. The
  // status is that of the first that failed. `terms` are those of all together; what is granted is
  // used up afterwards.
  sim::Task<Transfer> write_object(const Inode& inode, Osc& osc, ObjectId object,
                                   std::vector<WriteRpc> rpcs, WriteTerms terms);
  // Bytes of the file from `at` on that one RPC to each target can bring.
  sim::Bytes reach_of_rpcs(const Inode& inode, sim::Bytes at) const;
  // Asks every object for its attributes: the outcome's bytes are the file's size as the OSTs have
  // it. The inode then knows it, with what waits in this client's cache and what it has heard of
  // meanwhile, and the latest mtime; `allocated`, if asked for, is the space its objects take.
  sim::Task<Outcome> glimpse(Inode& inode, sim::Bytes* allocated = nullptr);
  // What a glimpse says leaves out what waits in this client's cache. (Under locks it does not.)
  bool has_untold(const Inode& inode) const;
  // Asks the MDT for the layout, which others may have given more objects.
  sim::Task<sim::Errc> refresh_layout(Inode& inode, sim::Timeline& timeline);
  // Cuts or extends every object to what a file of `size` has there.
  sim::Task<Outcome> punch(Inode& inode, sim::Bytes size);
  // Makes stable what the OSTs have accepted of the file. Of mirrors, these two are for the one
  // that is written.
  sim::Task<Outcome> sync(Inode& inode);

  // The target of a sub-request: an OST, or kMdtTarget. Made on first use.
  Osc& target(std::uint32_t index);
  Mdc& mdc() { return mdc_; }
  // Called for each part of a write that a target had carried out and has lost: `range` of `file`
  // does not hold what was written there as `stamp`, and may hold nothing of this client's. Parts
  // of earlier writes come with it whose data never went out because this write took its place in
  // the cache. One hook for all targets, the data on the MDT included; it is called while a target
  // is being connected to again, and must not wait.
  using Undone = std::function<void(std::uint64_t file, sim::Extent range, transport::Stamp stamp)>;
  void set_undone_hook(Undone hook) { undone_hook_ = std::move(hook); }
  // Called with the index of each target that is used for the first time.
  void set_target_hook(std::function<void(std::uint32_t)> hook) { target_hook_ = std::move(hook); }
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
  struct Objects;
  struct Arrived;
  sim::Task<Transfer> read_part(const SplitPlan& plan, const SubRequest& request, bool server_lock);
  sim::Task<Transfer> write_part(const SplitPlan& plan, const SubRequest& request,
                                 const Inode& inode, transport::Stamp stamp, bool server_lock);
  // What a target's import, or the Mdc for the one to the MDT, is given to tell of lost calls:
  // picks the writes out of them, and tells the hook of this Lov.
  transport::Import::Undone undone_writes();
  void account(const Transfers& parts, sim::Timeline& timeline) const;
  sim::Task<Transfers> run(TransferTasks& parts);
  TransferTasks read_parts(const SplitPlan& plan, bool server_lock);
  sim::Task<void> find_end(Inode& inode, Arrived& arrived, sim::Timeline& timeline);
  sim::Task<Objects> for_all_objects(Inode& inode, ObjectOp op, sim::Bytes size);

  ClientContext& context_;
  Mdc& mdc_;
  const ClusterMap& map_;
  std::vector<std::unique_ptr<Osc>> oscs_;
  std::unique_ptr<Osc> mdt_;
  std::function<void(std::uint32_t)> target_hook_;
  Undone undone_hook_;
};

}  // namespace stripe
