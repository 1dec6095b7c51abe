#include "stripe/server/content.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "sim/rng.h"
#include "stripe/server/memory_content.h"
#include "stripe/server/null_content.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Errc;
using sim::kKiB;
using transport::ContentRun;
using transport::Payload;
using transport::Stamp;

constexpr ObjectId kObject{7, 1};
constexpr ObjectId kOther{7, 2};
constexpr std::uint64_t kFile = 42;

// Written data in each form that a content may be given.
enum class Form { runs, bytes };

Payload written(Form form, Bytes offset, Bytes length, std::uint64_t sequence) {
  Payload data(ContentRun{kFile, offset, length, Stamp::make(1, sequence)});
  if (form == Form::bytes) {
    data.materialize();
  }
  return data;
}

std::vector<std::byte> bytes_of(Payload data) {
  data.materialize();
  const auto bytes = data.bytes();
  return {bytes.begin(), bytes.end()};
}

struct Case {
  std::string name;
  std::unique_ptr<ObjectContent> (*make)();
  Form form;
};

template <typename T>
std::unique_ptr<ObjectContent> make() {
  return std::make_unique<T>();
}

class AnyContent : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override { ASSERT_TRUE(content_->create(kObject).ok()); }
  void put(Bytes offset, Bytes length, std::uint64_t sequence) {
    ASSERT_TRUE(
        content_->write(kObject, offset, written(GetParam().form, offset, length, sequence)).ok());
  }
  Bytes size() { return content_->size(kObject).value(); }
  Payload get(Bytes begin, Bytes end) { return content_->read(kObject, {begin, end}).value(); }

  std::unique_ptr<ObjectContent> content_ = GetParam().make();
};

TEST_P(AnyContent, NewObjectIsEmpty) {
  EXPECT_EQ(size(), 0u);
  EXPECT_EQ(get(0, 100).size(), 0u);
}

TEST_P(AnyContent, SizeIsOnePastTheLastByteWritten) {
  put(100, 50, 1);
  EXPECT_EQ(size(), 150u);
  put(0, 10, 2);
  EXPECT_EQ(size(), 150u);
  put(149, 2, 3);
  EXPECT_EQ(size(), 151u);
}

TEST_P(AnyContent, WritingNothingChangesNothing) {
  ASSERT_TRUE(content_->write(kObject, 1000, Payload()).ok());
  EXPECT_EQ(size(), 0u);
}

TEST_P(AnyContent, ReadIsCutAtTheEnd) {
  put(0, 100, 1);
  EXPECT_EQ(get(0, 100).size(), 100u);
  EXPECT_EQ(get(0, 101).size(), 100u);
  EXPECT_EQ(get(99, 200).size(), 1u);
  EXPECT_EQ(get(100, 200).size(), 0u);
  EXPECT_EQ(get(500, sim::kEof).size(), 0u);
}

TEST_P(AnyContent, TruncateSetsTheSizeBothWays) {
  put(0, 100, 1);
  ASSERT_TRUE(content_->truncate(kObject, 30).ok());
  EXPECT_EQ(size(), 30u);
  ASSERT_TRUE(content_->truncate(kObject, 300).ok());
  EXPECT_EQ(size(), 300u);
  EXPECT_EQ(get(0, 1000).size(), 300u);
}

TEST_P(AnyContent, MissingObjectIsNotFoundByEveryOperation) {
  EXPECT_EQ(content_->destroy(kOther).code(), Errc::not_found);
  EXPECT_EQ(content_->truncate(kOther, 1).code(), Errc::not_found);
  EXPECT_EQ(content_->size(kOther).code(), Errc::not_found);
  EXPECT_EQ(content_->read(kOther, {0, 1}).code(), Errc::not_found);
  EXPECT_EQ(content_->write(kOther, 0, written(GetParam().form, 0, 8, 1)).code(), Errc::not_found);
}

TEST_P(AnyContent, CreateRefusesAnExistingObjectAndLeavesItAlone) {
  put(0, 100, 1);
  EXPECT_EQ(content_->create(kObject).code(), Errc::exists);
  EXPECT_EQ(size(), 100u);
}

TEST_P(AnyContent, DestroyedObjectIsGoneAndComesBackEmpty) {
  put(0, 100, 1);
  ASSERT_TRUE(content_->destroy(kObject).ok());
  EXPECT_EQ(content_->size(kObject).code(), Errc::not_found);
  ASSERT_TRUE(content_->create(kObject).ok());
  EXPECT_EQ(size(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Contents, AnyContent,
                         testing::Values(Case{"null", make<NullContent>, Form::runs},
                                         Case{"memory_runs", make<MemoryContent>, Form::runs},
                                         Case{"memory_bytes", make<MemoryContent>, Form::bytes}),
                         [](const auto& p) { return p.param.name; });

TEST(NullContent, ReadKnowsTheNumberOfBytesOnly) {
  NullContent content;
  ASSERT_TRUE(content.create(kObject).ok());
  ASSERT_TRUE(content.write(kObject, 0, written(Form::runs, 0, 100, 1)).ok());
  const Payload data = content.read(kObject, {10, 60}).value();
  EXPECT_EQ(data.size(), 50u);
  EXPECT_FALSE(data.has_content());
}

// What a memory content must answer, kept the plain way: one stamp per byte.
class Memory : public testing::TestWithParam<Form> {
 protected:
  void SetUp() override { ASSERT_TRUE(content_.create(kObject).ok()); }
  void put(Bytes offset, Bytes length, std::uint64_t sequence) {
    put(GetParam(), offset, length, sequence);
  }
  void put(Form form, Bytes offset, Bytes length, std::uint64_t sequence) {
    ASSERT_TRUE(content_.write(kObject, offset, written(form, offset, length, sequence)).ok());
    expected_.resize(std::max<std::size_t>(expected_.size(), offset + length));
    const auto data = bytes_of(written(Form::bytes, offset, length, sequence));
    std::ranges::copy(data, expected_.begin() + static_cast<std::ptrdiff_t>(offset));
  }
  void truncate(Bytes size) {
    ASSERT_TRUE(content_.truncate(kObject, size).ok());
    expected_.resize(size);
  }
  void expect_same(Bytes begin, Bytes end) {
    const Payload data = content_.read(kObject, {begin, end}).value();
    const Bytes stop = std::min<Bytes>(end, expected_.size());
    const std::vector<std::byte> want(expected_.begin() + static_cast<std::ptrdiff_t>(begin),
                                      expected_.begin() + static_cast<std::ptrdiff_t>(stop));
    EXPECT_TRUE(bytes_of(data.clone()) == want) << begin << " to " << end;
  }

  MemoryContent content_;
  std::vector<std::byte> expected_;
};

TEST_P(Memory, ReadAnswersTheFormThatWasWritten) {
  put(0, 100, 1);
  EXPECT_EQ(content_.read(kObject, {10, 20}).value().has_bytes(), GetParam() == Form::bytes);
}

TEST_P(Memory, HoleReadsAsZeros) {
  put(200 * kKiB, 10, 1);
  expect_same(0, 200 * kKiB + 10);
  expect_same(100 * kKiB, 101 * kKiB);
}

TEST_P(Memory, PartialOverwriteKeepsBothSides) {
  put(0, 3 * MemoryContent::kPage, 1);
  put(MemoryContent::kPage - 13, MemoryContent::kPage + 20, 2);
  expect_same(0, 3 * MemoryContent::kPage);
  expect_same(MemoryContent::kPage - 14, MemoryContent::kPage - 12);
  expect_same(2 * MemoryContent::kPage, 2 * MemoryContent::kPage + 16);
}

TEST_P(Memory, TruncateDownThenUpGivesZeros) {
  for (const Bytes size : {Bytes{1}, MemoryContent::kPage - 1, MemoryContent::kPage,
                           MemoryContent::kPage + 1, 3 * MemoryContent::kPage - 1}) {
    put(0, 3 * MemoryContent::kPage, 1);
    truncate(size);
    truncate(3 * MemoryContent::kPage);
    expect_same(0, 3 * MemoryContent::kPage);
  }
}

TEST_P(Memory, WriteBehindATruncatedTailDoesNotBringItBack) {
  put(0, 1000, 1);
  truncate(100);
  put(500, 100, 2);
  expect_same(0, 600);
}

TEST_P(Memory, AnyHistoryReadsBackAsAPlainArrayWould) {
  sim::Rng rng = sim::Rng(1).split("history");
  for (std::uint64_t i = 1; i <= 300; ++i) {
    const Bytes offset = rng.below(4 * MemoryContent::kPage);
    if (rng.chance(1, 10)) {
      truncate(offset);
    } else {
      put(offset, 1 + rng.below(MemoryContent::kPage), i);
    }
    const Bytes begin = rng.below(expected_.size() + 1);
    expect_same(begin, begin + rng.below(2 * MemoryContent::kPage));
  }
}

TEST_P(Memory, FormsMayMixInOneObject) {
  put(Form::runs, 0, 100 * kKiB, 1);
  put(Form::bytes, 10 * kKiB, 70 * kKiB, 2);
  put(Form::runs, 20 * kKiB, 5, 3);
  expect_same(0, 100 * kKiB);
}

INSTANTIATE_TEST_SUITE_P(Forms, Memory, testing::Values(Form::runs, Form::bytes),
                         [](const auto& p) { return p.param == Form::runs ? "runs" : "bytes"; });

}  // namespace
}  // namespace stripe
