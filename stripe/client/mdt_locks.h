// What a client keeps of names and attributes under its locks on an MDT's inodes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "stripe/client/lock_client.h"
#include "stripe/protocol/mds_messages.h"

namespace stripe {

// A directory's entries, as they were read.
using Entries = std::shared_ptr<const std::vector<DirEntry>>;

// Names are valid under the LOOKUP bit of what they lead to, attributes under UPDATE and PERM, a
// directory's entries under its UPDATE bit, layouts under LAYOUT. What is not valid any more is
// forgotten before the server hears that the lock is given up.
class MdtLocks final : public LockOwner {
 public:
  // Context and import must outlive this.
  MdtLocks(ClientContext& context, transport::Import& mdt);

  struct Child {
    Fid fid;
    FileType type = FileType::file;
  };
  // What is valid now; null or nothing if that is not known. Pointers live until the next wait.
  const Child* child(const Fid& parent, std::string_view name);
  const FileAttr* attributes(const Fid& fid);
  const std::vector<std::byte>* layout(const Fid& fid);
  Entries entries(const Fid& directory);
  // Whether this client has `bits` of an inode, in locks that nobody has called back.
  bool covers(const Fid& fid, InodeBits bits);

  // A lock that covers all of `bits`; kNoLock if there is none. As long as the answer stays the
  // same nobody has changed what it covers. It is not kept in use meanwhile: what others wait for
  // may be in the way of what its user would wait for.
  LockHandle covering(const Fid& fid, InodeBits bits);
  // What was read of a directory since `lock` covered its UPDATE bit.
  void keep_entries(const Fid& directory, Entries entries, LockHandle lock);

  // The answer to an intent that asked for a lock: the lock, and what is valid under it.
  void granted(const MdsIntentRequest& request, const MdsIntentReply& reply);
  // What an answer without a lock tells, that was asked for since locks cover `bits`, as they do.
  void learned(const MdsIntentRequest& request, const MdsIntentReply& reply, InodeBits bits);
  // Early lock cancel: what the request would have called back of this client's, goes with it.
  void add_cancels(MdsIntentRequest& request);
  void add_cancels(MdsReintRequest& request);
  void add_cancels(MdsCloseRequest& request, const Fid& file);

  // Of data on the MDT.
  void set_data_owner(LockOwner* owner) { data_owner_ = owner; }
  // Is told the layout that a LAYOUT lock came with, or, with nothing, that it is valid no more.
  using LayoutHook = std::function<void(const Fid&, std::span<const std::byte>)>;
  void set_layout_hook(LayoutHook hook) { layout_hook_ = std::move(hook); }
  LockClient& client() { return client_; }

 private:
  struct Known {
    std::optional<FileAttr> attr;
    std::optional<std::vector<std::byte>> layout;
    Entries entries;
    std::vector<std::pair<Fid, std::string>> names;  // that lead here
    bool empty() const { return !attr && !layout && !entries && names.empty(); }
  };
  void forget(const Fid& fid, InodeBits bits);
  void forget_names(Known& known);
  void take(const Fid& fid, InodeBits bits, std::vector<LockHandle>& out);

  sim::Task<void> give_up(std::uint32_t target, const cachemodel::GrantedLock& lock,
                          LockCause cause) override;
  void lost(std::uint32_t target, const cachemodel::GrantedLock& lock) override;
  ObjectInfo describe(std::uint32_t target, ObjectId object) override;
  void learned(std::uint32_t target, ObjectId object, const ObjectInfo& info, bool exact) override;

  std::map<Fid, Known> known_;
  std::map<Fid, std::map<std::string, Child, std::less<>>> names_;  // by directory
  LockOwner* data_owner_ = nullptr;
  LayoutHook layout_hook_;
  LockClient client_;
};

}  // namespace stripe
