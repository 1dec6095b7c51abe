#include "transport/message_codec.h"

#include <fmt/core.h>

#include <cstring>
#include <limits>

namespace transport {
namespace {

constexpr std::uint32_t kMagic = 0x4C505453;  // "STPL" on the wire
constexpr std::uint8_t kVersion = 4;
constexpr std::size_t kHeadSizeAt = 8;

constexpr std::uint8_t kResent = 1;
constexpr std::uint8_t kHasBody = 2;
constexpr std::uint8_t kUnknownContent = 4;
constexpr std::uint8_t kReplay = 8;
constexpr std::uint8_t kAllFlags = kResent | kHasBody | kUnknownContent | kReplay;

// What a message may claim of a stage. Generous (36 years), and a few of them add up without
// overflow.
constexpr sim::Duration kMaxStage = sim::Duration::max() / 8;

struct Prefix {
  std::uint32_t magic = kMagic;
  std::uint8_t version = kVersion;
  std::uint8_t kind = 0;
  std::uint8_t flags = 0;
  std::uint8_t zero = 0;
  std::uint32_t head_size = 0;
  std::uint32_t bulk_size = 0;
  template <class V>
  void fields(V& v) {
    v(magic, version, kind, flags, zero, head_size, bulk_size);
  }
};

template <class V>
void header_fields(V& v, Message& m) {
  Header& h = m.header;
  v(h.opcode, h.generation, h.xid, m.from, m.to);
  if (h.kind == MessageKind::request) {
    v(h.slot, h.transno);
  }
  if (h.kind == MessageKind::reply) {
    v(h.status, h.transno, h.last_committed);
    v(h.server.queue, h.server.cpu, h.server.device_queue, h.server.device);
  }
  if (h.kind == MessageKind::reply || h.kind == MessageKind::bulk_put ||
      h.kind == MessageKind::bulk_ack) {
    v(h.transit.nic, h.transit.fabric, h.transit.sender_cpu, h.transit.receiver_cpu);
  }
}

bool may_have_body(MessageKind kind) {
  return kind == MessageKind::request || kind == MessageKind::reply;
}

sim::Error refused(std::string reason) {
  return {sim::Errc::protocol, "frame refused: " + std::move(reason)};
}

sim::Result<Prefix> read_prefix(std::span<const std::byte> bytes) {
  Prefix p;
  Reader in(bytes);
  in(p);
  if (!in.ok()) {
    return refused(in.error().message);
  }
  if (p.magic == boost::endian::endian_reverse(kMagic)) {
    return refused("its header is big-endian; frames are little-endian");
  }
  if (p.magic != kMagic) {
    return refused(fmt::format("it begins with {:#010x}, not {:#010x}", p.magic, kMagic));
  }
  if (p.version != kVersion) {
    return refused(fmt::format("version {}; this side speaks {}", p.version, kVersion));
  }
  if (p.kind > static_cast<std::uint8_t>(MessageKind::bulk_ack)) {
    return refused(fmt::format("unknown message kind {}", p.kind));
  }
  if ((p.flags & ~kAllFlags) != 0 || p.zero != 0) {
    return refused(fmt::format("unknown flags {:#04x} {:#04x}", p.flags, p.zero));
  }
  if (p.head_size < kPrefixSize || p.head_size > kMaxHead) {
    return refused(fmt::format("a head of {} bytes; {} to {} are possible", p.head_size,
                               kPrefixSize, kMaxHead));
  }
  if (p.bulk_size > kMaxBulk) {
    return refused(fmt::format("bulk of {} bytes; at most {} is taken", p.bulk_size, kMaxBulk));
  }
  return p;
}

void check_stages(const Header& header, Reader& in) {
  const sim::ServerTimes& s = header.server;
  const sim::Transit& t = header.transit;
  for (const sim::Duration d :
       {s.queue, s.cpu, s.device_queue, s.device, t.nic, t.fabric, t.sender_cpu, t.receiver_cpu}) {
    if (d < sim::Duration() || d > kMaxStage) {
      in.fail(fmt::format("a stage of {} ns; 0 to {} are possible", d.ns(), kMaxStage.ns()));
    }
  }
}

sim::Status read_body(Message& message, Reader& in, DecodeBody decode) {
  std::uint32_t size = 0;
  in(size);
  Reader body(in.take(size));
  if (!in.ok()) {
    return in.error();
  }
  auto decoded = decode(message.header.opcode, message.header.kind, body);
  if (!decoded) {
    return sim::Error{
        sim::Errc::protocol,
        fmt::format("body of operation {}: {}", message.header.opcode, decoded.error().message)};
  }
  if (body.remaining() > 0) {
    return sim::Error{sim::Errc::protocol,
                      fmt::format("body of operation {}: {} bytes follow its last field",
                                  message.header.opcode, body.remaining())};
  }
  message.body = std::move(*decoded);
  sim::check(message.body != nullptr, "a decoder found no fault and no body");
  return {};
}

}  // namespace

sim::Result<FrameSizes> decode_prefix(std::span<const std::byte> prefix) {
  const auto p = read_prefix(prefix);
  if (!p) {
    return p.error();
  }
  return FrameSizes{p->head_size, p->bulk_size};
}

void encode_message(Message& message, Writer& head) {
  sim::check(head.size() == 0, "a frame begins an empty buffer");
  sim::check(message.bulk.size() <= kMaxBulk, "a message's bulk is longer than a frame may be");
  sim::check(!message.body || may_have_body(message.header.kind),
             "only requests and replies have bodies");
  Prefix prefix;
  prefix.kind = static_cast<std::uint8_t>(message.header.kind);
  prefix.bulk_size = static_cast<std::uint32_t>(message.bulk.size());
  const bool unknown = message.bulk.size() > 0 && !message.bulk.has_content();
  prefix.flags = static_cast<std::uint8_t>(
      (message.header.resent ? kResent : 0) | (message.header.replay ? kReplay : 0) |
      (message.body ? kHasBody : 0) | (unknown ? kUnknownContent : 0));
  const sim::Bytes modelled = message.wire_size() - message.bulk.size();
  message.bulk.materialize();
  head(prefix);
  header_fields(head, message);
  if (message.body) {
    const std::size_t size_at = head.size();
    head(std::uint32_t{0});
    const std::size_t begin = head.size();
    message.body->encode(head);
    head.overwrite(size_at, static_cast<std::uint32_t>(head.size() - begin));
  }
  head.pad_to(std::min<sim::Bytes>(modelled, kMaxHead));
  sim::check(head.size() <= kMaxHead, "a message's body is longer than a frame may be");
  head.overwrite(kHeadSizeAt, static_cast<std::uint32_t>(head.size()));
}

sim::Result<MessagePtr> decode_message(std::span<const std::byte> head, Payload bulk,
                                       DecodeBody decode) {
  const auto prefix = read_prefix(head);
  if (!prefix) {
    return prefix.error();
  }
  if (prefix->head_size != head.size() || prefix->bulk_size != bulk.size()) {
    return refused(fmt::format("it announces {} + {} bytes and has {} + {}", prefix->head_size,
                               prefix->bulk_size, head.size(), bulk.size()));
  }
  auto message = std::make_unique<Message>();
  message->header.kind = static_cast<MessageKind>(prefix->kind);
  message->header.resent = (prefix->flags & kResent) != 0;
  message->header.replay = (prefix->flags & kReplay) != 0;
  Reader in(head.subspan(kPrefixSize));
  header_fields(in, *message);
  check_stages(message->header, in);
  if ((prefix->flags & kHasBody) != 0) {
    if (!may_have_body(message->header.kind)) {
      return refused(fmt::format("a body in a message of kind {}", prefix->kind));
    }
    if (const auto body = read_body(*message, in, decode); !body) {
      return refused(body.error().message);
    }
  }
  if (!in.ok()) {
    return refused(in.error().message);
  }
  const bool unknown = (prefix->flags & kUnknownContent) != 0;
  message->bulk = unknown ? Payload::unknown(bulk.size()) : std::move(bulk);
  return message;
}

sim::Result<MessagePtr> decode_frame(std::span<const std::byte> frame, DecodeBody decode) {
  const auto sizes = decode_prefix(frame);
  if (!sizes) {
    return sizes.error();
  }
  if (sizes->head + sizes->bulk != frame.size()) {
    return refused(
        fmt::format("it announces {} bytes and has {}", sizes->head + sizes->bulk, frame.size()));
  }
  Payload bulk;
  if (sizes->bulk > 0) {
    auto bytes = std::make_unique_for_overwrite<std::byte[]>(sizes->bulk);
    std::memcpy(bytes.get(), frame.data() + sizes->head, sizes->bulk);
    bulk = Payload(std::move(bytes), sizes->bulk);
  }
  return decode_message(frame.first(sizes->head), std::move(bulk), decode);
}

}  // namespace transport
