// Requests to a share server, and its breaks: opens, closes and writes of files on a share, as far
// as oplocks are concerned. Sizes are those of SMB2 (MS-SMB2): a header of 64 bytes and the body.
#pragma once

#include "cachemodel/lease.h"
#include "stripe/protocol/fid.h"
#include "stripe/protocol/opcodes.h"
#include "transport/message_codec.h"

namespace stripe {

// CREATE: opens the file, with whatever oplock there is to be had.
struct ShareOpenRequest final : transport::MessageBody<ShareOpenRequest, kShareOpen> {
  Fid file;
  sim::Bytes wire_size() const override { return 64 + 57 + 40; }
  template <class V>
  void fields(V& v) {
    v(file);
  }
};
struct ShareOpenReply final
    : transport::MessageBody<ShareOpenReply, kShareOpen, transport::MessageKind::reply> {
  cachemodel::LeaseLevel level = cachemodel::LeaseLevel::none;
  sim::Bytes wire_size() const override { return 64 + 89; }
  template <class V>
  void fields(V& v) {
    v(level);
  }
};

// CLOSE of one open.
struct ShareCloseRequest final : transport::MessageBody<ShareCloseRequest, kShareClose> {
  Fid file;
  sim::Bytes wire_size() const override { return 64 + 24; }
  template <class V>
  void fields(V& v) {
    v(file);
  }
};
struct ShareCloseReply final
    : transport::MessageBody<ShareCloseReply, kShareClose, transport::MessageKind::reply> {
  sim::Bytes wire_size() const override { return 64 + 60; }
  template <class V>
  void fields(V&) {}
};

// A write past the cache begins, or has ended: what a WRITE to the share does to others' oplocks.
// The data itself goes to the OSTs.
struct ShareWriteRequest final : transport::MessageBody<ShareWriteRequest, kShareWrite> {
  Fid file;
  bool begins = true;
  sim::Bytes wire_size() const override { return 64 + 48; }
  template <class V>
  void fields(V& v) {
    v(file, begins);
  }
};
struct ShareWriteReply final
    : transport::MessageBody<ShareWriteReply, kShareWrite, transport::MessageKind::reply> {
  sim::Bytes wire_size() const override { return 64 + 17; }
  template <class V>
  void fields(V&) {}
};

// OPLOCK_BREAK, from the server; the answer says that what had to be written back has been.
struct ShareBreakRequest final : transport::MessageBody<ShareBreakRequest, kShareBreak> {
  Fid file;
  cachemodel::LeaseLevel to = cachemodel::LeaseLevel::none;
  sim::Bytes wire_size() const override { return 64 + 24; }
  template <class V>
  void fields(V& v) {
    v(file, to);
  }
};
struct ShareBreakReply final
    : transport::MessageBody<ShareBreakReply, kShareBreak, transport::MessageKind::reply> {
  sim::Bytes wire_size() const override { return 64 + 24; }
  template <class V>
  void fields(V&) {}
};

}  // namespace stripe
