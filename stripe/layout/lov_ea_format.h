// The bytes of a layout as an MDT stores and sends them (lustre_idl.h): little-endian whatever the
// host is, at fixed places.
#pragma once

#include <boost/endian/buffers.hpp>
#include <cstddef>
#include <cstdint>

namespace stripe {

// Magics. All layouts of files share the low half, so a reader can tell a version it does not know
// from bytes that are no layout.
inline constexpr std::uint32_t kMagicV1 = 0x0BD10BD0;
inline constexpr std::uint32_t kMagicV3 = 0x0BD30BD0;
inline constexpr std::uint32_t kMagicComposite = 0x0BD60BD0;
inline constexpr std::uint32_t kMagicSelfExtending = 0x0BD80BD0;
inline constexpr std::uint32_t kMagicFamily = 0x0BD0;
// Or'ed into a magic inside a server only: "fully defined".
inline constexpr std::uint32_t kMagicDefined = 0x10000000;

// lov_ost_data_v1: one stripe.
struct WireObject {
  boost::endian::little_uint64_buf_t oid;
  boost::endian::little_uint64_buf_t seq;
  boost::endian::little_uint32_buf_t ost_gen;
  boost::endian::little_uint32_buf_t ost_index;
};
static_assert(sizeof(WireObject) == 24);

// lov_mds_md_v1 without its objects.
struct WireHeader {
  boost::endian::little_uint32_buf_t magic;
  boost::endian::little_uint32_buf_t pattern;
  boost::endian::little_uint64_buf_t owner_oid;
  boost::endian::little_uint64_buf_t owner_seq;
  boost::endian::little_uint32_buf_t stripe_size;
  boost::endian::little_uint16_buf_t stripe_count;
  boost::endian::little_uint16_buf_t stripe_gen;
};
static_assert(sizeof(WireHeader) == 32);

// lov_mds_md_v3 has a pool name, with its NUL, between header and objects.
inline constexpr std::size_t kWirePoolSize = 16;

// lov_comp_md_v1 without its entries.
struct WireComposite {
  boost::endian::little_uint32_buf_t magic;
  boost::endian::little_uint32_buf_t size;
  boost::endian::little_uint32_buf_t layout_gen;
  boost::endian::little_uint16_buf_t flags;
  boost::endian::little_uint16_buf_t entry_count;
  boost::endian::little_uint16_buf_t extra_mirrors;
  boost::endian::little_uint8_buf_t ec_count;
  std::uint8_t padding[13];
};
static_assert(sizeof(WireComposite) == 32);

// lov_comp_md_entry_v1: one component and where its blob stands.
struct WireEntry {
  boost::endian::little_uint32_buf_t id;
  boost::endian::little_uint32_buf_t flags;
  boost::endian::little_uint64_buf_t begin;
  boost::endian::little_uint64_buf_t end;
  boost::endian::little_uint32_buf_t offset;
  boost::endian::little_uint32_buf_t size;
  boost::endian::little_uint32_buf_t layout_gen;
  boost::endian::little_uint64_buf_t timestamp_link;
  boost::endian::little_uint32_buf_t coding;
};
static_assert(sizeof(WireEntry) == 48);

}  // namespace stripe
