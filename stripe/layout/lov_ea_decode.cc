#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <boost/endian/conversion.hpp>
#include <cstring>
#include <string>
#include <string_view>

#include "stripe/layout/lov_ea.h"
#include "stripe/layout/lov_ea_format.h"
#include "stripe/layout/validate.h"

namespace stripe {
namespace {

using Bytes = std::span<const std::byte>;

struct KnownMagic {
  std::uint32_t magic;
  std::string_view name;
  std::string_view refusal;  // empty for those that are read
};

constexpr std::array kMagics = {
    KnownMagic{kMagicV1, "LOV_MAGIC_V1", ""},
    KnownMagic{kMagicV3, "LOV_MAGIC_V3", ""},
    KnownMagic{kMagicComposite, "LOV_MAGIC_COMP_V1", ""},
    KnownMagic{kMagicSelfExtending, "LOV_MAGIC_SEL", ""},
    KnownMagic{0x0BD20BD0, "LOV_MAGIC_JOIN_V1", "joined files are gone from Lustre"},
    KnownMagic{0x0BD40BD0, "LOV_MAGIC_MIGRATE", "it marks a migration, and holds no layout"},
    KnownMagic{0x0BD50BD0, "LOV_MAGIC_SPECIFIC", "a request for certain OSTs, never stored"},
    KnownMagic{0x0BD70BD0, "LOV_MAGIC_FOREIGN", "a foreign layout keeps its data outside Lustre"},
    KnownMagic{0x0CD20CD0, "LMV_MAGIC_V1", "it stripes a directory over MDTs"},
    KnownMagic{0x0CD30CD0, "LMV_USER_MAGIC", "it stripes a directory over MDTs"},
    KnownMagic{0x0CD40CD0, "LMV_MAGIC_STRIPE", "it is one shard of a striped directory"},
    KnownMagic{0x0CD50CD0, "LMV_MAGIC_FOREIGN", "it is a foreign directory"},
};

const KnownMagic* find_magic(std::uint32_t magic) {
  const auto found = std::find_if(kMagics.begin(), kMagics.end(),
                                  [magic](const KnownMagic& m) { return m.magic == magic; });
  return found == kMagics.end() ? nullptr : &*found;
}

sim::Error corrupt(std::string message) { return {sim::Errc::protocol, std::move(message)}; }

// `part: message`, where a part of the bytes has a name.
sim::Error within(std::string_view part, const sim::Error& error) {
  return {error.code, fmt::format("{}: {}", part, error.message)};
}

template <typename Wire>
Wire load(Bytes bytes, std::size_t at) {
  sim::check(at <= bytes.size() && sizeof(Wire) <= bytes.size() - at, "bytes checked before use");
  Wire wire;
  std::memcpy(&wire, bytes.data() + at, sizeof(Wire));
  return wire;
}

// Why `magic` begins nothing that can be read.
sim::Error refuse_magic(std::uint32_t magic) {
  if (const KnownMagic* known = find_magic(magic)) {
    return {sim::Errc::not_supported,
            fmt::format("magic {:#010x} is {}: {}", magic, known->name, known->refusal)};
  }
  if (const KnownMagic* swapped = find_magic(boost::endian::endian_reverse(magic))) {
    return corrupt(
        fmt::format("wrong byte order: {} stands there big-endian, layouts are stored "
                    "little-endian",
                    swapped->name));
  }
  if (const KnownMagic* inner = find_magic(magic & ~kMagicDefined)) {
    return corrupt(fmt::format("magic {:#010x} is {} with a mark servers use inside memory only",
                               magic, inner->name));
  }
  if ((magic & 0xFFFF) == kMagicFamily) {
    return {sim::Errc::not_supported,
            fmt::format("magic {:#010x} is a layout of an unknown version", magic)};
  }
  return corrupt(
      fmt::format("magic {:#010x} begins no layout; {:#010x}, {:#010x} or {:#010x} "
                  "would",
                  magic, kMagicV1, kMagicV3, kMagicComposite));
}

sim::Result<std::uint32_t> load_magic(Bytes bytes) {
  if (bytes.size() < sizeof(std::uint32_t)) {
    return corrupt(fmt::format("{} bytes are too few for a layout; the smallest has {}",
                               bytes.size(), sizeof(WireHeader)));
  }
  const auto magic = load<boost::endian::little_uint32_buf_t>(bytes, 0).value();
  const KnownMagic* known = find_magic(magic);
  if (known == nullptr || !known->refusal.empty()) {
    return refuse_magic(magic);
  }
  return magic;
}

sim::Status load_pool(Bytes bytes, Component& c) {
  const auto text = load<std::array<char, kWirePoolSize>>(bytes, sizeof(WireHeader));
  const auto nul = std::find(text.begin(), text.end(), '\0');
  if (nul == text.end()) {
    return corrupt("the pool name has no NUL among its 16 bytes");
  }
  c.pool.assign(text.begin(), nul);
  return {};
}

sim::Status load_objects(Bytes bytes, std::size_t at, Component& c) {
  const std::size_t size = bytes.size() - at;
  if (size % sizeof(WireObject) != 0) {
    return corrupt(fmt::format("{} bytes behind the header are not whole objects of {} bytes", size,
                               sizeof(WireObject)));
  }
  const std::size_t count = size / sizeof(WireObject);
  if (count != 0 && count != c.stripe_count) {
    return corrupt(fmt::format("stripe count {} needs {} bytes of objects, not {}", c.stripe_count,
                               c.stripe_count * sizeof(WireObject), size));
  }
  c.objects.reserve(count);
  for (; at < bytes.size(); at += sizeof(WireObject)) {
    const auto wire = load<WireObject>(bytes, at);
    c.objects.push_back(
        {{wire.seq.value(), wire.oid.value()}, wire.ost_gen.value(), wire.ost_index.value()});
  }
  return {};
}

// Fills the striping of `c` from a v1 or v3 blob that is all of `bytes`.
sim::Status load_blob(Bytes bytes, Component& c) {
  const sim::Result<std::uint32_t> magic = load_magic(bytes);
  if (!magic) {
    return magic.error();
  }
  if (*magic != kMagicV1 && *magic != kMagicV3) {
    return corrupt("a composite layout inside a composite layout; v1 or v3 would be right");
  }
  c.version = *magic == kMagicV3 ? LovVersion::v3 : LovVersion::v1;
  const std::size_t objects_at =
      sizeof(WireHeader) + (c.version == LovVersion::v3 ? kWirePoolSize : 0);
  if (bytes.size() < objects_at) {
    return corrupt(
        fmt::format("{} bytes are too few for a header of {}", bytes.size(), objects_at));
  }
  const auto header = load<WireHeader>(bytes, 0);
  c.pattern = header.pattern.value();
  c.owner = {header.owner_seq.value(), header.owner_oid.value()};
  c.stripe_size = header.stripe_size.value();
  c.stripe_count = header.stripe_count.value();
  c.stripe_gen = header.stripe_gen.value();
  if (c.version == LovVersion::v3) {
    if (sim::Status s = load_pool(bytes, c); !s) {
      return s;
    }
  }
  return load_objects(bytes, objects_at, c);
}

sim::Result<Layout> load_plain(Bytes bytes) {
  Layout layout;
  Component& c = layout.components.emplace_back();
  if (sim::Status s = load_blob(bytes, c); !s) {
    return s.error();
  }
  if (!c.objects.empty() || c.released()) {
    c.flags |= kComponentInit;
  }
  return layout;
}

// A component's blob, or why its place is wrong.
sim::Result<Bytes> blob_of(Bytes bytes, const WireEntry& entry, std::size_t table_end) {
  const std::uint64_t begin = entry.offset.value();
  const std::uint64_t end = begin + entry.size.value();
  if (begin < table_end || end > bytes.size()) {
    return corrupt(fmt::format("blob at [{}, {}) is not inside [{}, {})", begin, end, table_end,
                               bytes.size()));
  }
  return bytes.subspan(begin, entry.size.value());
}

sim::Status check_blobs_apart(std::vector<sim::Extent> blobs) {
  std::sort(blobs.begin(), blobs.end(),
            [](const sim::Extent& a, const sim::Extent& b) { return a.begin < b.begin; });
  for (std::size_t i = 1; i < blobs.size(); ++i) {
    if (blobs[i].begin < blobs[i - 1].end) {
      return corrupt(
          fmt::format("the blobs at {} and {} overlap", blobs[i - 1].begin, blobs[i].begin));
    }
  }
  return {};
}

sim::Status load_entry(Bytes bytes, const WireEntry& entry, std::size_t table_end, Component& c) {
  const sim::Result<Bytes> blob = blob_of(bytes, entry, table_end);
  if (!blob) {
    return blob.error();
  }
  c.id = entry.id.value();
  c.flags = entry.flags.value();
  c.extent = {entry.begin.value(), entry.end.value()};
  c.layout_gen = entry.layout_gen.value();
  c.timestamp_link = entry.timestamp_link.value();
  c.coding = entry.coding.value();
  return load_blob(*blob, c);
}

sim::Status check_table(Bytes bytes, const WireComposite& header, std::size_t table_end) {
  if (header.size.value() != bytes.size()) {
    return corrupt(
        fmt::format("the header says {} bytes, there are {}", header.size.value(), bytes.size()));
  }
  if (table_end > bytes.size()) {
    return corrupt(fmt::format("{} entries end at byte {} of {}", header.entry_count.value(),
                               table_end, bytes.size()));
  }
  return {};
}

sim::Status load_entries(Bytes bytes, std::size_t count, std::size_t table_end, Layout& layout) {
  std::vector<sim::Extent> blobs;
  for (std::size_t i = 0; i < count; ++i) {
    const auto entry = load<WireEntry>(bytes, sizeof(WireComposite) + i * sizeof(WireEntry));
    blobs.push_back({entry.offset.value(), sim::Bytes{entry.offset.value()} + entry.size.value()});
  }
  if (sim::Status s = check_blobs_apart(std::move(blobs)); !s) {
    return s;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto entry = load<WireEntry>(bytes, sizeof(WireComposite) + i * sizeof(WireEntry));
    if (sim::Status s = load_entry(bytes, entry, table_end, layout.components.emplace_back()); !s) {
      return within(fmt::format("component {}", i + 1), s.error());
    }
  }
  return {};
}

sim::Result<Layout> load_composite(Bytes bytes, LayoutFormat format) {
  if (bytes.size() < sizeof(WireComposite)) {
    return corrupt(fmt::format("{} bytes are too few for a composite header of {}", bytes.size(),
                               sizeof(WireComposite)));
  }
  const auto header = load<WireComposite>(bytes, 0);
  const std::size_t count = header.entry_count.value();
  const std::size_t table_end = sizeof(WireComposite) + count * sizeof(WireEntry);
  if (sim::Status s = check_table(bytes, header, table_end); !s) {
    return s.error();
  }
  Layout layout;
  layout.format = format;
  layout.layout_gen = header.layout_gen.value();
  layout.flags = header.flags.value();
  layout.ec_count = header.ec_count.value();
  if (sim::Status s = load_entries(bytes, count, table_end, layout); !s) {
    return s.error();
  }
  const std::size_t said = std::size_t{header.extra_mirrors.value()} + 1;
  if (!layout.components.empty() && said != layout.mirror_count()) {
    return corrupt(fmt::format("the header says {} mirrors, the components belong to {}", said,
                               layout.mirror_count()));
  }
  return layout;
}

sim::Result<Layout> load_any(Bytes bytes) {
  const sim::Result<std::uint32_t> magic = load_magic(bytes);
  if (!magic) {
    return magic.error();
  }
  switch (*magic) {
    case kMagicComposite:
      return load_composite(bytes, LayoutFormat::composite);
    case kMagicSelfExtending:
      return load_composite(bytes, LayoutFormat::self_extending);
    default:
      return load_plain(bytes);
  }
}

}  // namespace

sim::Result<Layout> decode_lov_ea(std::span<const std::byte> bytes) {
  sim::Result<Layout> layout = load_any(bytes);
  if (!layout) {
    return within("layout bytes", layout.error());
  }
  if (sim::Status s = validate(*layout); !s) {
    return within("layout bytes", corrupt(s.error().message));
  }
  return layout;
}

}  // namespace stripe
