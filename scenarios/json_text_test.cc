#include "scenarios/json_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace scenarios {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string refusal(std::string_view text) {
  const auto json = parse_json(text, "f.json");
  return json ? "accepted: " + json->dump() : json.error().message;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonText, CommentsAreSkippedAndKeysKeepTheirOrder) {
  const auto json =
      parse_json("{ // one\n \"b\": 1, /* two */ \"a\": [true, null, -2, 1.5] }", "f");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->dump(), R"({"b":1,"a":[true,null,-2,1.5]})");
}

TEST(JsonText, SameTextAsTheLibrarysOwnParser) {
  const std::string text = R"({"a":{"b":[1,{"c":"x\u00e9"},[]],"d":{}},"e":18446744073709551615})";
  EXPECT_EQ(*parse_json(text, "f"), Json::parse(text));
}

TEST(JsonText, TextThatIsNotJsonIsRefusedWithLineAndColumn) {
  EXPECT_THAT(refusal("{\n  \"a\": 1,\n  b: 2\n}"), StartsWith("f.json:3:3: not JSON: "));
  EXPECT_THAT(refusal(""), StartsWith("f.json:1:1: not JSON: "));
  EXPECT_THAT(refusal("{} x"), StartsWith("f.json:1:4: not JSON: "));
  EXPECT_THAT(refusal("{\"a\": 1e999}"), StartsWith("f.json:1:"));
}

TEST(JsonText, InvalidUtf8IsRefused) { EXPECT_THAT(refusal("[\"\xff\"]"), HasSubstr("not JSON")); }

TEST(JsonText, KeyGivenTwiceIsRefused) {
  EXPECT_THAT(refusal(R"({"a": 1, "b": {"a": 2}, "a": 3})"), HasSubstr("\"a\" is given twice"));
  EXPECT_TRUE(parse_json(R"({"a": 1, "b": {"a": 2}})", "f").ok());
}

TEST(JsonText, NestingIsBounded) {
  EXPECT_TRUE(parse_json(nested(kMaxDepth), "f").ok());
  EXPECT_THAT(refusal(nested(kMaxDepth + 1)), HasSubstr("deeper than 32"));
  EXPECT_THAT(refusal(nested(1'000'000)), HasSubstr("deeper than 32"));
}

TEST(JsonText, KeysOfAnObjectAreBounded) {
  std::string text = "{";
  for (std::size_t i = 0; i < kMaxKeys; ++i) {
    text += "\"k" + std::to_string(i) + "\":0,";
  }
  EXPECT_TRUE(parse_json(text.substr(0, text.size() - 1) + "}", "f").ok());
  EXPECT_THAT(refusal(text + "\"last\":0}"), HasSubstr("more than 256 keys"));
}

TEST(JsonText, ShownIsCutAtACharacter) {
  EXPECT_EQ(shown(Json("abc")), "\"abc\"");
  EXPECT_EQ(shown(Json("abcdef"), 4), "\"abc...");
  EXPECT_EQ(shown(Json("\u00e9\u00e9"), 2), "\"...");
}

}  // namespace
}  // namespace scenarios
