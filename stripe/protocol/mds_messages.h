// Requests to an MDT and their replies.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cachemodel/ldlm/lock.h"
#include "stripe/protocol/fid.h"
#include "stripe/protocol/opcodes.h"
#include "stripe/protocol/wire.h"
#include "transport/message_codec.h"

namespace stripe {

enum class FileType : std::uint8_t { file, directory };
constexpr FileType last_of(FileType) { return FileType::directory; }

struct FileAttr {
  Fid fid;
  FileType type = FileType::file;
  std::uint32_t mode = 0644;
  std::uint32_t nlink = 1;
  sim::Bytes size = 0;  // of a file: what the last close or truncate told the MDT (lazy size)
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  bool operator==(const FileAttr&) const = default;
  template <class V>
  void fields(V& v) {
    v(fid, type, mode, nlink, size, mtime_ns, ctime_ns);
  }
};

// An open file on the server; dies with the client's connection.
using OpenHandle = std::uint64_t;

enum class Intent : std::uint8_t {
  open,     // with create / exclusive: one RPC answers handle, attributes and layout
  getattr,  // attributes and layout, by name or by FID
  lookup,   // as getattr, without the layout
  layout,   // the layout of `parent`; with `write`, instantiate what [extent) needs first
  lock,     // nothing but a PR lock of `bits` on `parent`
};
constexpr Intent last_of(Intent) { return Intent::lock; }

using cachemodel::InodeBits;
using cachemodel::LockHandle;

// What came of a change, as its answer told: a replay of it is to come to the same (Lustre: FID,
// handle and layout stand in the request then).
struct MdsOutcome {
  Fid fid;                   // that it was about
  std::int64_t time_ns = 0;  // when
  OpenHandle handle = 0;     // of an open; 0: none, or it is the client's no longer
  bool created = false;
  std::vector<std::byte> layout;
  template <class V>
  void fields(V& v) {
    v(fid, time_ns, handle, created, layout);
  }
};

// LDLM_ENQUEUE with an intent. `name` empty: the object is `parent` itself. With `lock`, the answer
// comes with a lock whose bits the intent decides (Lustre: mdt_open.c, mdt_handler.c). `cancels`
// end before anything is done (Lustre: early lock cancel).
struct MdsIntentRequest final : transport::MessageBody<MdsIntentRequest, kLdlmEnqueue> {
  Intent intent = Intent::lookup;
  Fid parent;
  std::string name;
  bool create = false;
  bool exclusive = false;
  bool write = false;
  std::uint32_t mode = 0644;
  // `lfs setstripe` options for a new file; empty: the directory's or the file system's default.
  std::string layout;
  sim::Extent extent;
  bool lock = false;
  InodeBits bits = 0;
  std::vector<LockHandle> cancels;
  std::optional<MdsOutcome> replay;
  sim::Bytes wire_size() const override {
    const sim::Bytes wanted = layout.empty() ? 0 : 64 + layout.size();
    // The last five: capabilities' and security contexts' buffers, empty here.
    return ptlrpc_message({kPtlrpcBody, kLdlmRequest + 8 * cancels.size(), kLdlmIntent, kMdtRec, 0,
                           name.size() + 1, wanted + (replay ? replay->layout.size() : 0), 0, 0, 0,
                           0, 0});
  }
  template <class V>
  void fields(V& v) {
    v(intent, parent, name, create, exclusive, write, mode, layout, extent.begin, extent.end, lock,
      bits, cancels, replay);
  }
};
struct MdsIntentReply final
    : transport::MessageBody<MdsIntentReply, kLdlmEnqueue, transport::MessageKind::reply> {
  FileAttr attr;
  OpenHandle handle = 0;                  // open only
  bool created = false;                   // open with create made the file
  std::vector<std::byte> layout;          // lov_mds_md bytes; empty for a directory
  LockHandle lock = cachemodel::kNoLock;  // on the object the answer is about
  cachemodel::LockMode lock_mode = cachemodel::LockMode::pr;
  InodeBits lock_bits = 0;
  std::uint64_t slv = 0;  // the server lock volume, in lock seconds
  sim::Bytes wire_size() const override {
    // The last seven: ACL, capabilities, inline data and security contexts, empty here.
    return ptlrpc_message({kPtlrpcBody, kLdlmReply, kMdtBody, layout.size(), 0, 0, 0, 0, 0, 0, 0});
  }
  template <class V>
  void fields(V& v) {
    v(attr, handle, created, layout, lock, lock_mode, lock_bits, slv);
  }
};

// MDS_CLOSE: tells the size and time that the MDT then keeps as the lazy size.
struct MdsCloseRequest final : transport::MessageBody<MdsCloseRequest, kMdsClose> {
  OpenHandle handle = 0;
  bool size_known = false;
  sim::Bytes size = 0;
  std::int64_t mtime_ns = 0;
  std::vector<LockHandle> cancels;
  sim::Bytes wire_size() const override {
    return ptlrpc_message({kPtlrpcBody, kMdtRec, 0}) +
           (cancels.empty() ? 0 : 8 + kLdlmRequest + 8 * cancels.size());
  }
  template <class V>
  void fields(V& v) {
    v(handle, size_known, size, mtime_ns, cancels);
  }
};

enum class Reint : std::uint8_t { mkdir, unlink, rename, setattr };
constexpr Reint last_of(Reint) { return Reint::setattr; }

// MDS_REINT: a change of the name space or of attributes.
struct MdsReintRequest final : transport::MessageBody<MdsReintRequest, kMdsReint> {
  Reint op = Reint::setattr;
  Fid parent;  // setattr: the object itself
  std::string name;
  Fid new_parent;  // rename
  std::string new_name;
  bool set_size = false;  // setattr: truncate
  sim::Bytes size = 0;
  bool set_mode = false;
  std::uint32_t mode = 0;
  bool set_mtime = false;
  std::int64_t mtime_ns = 0;
  std::vector<LockHandle> cancels;
  std::optional<MdsOutcome> replay;
  sim::Bytes wire_size() const override {
    return ptlrpc_message({kPtlrpcBody, kMdtRec, 0, name.empty() ? 0 : name.size() + 1,
                           new_name.empty() ? 0 : new_name.size() + 1,
                           kLdlmRequest + 8 * cancels.size()});
  }
  template <class V>
  void fields(V& v) {
    v(op, parent, name, new_parent, new_name, set_size, size, set_mode, mode, set_mtime, mtime_ns,
      cancels, replay);
  }
};

// The answer to MDS_CLOSE and MDS_REINT. After an unlink or a truncate, `layout` is the file's.
// attr.nlink is 0 only when the last handle is gone too, and with it the file's data. attr.ctime_ns
// is when a change was made.
template <transport::Opcode kCode>
struct MdsAttrReply final
    : transport::MessageBody<MdsAttrReply<kCode>, kCode, transport::MessageKind::reply> {
  FileAttr attr;
  std::vector<std::byte> layout;
  sim::Bytes wire_size() const override {
    return ptlrpc_message({kPtlrpcBody, kMdtBody, layout.size(), 0});
  }
  template <class V>
  void fields(V& v) {
    v(attr, layout);
  }
};
using MdsCloseReply = MdsAttrReply<kMdsClose>;
using MdsReintReply = MdsAttrReply<kMdsReint>;

// MDS_SYNC: all that was changed before is stable when it is answered.
struct MdsSyncRequest final : transport::MessageBody<MdsSyncRequest, kMdsSync> {
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kMdtBody, 0}); }
  template <class V>
  void fields(V&) {}
};
struct MdsSyncReply final
    : transport::MessageBody<MdsSyncReply, kMdsSync, transport::MessageKind::reply> {
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kMdtBody}); }
  template <class V>
  void fields(V&) {}
};

// MDS_READPAGE: entries of a directory in a fixed order, from `cookie` (0: the beginning) on, as
// many as fit into `max_bytes` (Lustre: up to 1 MiB, 256 pages, each call).
struct MdsReadpageRequest final : transport::MessageBody<MdsReadpageRequest, kMdsReadpage> {
  Fid directory;
  std::uint64_t cookie = 0;
  sim::Bytes max_bytes = sim::kMiB;
  sim::Bytes wire_size() const override { return ptlrpc_message({kPtlrpcBody, kMdtBody}); }
  template <class V>
  void fields(V& v) {
    v(directory, cookie, max_bytes);
  }
};
struct DirEntry {
  std::string name;
  Fid fid;
  FileType type = FileType::file;
  bool operator==(const DirEntry&) const = default;
  // lu_dirent: 32 bytes and the name, rounded up to 8.
  sim::Bytes wire_size() const { return round_up_8(32 + name.size()); }
  template <class V>
  void fields(V& v) {
    v(name, fid, type);
  }
};
struct MdsReadpageReply final
    : transport::MessageBody<MdsReadpageReply, kMdsReadpage, transport::MessageKind::reply> {
  std::vector<DirEntry> entries;
  std::uint64_t next_cookie = 0;  // 0: that was all
  // The pages travel as bulk in the modelled protocol: the reply is charged for whole 4 KiB pages.
  sim::Bytes wire_size() const override {
    sim::Bytes bytes = 0;
    for (const DirEntry& entry : entries) {
      bytes += entry.wire_size();
    }
    return ptlrpc_message({kPtlrpcBody, kMdtBody}) + (bytes + 4095) / 4096 * 4096;
  }
  template <class V>
  void fields(V& v) {
    v(entries, next_cookie);
  }
};

}  // namespace stripe
