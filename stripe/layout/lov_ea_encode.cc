#include <boost/endian/buffers.hpp>
#include <cstring>
#include <type_traits>

#include "stripe/layout/lov_ea.h"
#include "stripe/layout/lov_ea_format.h"
#include "stripe/layout/validate.h"

namespace stripe {
namespace {

template <typename Wire>
void append(std::vector<std::byte>& out, const Wire& wire) {
  static_assert(std::is_trivially_copyable_v<Wire>);
  const std::size_t at = out.size();
  out.resize(at + sizeof(Wire));
  std::memcpy(out.data() + at, &wire, sizeof(Wire));
}

std::size_t blob_size(const Component& c) {
  return sizeof(WireHeader) + (c.version == LovVersion::v3 ? kWirePoolSize : 0) +
         c.objects.size() * sizeof(WireObject);
}

void append_pool(std::vector<std::byte>& out, const std::string& pool) {
  const std::size_t at = out.size();
  out.resize(at + kWirePoolSize);
  std::memcpy(out.data() + at, pool.data(), pool.size());
}

void append_blob(std::vector<std::byte>& out, const Component& c) {
  WireHeader header{};
  header.magic = c.version == LovVersion::v3 ? kMagicV3 : kMagicV1;
  header.pattern = c.pattern;
  header.owner_oid = c.owner.oid;
  header.owner_seq = c.owner.seq;
  header.stripe_size = c.stripe_size;
  header.stripe_count = c.stripe_count;
  header.stripe_gen = c.stripe_gen;
  append(out, header);
  if (c.version == LovVersion::v3) {
    append_pool(out, c.pool);
  }
  for (const StripeObject& object : c.objects) {
    WireObject wire{};
    wire.oid = object.id.oid;
    wire.seq = object.id.seq;
    wire.ost_gen = object.ost_gen;
    wire.ost_index = object.ost_index;
    append(out, wire);
  }
}

void append_header(std::vector<std::byte>& out, const Layout& layout, std::size_t size) {
  WireComposite header{};
  header.magic =
      layout.format == LayoutFormat::self_extending ? kMagicSelfExtending : kMagicComposite;
  header.size = static_cast<std::uint32_t>(size);
  header.layout_gen = layout.layout_gen;
  header.flags = layout.flags;
  header.entry_count = static_cast<std::uint16_t>(layout.components.size());
  header.extra_mirrors = static_cast<std::uint16_t>(layout.mirror_count() - 1);
  header.ec_count = layout.ec_count;
  append(out, header);
}

void append_entry(std::vector<std::byte>& out, const Component& c, std::size_t offset) {
  WireEntry entry{};
  entry.id = c.id;
  entry.flags = c.flags;
  entry.begin = c.extent.begin;
  entry.end = c.extent.end;
  entry.offset = static_cast<std::uint32_t>(offset);
  entry.size = static_cast<std::uint32_t>(blob_size(c));
  entry.layout_gen = c.layout_gen;
  entry.timestamp_link = c.timestamp_link;
  entry.coding = c.coding;
  append(out, entry);
}

}  // namespace

sim::Result<std::vector<std::byte>> encode_lov_ea(const Layout& layout) {
  if (sim::Status s = validate(layout); !s) {
    return s.error();
  }
  std::vector<std::byte> out;
  if (layout.format == LayoutFormat::plain) {
    out.reserve(blob_size(layout.components.front()));
    append_blob(out, layout.components.front());
    return out;
  }
  std::size_t offset = sizeof(WireComposite) + layout.components.size() * sizeof(WireEntry);
  std::size_t size = offset;
  for (const Component& c : layout.components) {
    size += blob_size(c);
  }
  out.reserve(size);
  append_header(out, layout, size);
  for (const Component& c : layout.components) {
    append_entry(out, c, offset);
    offset += blob_size(c);
  }
  for (const Component& c : layout.components) {
    append_blob(out, c);
  }
  return out;
}

}  // namespace stripe
