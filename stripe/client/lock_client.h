// A client's locks on one target: asked for, shared, called back, given up.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <list>
#include <memory>

#include "cachemodel/ldlm/lock_cache.h"
#include "stripe/client/context.h"
#include "stripe/client/osc.h"
#include "stripe/protocol/ldlm_messages.h"

namespace stripe {

// Why a lock is given up: what another client asked for, if that is the reason.
struct LockCause {
  bool called_back = false;
  cachemodel::LockMode mode = cachemodel::LockMode::nl;
  sim::Extent extent;
  cachemodel::InodeBits wanted = 0;  // of an inode-bits lock: what has to go
};

// Whose cache the locks protect.
class LockOwner {
 public:
  virtual ~LockOwner() = default;
  // Writes back what the lock lets this client keep dirty, and forgets what it lets it keep at all.
  virtual sim::Task<void> give_up(std::uint32_t target, const cachemodel::GrantedLock& lock,
                                  LockCause cause) = 0;
  // The same for a lock the server has taken away: nothing can be written back any more.
  virtual void lost(std::uint32_t target, const cachemodel::GrantedLock& lock) = 0;
  // What this client knows of an object that it holds a lock on, its unwritten data included.
  virtual ObjectInfo describe(std::uint32_t target, ObjectId object) = 0;
  // What the server said of an object: `exact` if nothing that this client did can be newer.
  virtual void learned(std::uint32_t target, ObjectId object, const ObjectInfo& info,
                       bool exact) = 0;
};

class LockClient final : public ObjectLocks {
 public:
  // `target` is the OST's index, or kMdtTarget: then locks on data are on the DOM bits of inodes.
  // Import and owner must outlive this.
  LockClient(ClientContext& context, transport::Import& import, std::uint32_t target,
             LockOwner& owner);
  ~LockClient() override;

  // A lock in use. Whoever holds one may do what the lock allows.
  class Hold {
   public:
    Hold() = default;
    Hold(LockClient& client, LockHandle handle) : client_(&client), handle_(handle) {}
    Hold(Hold&& o) noexcept : client_(std::exchange(o.client_, nullptr)), handle_(o.handle_) {}
    Hold& operator=(Hold&& o) noexcept {
      std::swap(client_, o.client_);
      std::swap(handle_, o.handle_);
      return *this;
    }
    ~Hold() {
      if (client_ != nullptr) {
        client_->release(handle_);
      }
    }
    LockHandle handle() const { return handle_; }
    // The server has given the client up meanwhile: the lock protects nothing any more.
    bool gone() const { return client_ != nullptr && !client_->cache_.find(handle_); }

   private:
    LockClient* client_ = nullptr;
    LockHandle handle_ = cachemodel::kNoLock;
  };

  // A cached lock that serves, if there is one.
  std::optional<Hold> match(ObjectId object, cachemodel::LockMode mode, sim::Extent extent);
  // What the cached lock that serves covers of its object, if there is one. It counts as used now.
  std::optional<sim::Extent> touch(ObjectId object, cachemodel::LockMode mode, sim::Extent extent);
  // Asks the server and waits until it is granted, however long others keep it. Or why not.
  sim::Task<sim::Result<Hold>> enqueue(ObjectId object, cachemodel::LockMode mode,
                                       sim::Extent extent);
  // A cached lock on an inode that covers `bits` in one of `modes`, if there is one.
  std::optional<Hold> match(const cachemodel::ResourceName& inode, cachemodel::ModeSet modes,
                            cachemodel::InodeBits bits);
  // A lock that came with the answer to something else; it is in use. Nothing if it is called back
  // already, and on its way back to the server.
  std::optional<Hold> adopt(const cachemodel::GrantedLock& lock);
  // Takes the locks on an inode that have some of `bits` and no user: whoever gets them sends their
  // handles with a request that would have them called back (Lustre: early lock cancel). Locks on
  // data are not among them.
  std::vector<cachemodel::GrantedLock> take_unused(const cachemodel::ResourceName& inode,
                                                   cachemodel::InodeBits bits);
  // While it lives, callbacks of locks that are not known yet are kept for the answer that will
  // tell of them.
  class Expecting {
   public:
    explicit Expecting(LockClient& client) : client_(client) { ++client_.expected_; }
    ~Expecting() {
      --client_.expected_;
      client_.forget_early();
    }
    Expecting(const Expecting&) = delete;
    Expecting& operator=(const Expecting&) = delete;

   private:
    LockClient& client_;
  };
  // While it lives, a request is under way that carries these locks, taken early. The server may
  // keep it waiting behind the very change that calls one of them back: then that one's cancel goes
  // by itself (Lustre: the client answers that it has no such lock).
  class Carried {
   public:
    Carried(LockClient& client, std::vector<LockHandle> handles)
        : client_(client), handles_(std::move(handles)) {
      client_.carried_.insert(handles_.begin(), handles_.end());
    }
    ~Carried() {
      for (const LockHandle handle : handles_) {
        client_.carried_.erase(handle);
      }
    }
    Carried(const Carried&) = delete;
    Carried& operator=(const Carried&) = delete;

   private:
    LockClient& client_;
    std::vector<LockHandle> handles_;
  };
  void set_server_volume(std::uint64_t slv) { cache_.set_server_volume(slv); }

  // The object's attributes, with what other clients have not written back.
  sim::Task<Transfer> glimpse(ObjectId object) override;
  void learned(ObjectId object, const ObjectInfo& info, bool exact) override {
    owner_.learned(target_, object, info, exact);
  }

  // Up to where locks, those on their way back included, keep others from cutting the object.
  sim::Bytes reach(ObjectId object) const;
  // No other lock on data of the object is here.
  bool is_last(const cachemodel::GrantedLock& lock) const;

  // A callback of the server: answered at once, then acted upon.
  void callback(const transport::Message& request);
  // Gives up every lock on `object` that nobody uses.
  void drop_unused(ObjectId object);
  // Gives up all that nobody uses, and waits until the server knows.
  sim::Task<void> drop_all();
  // Locks held.
  std::size_t size() const { return cache_.size(); }

 private:
  // An enqueue that goes on though its caller may have gone: the server's lock must not be
  // forgotten.
  struct Enqueue {
    Enqueue(sim::Loop& loop, const cachemodel::ResourceName& on, const LdlmExtentRequest& wanted)
        : resource(on),
          mode(wanted.mode),
          extent(wanted.extent),
          granted(loop, "a lock others hold"),
          done(loop, "a lock") {}
    cachemodel::ResourceName resource;
    cachemodel::LockMode mode;
    sim::Extent extent;
    LockHandle handle = cachemodel::kNoLock;
    sim::Event granted;  // by a completion callback, or lost
    sim::Event done;
    sim::Errc status = sim::Errc::ok;
    ObjectInfo info;  // what a glimpse was told
    bool abandoned = false;
    bool again = false;  // the server that was to grant it has forgotten it
  };
  friend class Hold;
  cachemodel::ResourceName resource(ObjectId object) const;
  ObjectId object(const cachemodel::ResourceName& name) const;
  cachemodel::InodeBits data_bits() const;
  bool holds_data(const cachemodel::ResourceName& name) const;
  void release(LockHandle handle);
  void forget_early();
  void forget(const std::shared_ptr<Enqueue>& enqueue);
  sim::Task<void> ask(std::shared_ptr<Enqueue> glimpse, LdlmExtentRequest request);
  sim::Task<void> carry_out(std::shared_ptr<Enqueue> enqueue, LdlmExtentRequest request);
  sim::Task<void> enqueue_once(std::shared_ptr<Enqueue> enqueue, LdlmExtentRequest request);
  void add(const cachemodel::GrantedLock& lock);
  void blocking(const LdlmBlockingRequest& body);
  void completion(const LdlmCompletionRequest& body);
  void start_cancel(LockHandle handle, LockCause cause);
  sim::Task<void> cancel(LockHandle handle, LockCause cause);
  sim::Task<void> convert(LockHandle handle, cachemodel::InodeBits drop);
  void start_sending();
  sim::Task<void> send_cancels();
  std::vector<LockHandle> take_cancels();
  void collect_excess();
  sim::Task<void> age();
  void lost_all();
  sim::Task<void> restore_all();
  sim::Task<void> restore(cachemodel::GrantedLock lock);
  void changed_count();

  ClientContext& context_;
  transport::Import& import_;
  std::uint32_t target_;
  LockOwner& owner_;
  cachemodel::LockCache cache_;
  boost::unordered_flat_map<LockHandle, LockCause> causes_;  // of locks called back
  std::list<std::shared_ptr<Enqueue>> enqueues_;             // under way
  std::size_t expected_ = 0;  // other requests that may bring locks, under way
  // Callbacks that came before the reply that tells of their lock.
  boost::unordered_flat_map<LockHandle, LdlmBlockingRequest> early_blocking_;
  boost::unordered_flat_map<LockHandle, LdlmCompletionRequest> early_completion_;
  std::vector<LockHandle> cancels_;                // to be sent
  boost::unordered_flat_set<LockHandle> carried_;  // by requests under way
  std::size_t cancelling_ = 0;                     // locks being given up
  bool sending_ = false;
  bool aging_ = false;
  bool holds_import_ = false;
  sim::Event all_cancelled_;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
