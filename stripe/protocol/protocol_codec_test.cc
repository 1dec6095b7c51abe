#include "stripe/protocol/protocol_codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <span>

#include "stripe/protocol/protocol_samples.h"

namespace stripe {
namespace {

std::vector<std::byte> bytes_of(const transport::Body& body) {
  transport::Writer out;
  body.encode(out);
  return out.take();
}

template <typename T>
class EveryBody : public ::testing::Test {
 protected:
  static T filled() { return filled_body<T>(); }
};

template <typename List>
struct TypesOf;
template <typename... Each>
struct TypesOf<std::tuple<Each...>> {
  using type = ::testing::Types<Each...>;
};
TYPED_TEST_SUITE(EveryBody, TypesOf<EveryBodyOfTheProtocol>::type);

TYPED_TEST(EveryBody, ComesBackFromItsBytes) {
  const TypeParam body = TestFixture::filled();
  const std::vector<std::byte> bytes = bytes_of(body);
  transport::Reader in(bytes);
  const auto decoded = decode_body()(TypeParam::kOpcode, TypeParam::kKind, in);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(in.remaining(), 0u);
  EXPECT_EQ(bytes_of(**decoded), bytes);
  EXPECT_EQ((*decoded)->wire_size(), body.wire_size());
}

TYPED_TEST(EveryBody, IsRefusedWhenCutShort) {
  const std::vector<std::byte> bytes = bytes_of(TestFixture::filled());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::span<const std::byte> part(bytes.data(), size);
    transport::Reader in(part);
    EXPECT_FALSE(decode_body()(TypeParam::kOpcode, TypeParam::kKind, in).ok()) << size;
  }
}

TYPED_TEST(EveryBody, ACopyHasTheSameBytes) {
  const TypeParam body = TestFixture::filled();
  EXPECT_EQ(bytes_of(*body.clone()), bytes_of(body));
}

TYPED_TEST(EveryBody, ItsOpcodeHasAName) { EXPECT_NE(opcode_name(TypeParam::kOpcode), "UNKNOWN"); }

TYPED_TEST(EveryBody, IsNotLongerThanTheModelledMessage) {
  EXPECT_LE(bytes_of(TestFixture::filled()).size(), TestFixture::filled().wire_size());
}

TEST(ProtocolCodec, AnUnknownOperationIsRefused) {
  transport::Reader in({});
  EXPECT_FALSE(decode_body()(999, transport::MessageKind::request, in).ok());
}

TEST(FuzzSeeds, AreTheSampleFramesAndEachIsAccepted) {
  for (const SampleFrame& sample : sample_frames()) {
    std::ifstream in("stripe/protocol/protocol_fuzz_seeds/" + sample.name, std::ios::binary);
    const std::string seed((std::istreambuf_iterator<char>(in)), {});
    const auto bytes = std::as_bytes(std::span(seed));
    EXPECT_TRUE(std::ranges::equal(bytes, sample.bytes))
        << sample.name << ": run `bazel run //stripe/protocol:write_fuzz_seeds`";
    const auto decoded = transport::decode_frame(sample.bytes, decode_body());
    EXPECT_TRUE(decoded.ok()) << sample.name;
  }
}

TEST(Opcodes, StandInAscendingOrderEachOnce) {
  const auto all = all_opcodes();
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_LT(all[i - 1], all[i]);
  }
  EXPECT_EQ(opcode_name(999), "UNKNOWN");
}

}  // namespace
}  // namespace stripe
