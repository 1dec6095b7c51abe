// Requests to an OST and their replies.
#pragma once

#include <boost/container/small_vector.hpp>

#include "stripe/layout/object_id.h"
#include "stripe/protocol/opcodes.h"
#include "stripe/protocol/wire.h"
#include "transport/message_codec.h"

namespace stripe {

// A range of an object (Lustre: niobuf_remote, 16 bytes).
struct Niobuf {
  sim::Bytes offset = 0;
  sim::Bytes length = 0;
  bool operator==(const Niobuf&) const = default;
  template <class V>
  void fields(V& v) {
    v(offset, length);
  }
};

// A few values of one kind, almost always one: no allocation for that.
template <typename T>
struct Few : boost::container::small_vector<T, 1> {
  using boost::container::small_vector<T, 1>::small_vector;
  template <class V>
  void fields(V& v) {
    std::vector<T> values(this->begin(), this->end());
    v(values);
    this->assign(values.begin(), values.end());
  }
};
using Niobufs = Few<Niobuf>;

// What an OST knows of an object (the part of Lustre's obdo that is used here).
struct ObjectInfo {
  sim::Bytes size = 0;
  sim::Bytes allocated = 0;
  std::int64_t mtime_ns = 0;
  // Changes of its data since its server started: a range written, a punch (Lustre: data version).
  std::uint64_t version = 0;
  bool operator==(const ObjectInfo&) const = default;
  template <class V>
  void fields(V& v) {
    v(size, allocated, mtime_ns, version);
  }
};

// OST_READ: the bulk is the ranges one behind the other, each cut at the object's end; `lengths` in
// the reply says how much of each there was. An object that does not exist is not_found.
struct OstReadRequest final : transport::MessageBody<OstReadRequest, kOstRead> {
  ObjectId object;
  Niobufs ranges;
  bool short_io = false;     // the data is to come inside the reply
  bool checksum = false;     // the server is to compute one over the data (Lustre: OBD_FL_CKSUM)
  bool server_lock = false;  // the server is to lock the ranges itself (Lustre: OBD_BRW_SRVLOCK)
  sim::Bytes wire_size() const override {
    return ptlrpc_message({kPtlrpcBody, kOstBody, kObdIoobj, kNiobufRemote * ranges.size(), 0});
  }
  template <class V>
  void fields(V& v) {
    v(object.seq, object.oid, ranges, short_io, checksum, server_lock);
  }
};
struct OstReadReply final
    : transport::MessageBody<OstReadReply, kOstRead, transport::MessageKind::reply> {
  ObjectInfo info;
  Few<sim::Bytes> lengths;
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kOstBody, 0}); }
  template <class V>
  void fields(V& v) {
    v(info, lengths);
  }
};

// OST_WRITE: the bulk is the ranges one behind the other.
struct OstWriteRequest final : transport::MessageBody<OstWriteRequest, kOstWrite> {
  ObjectId object;
  Niobufs ranges;
  // The file's time of last change as the writer has it, by the writer's clock (Lustre:
  // OBD_MD_FLMTIME); of the object's the later one stays.
  std::int64_t mtime_ns = 0;
  bool checksum = false;     // as in OST_READ
  bool server_lock = false;  // as in OST_READ
  sim::Bytes granted = 0;    // of the client's grant, how much this data was promised
  sim::Bytes want = 0;       // what the client would like to hold in all
  sim::Bytes wire_size() const override {
    return ptlrpc_message({kPtlrpcBody, kOstBody, kObdIoobj, kNiobufRemote * ranges.size(), 0});
  }
  template <class V>
  void fields(V& v) {
    v(object.seq, object.oid, ranges, mtime_ns, checksum, server_lock, granted, want);
  }
};
struct OstWriteReply final
    : transport::MessageBody<OstWriteReply, kOstWrite, transport::MessageKind::reply> {
  ObjectInfo info;
  std::uint32_t range_count = 0;  // the modelled reply has a return code for each range
  sim::Bytes grant = 0;           // given to the client with this answer
  sim::Bytes wire_size() const override {
    return ptlrpc_message({kPtlrpcBody, kOstBody, sim::Bytes{4} * range_count});
  }
  template <class V>
  void fields(V& v) {
    v(info, range_count, grant);
  }
};

// Requests that name an object and at most one number, and their replies.
template <transport::Opcode kCode>
struct OstObjectRequest final : transport::MessageBody<OstObjectRequest<kCode>, kCode> {
  ObjectId object;
  sim::Bytes size = 0;        // OST_PUNCH: the object's new size
  std::int64_t mtime_ns = 0;  // OST_PUNCH: as in OST_WRITE
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kOstBody, 0}); }
  template <class V>
  void fields(V& v) {
    v(object.seq, object.oid, size, mtime_ns);
  }
};
template <transport::Opcode kCode>
struct OstObjectReply final
    : transport::MessageBody<OstObjectReply<kCode>, kCode, transport::MessageKind::reply> {
  ObjectInfo info;
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kOstBody}); }
  template <class V>
  void fields(V& v) {
    v(info);
  }
};
using OstGetattrRequest = OstObjectRequest<kOstGetattr>;
using OstGetattrReply = OstObjectReply<kOstGetattr>;
using OstPunchRequest = OstObjectRequest<kOstPunch>;
using OstPunchReply = OstObjectReply<kOstPunch>;
using OstSyncRequest = OstObjectRequest<kOstSync>;
using OstSyncReply = OstObjectReply<kOstSync>;
using OstDestroyRequest = OstObjectRequest<kOstDestroy>;
using OstDestroyReply = OstObjectReply<kOstDestroy>;

// OST_CREATE, sent by an MDT: make objects of sequence `seq` up to number `last_oid`.
struct OstCreateRequest final : transport::MessageBody<OstCreateRequest, kOstCreate> {
  std::uint64_t seq = 0;
  std::uint64_t last_oid = 0;
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kOstBody}); }
  template <class V>
  void fields(V& v) {
    v(seq, last_oid);
  }
};
struct OstCreateReply final
    : transport::MessageBody<OstCreateReply, kOstCreate, transport::MessageKind::reply> {
  std::uint64_t last_oid = 0;  // objects up to this number exist
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kOstBody}); }
  template <class V>
  void fields(V& v) {
    v(last_oid);
  }
};

// A client gives back a part of its grant that it does not use (Lustre: KEY_GRANT_SHRINK).
struct OstSetInfoRequest final : transport::MessageBody<OstSetInfoRequest, kOstSetInfo> {
  sim::Bytes release = 0;
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, 16, kOstBody}); }
  template <class V>
  void fields(V& v) {
    v(release);
  }
};
struct OstSetInfoReply final
    : transport::MessageBody<OstSetInfoReply, kOstSetInfo, transport::MessageKind::reply> {
  sim::Bytes taken = 0;  // of it; 0 where there is space enough
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kOstBody}); }
  template <class V>
  void fields(V& v) {
    v(taken);
  }
};

struct OstStatfsRequest final : transport::MessageBody<OstStatfsRequest, kOstStatfs> {
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody}); }
  template <class V>
  void fields(V&) {}
};
struct OstStatfsReply final
    : transport::MessageBody<OstStatfsReply, kOstStatfs, transport::MessageKind::reply> {
  sim::Bytes capacity = 0;
  sim::Bytes used = 0;
  std::uint64_t objects = 0;
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kObdStatfs}); }
  template <class V>
  void fields(V& v) {
    v(capacity, used, objects);
  }
};

}  // namespace stripe
