#include "scenarios/run/verifier.h"

#include <gtest/gtest.h>

#include "stripe/client/content.h"

namespace scenarios {
namespace {

constexpr std::uint64_t kFile = 7;
constexpr transport::Stamp kFirst = transport::Stamp::make(1, 1);
constexpr transport::Stamp kSecond = transport::Stamp::make(2, 1);

transport::Payload run(sim::Bytes offset, sim::Bytes length, transport::Stamp stamp,
                       std::uint64_t file = kFile) {
  return transport::Payload(transport::ContentRun{file, offset, length, stamp});
}

// How many of `data`'s words, read from `offset` just now, are bad.
std::uint64_t bad(const Verifier& v, sim::Bytes offset, const transport::Payload& data) {
  const VerifyCount count = v.check(kFile, offset, data, v.moment());
  EXPECT_EQ(count.words_checked + count.words_undecodable, data.size() / 8);
  return count.words_bad;
}

TEST(Verifier, WordOfAnyWriteIssuedThereIsGood) {
  Verifier v;
  v.issued(kFile, {0, 800}, kFirst);
  v.issued(kFile, {80, 160}, kSecond);
  EXPECT_EQ(bad(v, 80, run(80, 80, kFirst)), 0u);
  EXPECT_EQ(bad(v, 80, run(80, 80, kSecond)), 0u);
}

TEST(Verifier, WordThatNobodyWroteThereIsBad) {
  Verifier v;
  v.issued(kFile, {80, 160}, kFirst);
  EXPECT_EQ(bad(v, 160, run(160, 80, kFirst)), 10u) << "behind the write";
  EXPECT_EQ(bad(v, 72, run(72, 80, kFirst)), 10u) << "begins a word before it";
  EXPECT_EQ(bad(v, 88, run(80, 64, kFirst)), 8u) << "of another place";
  EXPECT_EQ(bad(v, 80, run(80, 80, kFirst, kFile + 1)), 10u) << "of another file";
  EXPECT_EQ(bad(v, 80, run(80, 80, kSecond)), 10u) << "of a write nobody issued";
}

TEST(Verifier, WordsThatAreNotThereAreBadWhereAWriteWasAcknowledged) {
  Verifier v;
  v.issued(kFile, {80, 160}, kFirst);
  EXPECT_EQ(v.check_absent(kFile, {0, 240}, v.moment()).words_bad, 0u);
  const std::uint64_t before = v.moment();
  v.acknowledged(kFile, {80, 160});
  EXPECT_EQ(v.check_absent(kFile, {0, 240}, before).words_bad, 0u);
  const VerifyCount count = v.check_absent(kFile, {152, 240}, v.moment());
  EXPECT_EQ(count.words_bad, 1u);
  EXPECT_EQ(count.words_checked, 1u) << "nothing was read of the others";
  EXPECT_EQ(v.check_absent(kFile, {160, 160}, v.moment()).words_checked, 0u);
}

TEST(Verifier, ZerosAreGoodOnlyWhereNoWriteWasAcknowledged) {
  Verifier v;
  v.issued(kFile, {80, 160}, kFirst);
  EXPECT_EQ(bad(v, 0, transport::Payload::zeros(240)), 0u) << "issued, not acknowledged";
  v.acknowledged(kFile, {80, 160});
  EXPECT_EQ(bad(v, 0, transport::Payload::zeros(240)), 10u);
  EXPECT_EQ(bad(v, 0, transport::Payload::zeros(80)), 0u) << "up to the write";
  EXPECT_EQ(bad(v, 0, transport::Payload::zeros(88)), 1u) << "a word into it";
  EXPECT_EQ(bad(v, 160, transport::Payload::zeros(80)), 0u) << "behind it";
}

TEST(Verifier, ReadThatBeganBeforeTheAcknowledgementMaySeeZeros) {
  Verifier v;
  v.acknowledged(kFile, {0, 80});
  const std::uint64_t began = v.moment();
  v.acknowledged(kFile, {40, 160});
  const VerifyCount count = v.check(kFile, 0, transport::Payload::zeros(160), began);
  EXPECT_EQ(count.words_bad, 10u) << "the first write was there, and a second one over it";
  EXPECT_EQ(bad(v, 0, transport::Payload::zeros(160)), 20u);
}

TEST(Verifier, WhatATruncateCutOffMayReadAsZeros) {
  Verifier v;
  v.acknowledged(kFile, {0, 160});
  v.truncated(kFile, 80);
  EXPECT_EQ(bad(v, 0, transport::Payload::zeros(160)), 10u);
}

TEST(Verifier, WordThatNamesNobodyIsExcusedOnlyWhereWritesMeet) {
  Verifier v;
  v.issued(kFile, {0, 20}, kFirst);
  v.issued(kFile, {20, 80}, kSecond);
  const VerifyCount there = v.check(kFile, 16, run(16, 8, stripe::kUndecodable), v.moment());
  EXPECT_EQ(there.words_undecodable, 1u);
  EXPECT_EQ(there.words_bad, 0u);
  const VerifyCount beside = v.check(kFile, 16, run(16, 16, stripe::kUndecodable), v.moment());
  EXPECT_EQ(beside.words_undecodable, 1u);
  EXPECT_EQ(beside.words_bad, 1u) << "the next word is wholly the second's";
}

}  // namespace
}  // namespace scenarios
