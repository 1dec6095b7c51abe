#include "stripe/protocol/protocol_codec.h"

#include <gtest/gtest.h>

#include <span>

#include "stripe/protocol/mds_messages.h"
#include "stripe/protocol/ost_messages.h"
#include "transport/connect.h"

namespace stripe {
namespace {

// Gives every field of a message a value that is not its default, each another one.
class Filler {
 public:
  template <typename... T>
  void operator()(T&... values) {
    (fill(values), ...);
  }

 private:
  template <typename T>
  void fill(T& value) {
    if constexpr (std::same_as<T, bool>) {
      value = true;
    } else if constexpr (std::integral<T>) {
      value = static_cast<T>(++number_);
    } else if constexpr (std::same_as<T, std::byte>) {
      value = static_cast<std::byte>(++number_);
    } else if constexpr (std::is_enum_v<T>) {
      value = last_of(value);
    } else if constexpr (std::same_as<T, std::string>) {
      value = "text " + std::to_string(++number_);
    } else if constexpr (requires { value.emplace_back(); }) {
      value.resize(2);
      fill(value[0]);
      fill(value[1]);
    } else {
      value.fields(*this);
    }
  }
  std::uint64_t number_ = 100;
};

std::vector<std::byte> bytes_of(const transport::Body& body) {
  transport::Writer out;
  body.encode(out);
  return out.take();
}

template <typename T>
class EveryBody : public ::testing::Test {
 protected:
  static T filled() {
    T body;
    Filler filler;
    body.fields(filler);
    return body;
  }
};

using All = ::testing::Types<
    transport::ConnectRequest, transport::ConnectReply, transport::DisconnectRequest,
    OstReadRequest, OstReadReply, OstWriteRequest, OstWriteReply, OstGetattrRequest,
    OstGetattrReply, OstPunchRequest, OstPunchReply, OstSyncRequest, OstSyncReply,
    OstDestroyRequest, OstDestroyReply, OstCreateRequest, OstCreateReply, OstStatfsRequest,
    OstStatfsReply, MdsIntentRequest, MdsIntentReply, MdsCloseRequest, MdsCloseReply,
    MdsReintRequest, MdsReintReply, MdsReadpageRequest, MdsReadpageReply>;
TYPED_TEST_SUITE(EveryBody, All);

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

TEST(Opcodes, StandInAscendingOrderEachOnce) {
  const auto all = all_opcodes();
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_LT(all[i - 1], all[i]);
  }
  EXPECT_EQ(opcode_name(999), "UNKNOWN");
}

}  // namespace
}  // namespace stripe
