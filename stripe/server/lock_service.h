// The locks of one target: an OST's, of extents, or an MDT's, of inode bits. What the lock
// namespace says is to be sent, is sent from here, and what must come of it is waited for.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "cachemodel/ldlm/lock_namespace.h"
#include "cachemodel/ldlm/slv_pool.h"
#include "stripe/protocol/ldlm_messages.h"
#include "transport/server.h"

namespace stripe {

struct LockOptions {
  // A client that has not given up a lock so long after it was called back is evicted (Lustre 2.17:
  // ldlm_enqueue_min 100 s), unless I/O of its under the lock is here; then it gets half as much
  // more.
  sim::Duration callback_timeout = sim::seconds(100);
  // A client not heard for so long is evicted; zero: it is not.
  sim::Duration silence = sim::seconds(150);
  cachemodel::ContentionOptions contention = cachemodel::kContentionByRate;
  // Decides how many locks the server can afford.
  sim::Bytes memory = 64 * sim::kGiB;
};

struct LockCounts {
  std::uint64_t enqueues = 0;
  std::uint64_t waits = 0;  // enqueues that were not granted at once
  std::uint64_t blocking = 0;
  std::uint64_t completions = 0;
  std::uint64_t glimpses = 0;
  std::uint64_t timeouts = 0;  // evictions: a lock not given up, a callback not answered
};

class LockService {
 public:
  using ClientId = cachemodel::ClientId;
  // The object as the server has it, for lock value blocks; nothing if it does not exist.
  using Lvb = std::function<std::optional<ObjectInfo>(const cachemodel::ResourceName&)>;

  // `server` is the target's and must outlive this.
  LockService(sim::Loop& loop, transport::Server& server, cachemodel::LockType type,
              LockOptions options, Lvb lvb);
  ~LockService();

  // A lock for a client, granted or waiting. Callbacks are under way when it returns. What it asks
  // for must not be empty.
  cachemodel::EnqueueResult enqueue(const cachemodel::LockRequest& request);
  // After a restart: a client brings back a lock that it was granted before. False if somebody
  // else's lock has the handle, or is in the way.
  bool restore(LockHandle handle, cachemodel::LockRequest request);
  void skip_handles(LockHandle last) { locks_.skip_handles(last); }
  // For a client that is to wait for its answer until the lock is granted. Nothing if there is no
  // lock: it was not to wait for, or the client has gone meanwhile.
  struct Granted {
    LockHandle handle = cachemodel::kNoLock;
    cachemodel::InodeBits bits = 0;
  };
  sim::Task<Granted> grant(cachemodel::LockRequest request);
  // A client gives a lock up; one that is gone already is no error. False if it is not its own:
  // that is left alone.
  bool cancel(transport::Address client, LockHandle handle);
  // A client keeps the other bits of a granted lock. False if it is not its own, or has none.
  bool convert(transport::Address client, LockHandle handle, cachemodel::InodeBits drop);
  // All locks of a client end.
  void client_gone(transport::Address client);

  // A lock of the server's own, for the time of one operation.
  class Local {
   public:
    Local() = default;
    Local(LockService& service, LockHandle handle) : service_(&service), handle_(handle) {}
    Local(Local&& o) noexcept : service_(std::exchange(o.service_, nullptr)), handle_(o.handle_) {}
    Local& operator=(Local&& o) noexcept {
      std::swap(service_, o.service_);
      std::swap(handle_, o.handle_);
      return *this;
    }
    ~Local() {
      if (service_ != nullptr) {
        service_->end(handle_);
      }
    }

   private:
    LockService* service_ = nullptr;
    LockHandle handle_ = cachemodel::kNoLock;
  };
  // Waits until it is granted. The request's client is replaced by the server itself.
  sim::Task<Local> lock(cachemodel::LockRequest request);

  // The object's attributes, after asking those who may have written beyond what the server has.
  // not_found if there is no such object.
  sim::Task<sim::Result<ObjectInfo>> glimpse(cachemodel::ResourceName name);

  // I/O of `client` on this resource helps to give up a lock that was called back.
  bool urgent(transport::Address client, ObjectId object) const;
  // What locks on an object's data are on, and a request for one: all of `extent`, or on an MDT the
  // file's DOM bit.
  cachemodel::ResourceName resource(ObjectId object) const;
  cachemodel::LockRequest data_lock(ObjectId object, cachemodel::LockMode mode,
                                    sim::Extent extent) const;
  // The server lock volume now.
  std::uint64_t slv();

  std::optional<ObjectInfo> lvb(const cachemodel::ResourceName& name) const { return lvb_(name); }
  const cachemodel::LockNamespace& locks() const { return locks_; }
  const LockCounts& counts() const { return counts_; }

  // Clients are told apart by their addresses; 0 is the server itself.
  static ClientId id_of(transport::Address client) {
    return (std::uint64_t{client.node} << 32 | client.port) + 1;
  }
  static transport::Address address_of(ClientId client) {
    return {static_cast<transport::NodeId>((client - 1) >> 32),
            static_cast<std::uint32_t>(client - 1)};
  }

 private:
  struct CalledBack {
    ClientId client = 0;
    cachemodel::ResourceName resource;
    sim::TimePoint deadline;
  };
  struct Timer : sim::Callback {
    LockService* service = nullptr;
    sim::TimePoint due;
    bool armed = false;
  };
  struct LocalWait {
    sim::Event granted;
    cachemodel::InodeBits bits = 0;
  };
  sim::Task<void> wait_granted(LockHandle handle, LocalWait& wait);
  void end(LockHandle handle);
  void ended(LockHandle handle);
  void send(const cachemodel::LockRequest* cause);
  void call_back(const cachemodel::BlockingCallback& callback,
                 const cachemodel::LockRequest* cause);
  void expect_cancel(LockHandle handle, ClientId client);
  void complete(const cachemodel::CompletionCallback& callback);
  sim::Task<void> tell_blocking(ClientId client, LdlmBlockingRequest body);
  sim::Task<void> tell_completion(ClientId client, LdlmCompletionRequest body);
  sim::Task<void> ask_holder(cachemodel::GlimpseCallback holder, ObjectInfo& info,
                             cachemodel::GlimpseAsked& asked);
  bool works_on(ClientId client, const cachemodel::ResourceName& resource) const;
  void arm();
  static void overdue(sim::Callback& callback);

  sim::Loop& loop_;
  transport::Server& server_;
  cachemodel::LockType type_;
  LockOptions options_;
  Lvb lvb_;
  cachemodel::LockNamespace locks_;
  cachemodel::SlvPool pool_;
  sim::TimePoint pool_turn_;
  LockCounts counts_;
  cachemodel::LockCallbacks out_;  // scratch
  std::map<LockHandle, CalledBack> called_back_;
  std::set<std::pair<sim::TimePoint, LockHandle>> deadlines_;
  // How many locks of a client on a resource are called back.
  std::map<std::pair<ClientId, cachemodel::ResourceName>, std::uint32_t> called_back_on_;
  std::map<LockHandle, LocalWait*> waits_;  // of tasks here
  Timer timer_;
  sim::TaskGroup tasks_;
};

}  // namespace stripe
