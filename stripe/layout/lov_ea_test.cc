#include "stripe/layout/lov_ea.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <string>

#include "sim/rng.h"
#include "stripe/layout/layout_testing.h"

namespace stripe {
namespace {

using sim::kEof;
using sim::kMiB;
using testing::HasSubstr;

using EaBytes = std::vector<std::byte>;

EaBytes ea(std::initializer_list<int> values) {
  EaBytes bytes;
  for (const int v : values) {
    bytes.push_back(static_cast<std::byte>(v));
  }
  return bytes;
}

// One stripe of 1 MiB: object 7 of sequence 0 on OST 3, of MDT inode (seq 9, id 5).
EaBytes v1_bytes() {
  return ea({0xD0, 0x0B, 0xD1, 0x0B, 0x01, 0, 0, 0,    // magic, RAID-0
             5,    0,    0,    0,    0,    0, 0, 0,    // owner id
             9,    0,    0,    0,    0,    0, 0, 0,    // owner seq
             0,    0,    0x10, 0,    1,    0, 2, 0,    // stripe size, count, generation
             7,    0,    0,    0,    0,    0, 0, 0,    // object id
             0,    0,    0,    0,    0,    0, 0, 0,    // object seq
             0,    0,    0,    0,    3,    0, 0, 0});  // OST generation, index
}

// The same with pool "flash", in v3.
EaBytes v3_bytes() {
  EaBytes bytes = v1_bytes();
  bytes[2] = std::byte{0xD3};
  const EaBytes pool = ea({'f', 'l', 'a', 's', 'h', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  bytes.insert(bytes.begin() + 32, pool.begin(), pool.end());
  return bytes;
}

// 64 KiB on the MDT, then one stripe to EOF that is not instantiated.
EaBytes composite_bytes() {
  return ea({0xD0, 0x0B, 0xD6, 0x0B, 192,  0,    0,    0,     // magic, size
             4,    0,    0,    0,    0,    0,    2,    0,     // generation, flags, entries
             0,    0,    0,    0,    0,    0,    0,    0,     // mirrors - 1
             0,    0,    0,    0,    0,    0,    0,    0,     //
             1,    0,    0,    0,    0x10, 0,    0,    0,     // id 1, INIT
             0,    0,    0,    0,    0,    0,    0,    0,     // from 0
             0,    0,    1,    0,    0,    0,    0,    0,     // to 64 KiB
             128,  0,    0,    0,    32,   0,    0,    0,     // blob
             3,    0,    0,    0,    0,    0,    0,    0,     // generation
             0,    0,    0,    0,    0,    0,    0,    0,     //
             2,    0,    0,    0,    0,    0,    0,    0,     // id 2
             0,    0,    1,    0,    0,    0,    0,    0,     // from 64 KiB
             0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,  // to EOF
             160,  0,    0,    0,    32,   0,    0,    0,     // blob
             0,    0,    0,    0,    0,    0,    0,    0,     //
             0,    0,    0,    0,    0,    0,    0,    0,     //
             0xD0, 0x0B, 0xD1, 0x0B, 0,    1,    0,    0,     // MDT
             0,    0,    0,    0,    0,    0,    0,    0,     //
             0,    0,    0,    0,    0,    0,    0,    0,     //
             0,    0,    1,    0,    0,    0,    0,    0,     // size 64 KiB, no stripes
             0xD0, 0x0B, 0xD1, 0x0B, 1,    0,    0,    0,     // RAID-0
             0,    0,    0,    0,    0,    0,    0,    0,     //
             0,    0,    0,    0,    0,    0,    0,    0,     //
             0,    0,    0x10, 0,    1,    0,    0,    0});   // 1 MiB, one stripe
}

std::string reason(const EaBytes& bytes) {
  const sim::Result<Layout> layout = decode_lov_ea(bytes);
  return layout.ok() ? "ok" : layout.error().message;
}

EaBytes with(EaBytes bytes, std::size_t at, std::initializer_list<int> values) {
  for (const int v : values) {
    bytes.at(at++) = static_cast<std::byte>(v);
  }
  return bytes;
}

void expect_round_trip(const Layout& layout) {
  const auto bytes = encode_lov_ea(layout);
  ASSERT_TRUE(bytes.ok()) << bytes.error().message;
  const auto back = decode_lov_ea(*bytes);
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(*back, layout);
}

TEST(LovEa, V1FieldsStandAtTheirPlaces) {
  const auto layout = decode_lov_ea(v1_bytes());
  ASSERT_TRUE(layout.ok()) << layout.error().message;
  const Component& c = layout->components.at(0);
  EXPECT_EQ(c.pattern, kPatternRaid0);
  EXPECT_EQ(c.owner, (ObjectId{9, 5}));
  EXPECT_EQ(c.stripe_size, kMiB);
  EXPECT_EQ(c.stripe_count, 1u);
  EXPECT_EQ(layout->generation(), 2u);
  EXPECT_EQ(c.objects.at(0), (StripeObject{{0, 7}, 0, 3}));
  EXPECT_TRUE(c.instantiated());
}

TEST(LovEa, V3HasAPool) {
  const auto layout = decode_lov_ea(v3_bytes());
  ASSERT_TRUE(layout.ok()) << layout.error().message;
  EXPECT_EQ(layout->components.at(0).pool, "flash");
  EXPECT_EQ(layout->components.at(0).objects.at(0).ost_index, 3u);
}

TEST(LovEa, CompositeFieldsStandAtTheirPlaces) {
  const auto layout = decode_lov_ea(composite_bytes());
  ASSERT_TRUE(layout.ok()) << layout.error().message;
  EXPECT_EQ(layout->generation(), 4u);
  ASSERT_EQ(layout->components.size(), 2u);
  EXPECT_TRUE(layout->components[0].on_mdt());
  EXPECT_EQ(layout->components[0].layout_gen, 3u);
  EXPECT_EQ(layout->components[1].extent, (sim::Extent{65536, kEof}));
  EXPECT_FALSE(layout->components[1].instantiated());
}

TEST(LovEa, EncodeOfDecodedCanonicalBytesIsTheSameBytes) {
  for (const EaBytes& bytes : {v1_bytes(), v3_bytes(), composite_bytes()}) {
    EXPECT_EQ(*encode_lov_ea(*decode_lov_ea(bytes)), bytes);
  }
}

TEST(LovEa, EveryKindOfLayoutRoundTrips) {
  expect_round_trip(plain_layout(kMiB, 2000));
  Layout overstriped = plain_layout(kMiB, 4);
  overstriped.components[0].pattern |= kPatternOverstriping;
  overstriped.components[0].objects[3].ost_index = 0;
  expect_round_trip(overstriped);
  Layout released = plain_layout(kMiB, 4);
  released.components[0].pattern |= kPatternReleased | kPatternHole;
  released.components[0].objects.clear();
  expect_round_trip(released);
  Layout mirrored = composite_layout({striped_component({0, kMiB}, kMiB, 1, (1u << 16) + 1),
                                      striped_component({kMiB, kEof}, kMiB, 4, (1u << 16) + 2),
                                      striped_component({0, kEof}, kMiB, 2, (2u << 16) + 3)});
  mirrored.flags = 2;
  mirrored.components[2].flags |= kComponentStale;
  mirrored.components[2].timestamp_link = 0x123456789ABCDEF0;
  mirrored.components[2].coding = 0x01020304;
  expect_round_trip(mirrored);
}

TEST(LovEa, SelfExtendingLayoutsKeepTheirMagic) {
  Layout layout = composite_layout({striped_component({0, kMiB}, kMiB, 1, 1),
                                    uninstantiated(striped_component({kMiB, kEof}, 65536, 1, 2))});
  layout.format = LayoutFormat::self_extending;
  layout.components[1].flags |= kComponentExtension;
  expect_round_trip(layout);
  EXPECT_EQ((*encode_lov_ea(layout))[2], std::byte{0xD8});
}

TEST(LovEa, TemplateOfADirectoryHasNoObjects) {
  Layout layout;
  Component& c = layout.components.emplace_back();
  c.stripe_count = kAllOsts;
  expect_round_trip(layout);
  EXPECT_EQ(encode_lov_ea(layout)->size(), 32u);
}

TEST(LovEa, EncodeRefusesAnInvalidLayout) {
  EXPECT_THAT(encode_lov_ea(plain_layout(100, 1)).error().message, HasSubstr("multiple of 64 KiB"));
}

TEST(LovEa, WrongByteOrderIsNamed) {
  EXPECT_THAT(reason(with(v1_bytes(), 0, {0x0B, 0xD1, 0x0B, 0xD0})),
              HasSubstr("wrong byte order: LOV_MAGIC_V1 stands there big-endian"));
  EXPECT_THAT(reason(with(composite_bytes(), 0, {0x0B, 0xD6, 0x0B, 0xD0})),
              HasSubstr("wrong byte order: LOV_MAGIC_COMP_V1"));
}

TEST(LovEa, UnknownVersionAndCorruptionAreToldApart) {
  EXPECT_THAT(reason(with(v1_bytes(), 2, {0xD9})), HasSubstr("a layout of an unknown version"));
  EXPECT_THAT(reason(with(v1_bytes(), 0, {1, 2, 3, 4})), HasSubstr("begins no layout"));
  EXPECT_THAT(reason(with(v1_bytes(), 3, {0x1B})), HasSubstr("servers use inside memory only"));
}

TEST(LovEa, KnownKindsThatHoldNoStripingAreRefusedByName) {
  EXPECT_THAT(reason(with(v1_bytes(), 2, {0xD7})), HasSubstr("LOV_MAGIC_FOREIGN"));
  EXPECT_THAT(reason(with(v1_bytes(), 2, {0xD5})), HasSubstr("LOV_MAGIC_SPECIFIC"));
  EXPECT_THAT(reason(with(v1_bytes(), 0, {0xD0, 0x0C, 0xD2, 0x0C})), HasSubstr("LMV_MAGIC_V1"));
}

TEST(LovEa, EveryTruncationIsRefused) {
  for (const EaBytes& bytes : {v1_bytes(), v3_bytes(), composite_bytes()}) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const EaBytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      // The bare header of v1 and v3 is a template.
      const bool header_only = size == bytes.size() - 24 && bytes != composite_bytes();
      EXPECT_EQ(decode_lov_ea(cut).ok(), header_only) << size;
    }
  }
}

TEST(LovEa, CountMustMatchTheSize) {
  EXPECT_THAT(reason(with(v1_bytes(), 28, {2})), HasSubstr("stripe count 2 needs 48 bytes"));
  EXPECT_THAT(reason(with(v1_bytes(), 28, {0xFF, 0xFF})), HasSubstr("not 24"));
  EaBytes longer = v1_bytes();
  longer.push_back(std::byte{0});
  EXPECT_THAT(reason(longer), HasSubstr("not whole objects"));
}

TEST(LovEa, PoolNeedsItsNul) {
  EaBytes bytes = v3_bytes();
  for (std::size_t i = 32; i < 48; ++i) {
    bytes[i] = std::byte{'x'};
  }
  EXPECT_THAT(reason(bytes), HasSubstr("no NUL"));
  bytes[47] = std::byte{0};
  EXPECT_EQ(reason(bytes), "ok");
}

TEST(LovEa, StripeSizeMustBeOneLustreStores) {
  EXPECT_THAT(reason(with(v1_bytes(), 24, {1})), HasSubstr("multiple of 64 KiB"));
  EXPECT_THAT(reason(with(v1_bytes(), 24, {0, 0, 0, 0})), HasSubstr("stripe size 0"));
}

TEST(LovEa, CompositeSizeAndTableMustFit) {
  EXPECT_THAT(reason(with(composite_bytes(), 4, {191})), HasSubstr("header says 191 bytes"));
  EXPECT_THAT(reason(with(composite_bytes(), 14, {0xFF, 0xFF})), HasSubstr("65535 entries"));
  EXPECT_THAT(reason(with(composite_bytes(), 14, {0, 0})), HasSubstr("0 components"));
}

TEST(LovEa, BlobsMustStandInsideAndApart) {
  EXPECT_THAT(reason(with(composite_bytes(), 32 + 24, {127})), HasSubstr("not inside"));
  EXPECT_THAT(reason(with(composite_bytes(), 80 + 24, {161})), HasSubstr("not inside"));
  EXPECT_THAT(reason(with(composite_bytes(), 80 + 24, {0xFF, 0xFF, 0xFF, 0xFF})),
              HasSubstr("not inside"));
  EXPECT_THAT(reason(with(composite_bytes(), 80 + 24, {159})), HasSubstr("overlap"));
}

TEST(LovEa, NestedCompositeIsRefused) {
  EXPECT_THAT(reason(with(composite_bytes(), 130, {0xD6})),
              HasSubstr("component 1: a composite layout inside"));
}

TEST(LovEa, MirrorCountMustMatchTheComponents) {
  EXPECT_THAT(reason(with(composite_bytes(), 16, {1})), HasSubstr("says 2 mirrors"));
}

TEST(LovEa, ComponentFaultsNameTheComponent) {
  EXPECT_THAT(reason(with(composite_bytes(), 80 + 8, {1})), HasSubstr("component 2: starts at"));
  EXPECT_THAT(reason(with(composite_bytes(), 80 + 4, {0x10})),
              HasSubstr("component 2: stripe count 1 with 0 objects"));
}

TEST(LovEa, DamagedBytesAreRefusedOrReadTheSameAgain) {
  sim::Rng rng(1);
  for (const EaBytes& original : {v1_bytes(), v3_bytes(), composite_bytes()}) {
    for (int i = 0; i < 20000; ++i) {
      EaBytes bytes = original;
      for (std::uint64_t n = rng.below(3) + 1; n > 0; --n) {
        bytes[rng.below(bytes.size())] = static_cast<std::byte>(rng.below(256));
      }
      const auto layout = decode_lov_ea(bytes);
      if (layout.ok()) {
        expect_round_trip(*layout);
      }
    }
  }
}

}  // namespace
}  // namespace stripe
