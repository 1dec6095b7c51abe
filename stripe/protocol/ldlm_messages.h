// Lock requests to a target, and the callbacks it sends.
#pragma once

#include <vector>

#include "cachemodel/ldlm/lock.h"
#include "stripe/protocol/fid.h"
#include "stripe/protocol/ost_messages.h"

namespace stripe {

using cachemodel::LockHandle;

// The locks on an object of an OST, and on an inode of an MDT (Lustre: the object's id, the FID).
inline cachemodel::ResourceName resource_of(ObjectId object) {
  return {{object.oid, object.seq, 0, 0}};
}
inline ObjectId object_of(const cachemodel::ResourceName& name) {
  return {name.words[1], name.words[0]};
}
inline cachemodel::ResourceName resource_of(const Fid& fid) { return {{fid.seq, fid.oid, 0, 0}}; }
inline Fid fid_of(const cachemodel::ResourceName& name) {
  return {name.words[0], static_cast<std::uint32_t>(name.words[1]), 0};
}
// The file whose data on the MDT an object is.
inline Fid fid_of_data(ObjectId object) {
  return {object.seq, static_cast<std::uint32_t>(object.oid), 0};
}
inline ObjectId data_of(const Fid& fid) { return {fid.seq, fid.oid}; }

// LDLM_ENQUEUE of an extent of an object, or of all data a file has on an MDT. `glimpse`: the
// object's attributes are wanted, with a PR lock on all of it if nobody else's is in the way
// (Lustre: HAS_INTENT). `cancels` end with it.
struct LdlmExtentRequest final : transport::MessageBody<LdlmExtentRequest, kLdlmExtent> {
  ObjectId object;
  cachemodel::LockMode mode = cachemodel::LockMode::pr;
  sim::Extent extent{0, sim::kEof};
  bool glimpse = false;
  std::vector<LockHandle> cancels;
  // In a replay: the handle of a lock that was granted so before the server restarted.
  LockHandle restores = cachemodel::kNoLock;
  cachemodel::InodeBits bits = 0;  // of that lock, if it is an MDT's
  sim::Bytes wire_size() const override {
    return ptlrpc_message(
        {kPtlrpcBody, kLdlmRequest + 8 * cancels.size(), glimpse ? kLdlmIntent : 0});
  }
  template <class V>
  void fields(V& v) {
    v(object.seq, object.oid, mode, extent.begin, extent.end, glimpse, cancels, restores, bits);
  }
};
struct LdlmExtentReply final
    : transport::MessageBody<LdlmExtentReply, kLdlmExtent, transport::MessageKind::reply> {
  LockHandle handle = cachemodel::kNoLock;  // none: a glimpse met other clients' locks
  bool granted = false;                     // otherwise a completion callback will tell
  sim::Extent extent;                       // granted
  bool contended = false;
  ObjectInfo info;        // the lock value block: the object as the server knows it
  std::uint64_t slv = 0;  // the server lock volume, in lock seconds
  sim::Bytes wire_size() const override {
    return ptlrpc_message({kPtlrpcBody, kLdlmReply, kOstLvb});
  }
  template <class V>
  void fields(V& v) {
    v(handle, granted, extent.begin, extent.end, contended, info, slv);
  }
};

// LDLM_CANCEL of locks the client gives up; handles that are gone already are no error.
struct LdlmCancelRequest final : transport::MessageBody<LdlmCancelRequest, kLdlmCancel> {
  std::vector<LockHandle> handles;
  sim::Bytes wire_size() const override {
    return ptlrpc_message({kPtlrpcBody, kLdlmRequest + 8 * handles.size()});
  }
  template <class V>
  void fields(V& v) {
    v(handles);
  }
};
struct LdlmCancelReply final
    : transport::MessageBody<LdlmCancelReply, kLdlmCancel, transport::MessageKind::reply> {
  std::uint64_t slv = 0;
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody}); }
  template <class V>
  void fields(V& v) {
    v(slv);
  }
};
// LDLM_CONVERT: the lock keeps its other inode bits.
struct LdlmConvertRequest final : transport::MessageBody<LdlmConvertRequest, kLdlmConvert> {
  LockHandle handle = cachemodel::kNoLock;
  std::uint32_t drop = 0;
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kLdlmRequest}); }
  template <class V>
  void fields(V& v) {
    v(handle, drop);
  }
};
struct LdlmConvertReply final
    : transport::MessageBody<LdlmConvertReply, kLdlmConvert, transport::MessageKind::reply> {
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kLdlmReply}); }
  template <class V>
  void fields(V&) {}
};

// LDLM_BL_CALLBACK: others wait for this lock. `cause` is what the first of them asked for.
struct LdlmBlockingRequest final : transport::MessageBody<LdlmBlockingRequest, kLdlmBlocking> {
  LockHandle handle = cachemodel::kNoLock;
  std::uint32_t wanted = 0;  // of an inode-bits lock, the bits that are in the way
  cachemodel::LockMode cause_mode = cachemodel::LockMode::pr;
  sim::Extent cause;
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kLdlmRequest}); }
  template <class V>
  void fields(V& v) {
    v(handle, wanted, cause_mode, cause.begin, cause.end);
  }
};
// LDLM_CP_CALLBACK: the lock that waited is granted. With `wanted`, others wait for it already.
struct LdlmCompletionRequest final
    : transport::MessageBody<LdlmCompletionRequest, kLdlmCompletion> {
  LockHandle handle = cachemodel::kNoLock;
  sim::Extent extent;
  std::uint32_t bits = 0;
  std::uint32_t wanted = 0;
  ObjectInfo info;  // the lock value block
  sim::Bytes wire_size() const override {
    return ptlrpc_message({kPtlrpcBody, kLdlmRequest, kOstLvb});
  }
  template <class V>
  void fields(V& v) {
    v(handle, extent.begin, extent.end, bits, wanted, info);
  }
};
template <transport::Opcode kCode>
struct LdlmCallbackReply final
    : transport::MessageBody<LdlmCallbackReply<kCode>, kCode, transport::MessageKind::reply> {
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody}); }
  template <class V>
  void fields(V&) {}
};
using LdlmBlockingReply = LdlmCallbackReply<kLdlmBlocking>;
using LdlmCompletionReply = LdlmCallbackReply<kLdlmCompletion>;

// LDLM_GL_CALLBACK: what does the holder of this lock know of the object?
struct LdlmGlimpseRequest final : transport::MessageBody<LdlmGlimpseRequest, kLdlmGlimpse> {
  LockHandle handle = cachemodel::kNoLock;
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kLdlmRequest}); }
  template <class V>
  void fields(V& v) {
    v(handle);
  }
};
struct LdlmGlimpseReply final
    : transport::MessageBody<LdlmGlimpseReply, kLdlmGlimpse, transport::MessageKind::reply> {
  ObjectInfo info;  // with what waits in the client's cache
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kOstLvb}); }
  template <class V>
  void fields(V& v) {
    v(info);
  }
};

}  // namespace stripe
