// A metadata target.
#pragma once

#include <deque>
#include <map>
#include <optional>

#include "stripe/layout/limits.h"
#include "stripe/server/io_handler.h"
#include "stripe/server/lock_handler.h"
#include "stripe/server/lock_plan.h"
#include "stripe/server/mdt_journal.h"
#include "stripe/server/mdt_record.h"
#include "stripe/server/meta_store.h"
#include "stripe/server/object_owners.h"
#include "stripe/server/ost_chooser.h"
#include "stripe/server/precreate.h"
#include "transport/server.h"

namespace stripe {

struct MdtOptions {
  std::uint32_t threads = 64;  // Lustre 2.17: 64 for each CPU partition
  // Processor time of one request, beside what its message costs.
  sim::Duration lookup = sim::microseconds(15);  // lookup, getattr, open of what exists, readdir
  sim::Duration modify = sim::microseconds(60);  // create, unlink, mkdir, rename, setattr
  sim::Duration close = sim::microseconds(10);
  IoCosts io;  // of data on the MDT
  // Largest component of data on the MDT that a file may ask for; 0: none may (Lustre:
  // lod.*.dom_stripesize, 1 MiB).
  sim::Bytes dom_max = kDefaultDomLimit;
  PrecreateOptions precreate;
  OstChooser::Pools pools;
  LockOptions locks;
  std::uint32_t cancel_threads = 128;  // for LDLM_CANCEL (Lustre: ldlm_canceld, at most 128)
};

// How many requests of each kind were carried out.
struct MdtCounts {
  std::uint64_t opens = 0;
  std::uint64_t creates = 0;
  std::uint64_t getattrs = 0;
  std::uint64_t closes = 0;
  std::uint64_t changes = 0;
  std::uint64_t refused = 0;
};

// Serves intents, closes, changes of the name space and directory pages, and the data of files that
// have it here. Clients that ask for them get inode-bits locks on what they are told, and lose them
// before it changes. A malformed or contradictory request is refused; nothing a client sends stops
// it. Changes are journaled in the background: no reply waits for a commit.
class Mdt final : transport::Router, transport::Handler {
 public:
  // `own_address` is where answers of OSTs come to, on the same node. `osts` are their addresses by
  // index. `data` may be null: then no data can be kept on the MDT. All references outlive the MDT.
  Mdt(sim::Loop& loop, transport::Network& network, transport::Address address,
      transport::Address own_address, sim::Host& host, MetaStore& meta, ObjectStore* data,
      std::vector<transport::Address> osts, MdtOptions options);
  ~Mdt() override;

  // Before start(): from now on what is changed is lost with a restart unless it has become stable,
  // and clients are told what has. `before` is what the MDT that was here has left.
  void keep_journal(const JournalOptions& options, MdtRecord before);
  // What the next one needs of this one, which stops.
  MdtRecord leave();
  // Begins to make objects ahead and asks for space, so that the first files find both.
  void start();

  const transport::Service& service() const { return service_; }
  // Serves the data on the MDT. Only with a store for it.
  const transport::Service& io_service() const { return *io_service_; }
  LockService& locks() { return locks_; }
  const LockService& locks() const { return locks_; }
  // Clients that it has given up so far.
  const transport::Server& server() const { return server_; }
  transport::Server& server() { return server_; }
  const MdtCounts& counts() const { return counts_; }
  OstChooser& chooser() { return chooser_; }
  std::size_t open_files() const { return handles_.size(); }

 private:
  using TemplatePtr = std::shared_ptr<const LayoutTemplate>;
  struct Open {
    Fid fid;
    transport::Address client;
  };
  // The layout of a file that has come into being but may have no name yet.
  struct NewLayout {
    sim::Errc status = sim::Errc::ok;
    Layout layout;
    TemplatePtr wanted;
  };

  transport::Service* route(const transport::Message& request, transport::NrsKey& key) override;
  std::unique_ptr<transport::Request> hold_back(std::unique_ptr<transport::Request> request,
                                                transport::Service& service) override {
    return lock_handler_.hold_back(std::move(request), service);
  }
  void client_gone(transport::Address client) override;
  bool is_lasting(const transport::Message& replay) const override;
  void reconstruct(const transport::Message& request, transport::Body& answer) override;
  void recovered() override;
  sim::Task<transport::Reply> handle(transport::Request& request) override;
  std::optional<ObjectInfo> describe_data(Fid fid) const;
  bool is_urgent(const transport::Message& request) const;
  sim::Task<transport::Reply> handle_data(transport::Request& request);
  sim::Task<transport::Reply> sync(transport::Request& request);
  sim::Task<transport::Reply> sync_data(transport::Request& request);

  // mdt_locks.cc
  using Held = std::vector<LockService::Local>;
  void end_locks(const transport::Request& request, const std::vector<LockHandle>& handles);
  sim::Task<sim::Errc> give_lock(const transport::Request& request, Fid fid, MdsIntentReply& reply);
  void take_lock_back(const transport::Request& request, MdsIntentReply& reply);
  sim::Task<Held> hold(LockPlan plan);
  LockPlan plan_of(const MdsReintRequest& body) const;
  sim::Task<Held> lock_change(const MdsReintRequest& body);

  // mdt_intent.cc
  sim::Task<transport::Reply> intent(transport::Request& request);
  sim::Task<transport::Reply> open(transport::Request& request);
  sim::Task<transport::Reply> open_existing(transport::Request& request, Fid fid);
  sim::Task<transport::Reply> open_found(const transport::Request& request, Fid fid);
  sim::Task<transport::Reply> create(transport::Request& request);
  sim::Task<transport::Reply> getattr(transport::Request& request);
  sim::Task<transport::Reply> layout_intent(transport::Request& request);
  sim::Status give_life(Fid fid, NewLayout made);
  sim::Task<transport::Reply> opened(const transport::Request& request, Fid fid, bool created);
  sim::Task<transport::Reply> only_lock(transport::Request& request);

  // mdt_layout.cc
  sim::Result<TemplatePtr> parse_layout(const std::string& wanted);
  sim::Task<NewLayout> new_layout(const std::string& options, sim::ServerTimes& times);
  sim::Task<sim::Errc> fill(Layout& layout, const LayoutTemplate& wanted, std::size_t place,
                            sim::ServerTimes& times);
  sim::Task<sim::Errc> take_objects(const std::vector<std::uint32_t>& osts,
                                    std::vector<StripeObject>& objects, sim::ServerTimes& times);
  void give_back(const std::vector<StripeObject>& objects);
  void give_back_all(const Layout& layout);
  sim::Task<sim::Errc> instantiate_range(Fid fid, sim::Extent extent, sim::ServerTimes& times);
  sim::Status begin_mirror_write(Fid fid);
  bool layout_must_change(Fid fid, sim::Extent extent) const;
  void destroy_data(const Layout& layout);
  void destroy_objects(const Layout& layout);
  void refresh_space();
  sim::Task<void> query_space(std::uint32_t ost);
  std::vector<std::byte> layout_bytes(Fid fid) const;

  // mdt_reint.cc
  sim::Task<transport::Reply> close(transport::Request& request);
  FileAttr after_close(Fid fid, const MdsCloseRequest& body) const;
  sim::Task<transport::Reply> reint(transport::Request& request);
  sim::Task<transport::Reply> readpage(transport::Request& request);
  sim::Result<Fid> change(const MdsReintRequest& body, std::int64_t now_ns);
  void describe(Fid fid, MdsReintReply& reply) const;
  sim::Status set_attributes(const MdsReintRequest& body, std::int64_t now_ns);
  void removed(const Removed& gone);
  void closed(Fid fid);
  void drop_inode(Fid fid);

  // mdt_replay.cc
  sim::Task<transport::Reply> replay(transport::Request& request);
  sim::Task<transport::Reply> replay_intent(transport::Request& request);
  sim::Task<transport::Reply> replay_reint(transport::Request& request);
  sim::Task<transport::Reply> restore_lock(transport::Request& request);
  sim::Errc create_again(const MdsIntentRequest& body);
  sim::Errc open_again(transport::Address client, const MdsOutcome& then);
  sim::Result<Fid> change_again(const MdsReintRequest& body);
  void begin_change(transport::Request& request);
  void names_stable(std::uint64_t changes);

  // mdt_replay_layout.cc
  void know_owners();
  sim::Result<Layout> layout_of(const MdsOutcome& then, const Layout& before) const;
  sim::Errc layout_again(const MdsOutcome& then);

  transport::Reply refuse(sim::Errc status);
  std::int64_t now_ns() const { return loop_.now().ns(); }

  sim::Loop& loop_;
  sim::Host& host_;
  MetaStore& meta_;
  ObjectStore* data_;
  MdtOptions options_;
  MdtCounts counts_;
  std::map<OpenHandle, Open> handles_;
  std::map<Fid, std::uint32_t> open_counts_;
  OpenHandle next_handle_ = 1;
  std::map<std::string, TemplatePtr> templates_;  // a cache
  std::map<Fid, TemplatePtr> unfinished_;         // files with components that have no objects
  std::deque<DoomedLayout> doomed_;               // in order of change
  ObjectOwners owners_;                           // while it may recover
  OstChooser chooser_;
  transport::Endpoint endpoint_;
  std::vector<std::unique_ptr<Precreate>> stocks_;  // by OST index
  sim::TimePoint space_asked_;
  bool space_was_asked_ = false;
  transport::Server server_;
  std::optional<MdtJournal> journal_;  // none: nothing can be lost
  LockService locks_;
  LockHandler lock_handler_;
  std::optional<IoHandler> io_handler_;
  transport::Service service_;
  transport::Service cancels_;
  std::optional<transport::Service> io_service_;
  sim::TaskGroup tasks_;
};

// Permissions, set-id and sticky bits: all that a mode may hold.
inline constexpr std::uint32_t kAllModeBits = 07777;
// Who is who is not known here: what nobody at all may do is refused.
inline constexpr std::uint32_t kAnyoneReads = 0444;
inline constexpr std::uint32_t kAnyoneWrites = 0222;

// Whether `name` may stand in a directory: 1 to 255 bytes, no '/', not "." or "..".
bool valid_name(std::string_view name);

}  // namespace stripe
