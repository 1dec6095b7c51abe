// What every ObjectStore promises, whatever it is made of.
#include "stripe/server/object_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "sim/rng.h"
#include "stripe/server/device_factory.h"
#include "stripe/server/device_testing.h"
#include "stripe/server/memory_content.h"
#include "stripe/server/modelled_store.h"
#include "stripe/server/null_content.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Errc;
using sim::Extent;
using sim::kKiB;
using sim::kMiB;
using sim::Result;
using sim::Status;
using transport::ContentRun;
using transport::Payload;
using transport::Stamp;

constexpr ObjectId kObject{3, 1};
constexpr ObjectId kOther{3, 2};
constexpr Bytes kCapacity = 32 * kMiB;

DeviceParams small_device(const std::string& model) {
  if (model == "null") {
    return NullDeviceParams{kCapacity};
  }
  if (model == "nvme") {
    NvmeParams params;
    params.capacity = kCapacity;
    return params;
  }
  HddArrayParams params;
  params.disk.capacity = kCapacity / 8;
  params.cache = 2 * kMiB;
  params.cache_is_stable = false;
  return params;
}

// Content, device, page cache.
using Case = std::tuple<std::string, std::string, bool>;

class AnyStore : public testing::TestWithParam<Case> {
 protected:
  AnyStore() {
    const auto& [content, device, cached] = GetParam();
    keeps_content_ = content == "memory";
    std::unique_ptr<ObjectContent> kept;
    if (keeps_content_) {
      kept = std::make_unique<MemoryContent>();
    } else {
      kept = std::make_unique<NullContent>();
    }
    OssCacheParams params;
    params.size = kMiB;
    cache_ = std::make_unique<OssCache>(params);
    store_ =
        std::make_unique<ModelledStore>(ModelledStoreParams{}, std::move(kept),
                                        make_device(loop_, "device", small_device(device)).value(),
                                        cached ? cache_.get() : nullptr);
    EXPECT_TRUE(store_->create(kObject).ok());
  }

  // Runs one operation and holds the store to its account of the time.
  template <typename Start>
  auto timed(Start start) {
    StoreTimes times;
    const sim::TimePoint before = loop_.now();
    auto result = run(loop_, start(times));
    EXPECT_EQ(times.queue + times.device, loop_.now() - before);
    return result;
  }
  Status write(Bytes offset, Bytes length, std::uint64_t sequence = 1) {
    return timed([&](StoreTimes& times) {
      return store_->write(kObject, offset, content(offset, length, sequence), times);
    });
  }
  Result<Payload> read(Extent range, ObjectId object = kObject) {
    return timed([&](StoreTimes& times) { return store_->read(object, range, times); });
  }
  Status sync(ObjectId object = kObject) {
    return timed([&](StoreTimes& times) { return store_->sync(object, times); });
  }
  static Payload content(Bytes offset, Bytes length, std::uint64_t sequence) {
    return Payload(ContentRun{9, offset, length, Stamp::make(1, sequence)});
  }
  static std::vector<std::byte> bytes(Payload data) {
    data.materialize();
    return {data.bytes().begin(), data.bytes().end()};
  }
  void expect_read(Extent range, Payload expected) {
    const Payload data = read(range).value();
    EXPECT_EQ(data.size(), expected.size());
    if (keeps_content_) {
      EXPECT_TRUE(bytes(data.clone()) == bytes(std::move(expected)));
    }
  }
  struct Op {
    StoreTimes times;
    sim::TimePoint begin;
    sim::TimePoint end;
  };
  // Even ones write their own 64 KiB, odd ones read all before theirs.
  sim::Task<void> one_of_many(Op& op, Bytes index) {
    const Bytes at = index * 64 * kKiB;
    op.begin = loop_.now();
    if (index % 2 == 0) {
      const Status status =
          co_await store_->write(kObject, at, content(at, 64 * kKiB, index + 1), op.times);
      EXPECT_TRUE(status.ok());
    } else {
      const auto data = co_await store_->read(kObject, {0, at}, op.times);
      EXPECT_TRUE(data.ok());
    }
    op.end = loop_.now();
  }
  ObjectAttr attr() { return store_->attr(kObject).value(); }

  sim::Loop loop_{1};
  bool keeps_content_ = false;
  std::unique_ptr<OssCache> cache_;
  std::unique_ptr<ModelledStore> store_;
};

TEST_P(AnyStore, BytesInAreBytesOut) {
  ASSERT_TRUE(write(12345, 3 * kMiB).ok());
  expect_read({12345, 12345 + 3 * kMiB}, content(12345, 3 * kMiB, 1));
  expect_read({kMiB, kMiB + 77}, content(kMiB, 77, 1));
}

TEST_P(AnyStore, ReadIsShortAtTheEnd) {
  ASSERT_TRUE(write(0, 1000).ok());
  expect_read({0, 1000}, content(0, 1000, 1));
  expect_read({0, 1001}, content(0, 1000, 1));
  expect_read({999, sim::kEof}, content(999, 1, 1));
  expect_read({1000, 2000}, Payload());
  expect_read({5000, 6000}, Payload());
}

TEST_P(AnyStore, HoleIsZerosAndTakesNoSpace) {
  ASSERT_TRUE(write(8 * kMiB, 10).ok());
  expect_read({0, kMiB}, Payload::zeros(kMiB));
  EXPECT_EQ(attr().size, 8 * kMiB + 10);
  EXPECT_EQ(attr().allocated, 4 * kKiB);
}

TEST_P(AnyStore, MissingObjectIsNotFoundByEveryOperation) {
  StoreTimes times;
  EXPECT_EQ(read({0, 1}, kOther).code(), Errc::not_found);
  EXPECT_EQ(run(loop_, store_->write(kOther, 0, content(0, 8, 1), times)).code(), Errc::not_found);
  EXPECT_EQ(sync(kOther).code(), Errc::not_found);
  EXPECT_EQ(store_->destroy(kOther).code(), Errc::not_found);
  EXPECT_EQ(store_->truncate(kOther, 0).code(), Errc::not_found);
  EXPECT_EQ(store_->attr(kOther).code(), Errc::not_found);
  EXPECT_EQ(store_->space().used, 0u);
}

TEST_P(AnyStore, CreateRefusesAnExistingObject) {
  EXPECT_EQ(store_->create(kObject).code(), Errc::exists);
  EXPECT_EQ(store_->space().objects, 1u);
}

TEST_P(AnyStore, FullDeviceRefusesAndLeavesTheContentAlone) {
  ASSERT_TRUE(write(0, kCapacity - 4 * kKiB).ok());
  EXPECT_EQ(write(kCapacity - 8 * kKiB, 8 * kKiB + 1, 2).code(), Errc::no_space);
  EXPECT_EQ(attr().size, kCapacity - 4 * kKiB);
  EXPECT_EQ(attr().allocated, kCapacity - 4 * kKiB);
  expect_read({kCapacity - 8 * kKiB, kCapacity}, content(kCapacity - 8 * kKiB, 4 * kKiB, 1));
  EXPECT_TRUE(write(kCapacity - 8 * kKiB, 8 * kKiB, 2).ok());
  EXPECT_EQ(store_->space().used, kCapacity);
  EXPECT_TRUE(write(0, kMiB, 3).ok());  // overwriting needs no space
}

TEST_P(AnyStore, DestroyGivesTheSpaceBack) {
  ASSERT_TRUE(write(0, kCapacity).ok());
  ASSERT_TRUE(store_->destroy(kObject).ok());
  EXPECT_EQ(store_->space().used, 0u);
  EXPECT_EQ(store_->space().objects, 0u);
  ASSERT_TRUE(store_->create(kObject).ok());
  expect_read({0, 100}, Payload());
  EXPECT_TRUE(write(0, kCapacity).ok());
}

TEST_P(AnyStore, TruncateDownThenUpGivesZeros) {
  ASSERT_TRUE(write(0, kMiB).ok());
  ASSERT_TRUE(store_->truncate(kObject, 1001).ok());
  EXPECT_EQ(attr().size, 1001u);
  EXPECT_EQ(attr().allocated, 4 * kKiB);
  ASSERT_TRUE(store_->truncate(kObject, kMiB).ok());
  EXPECT_EQ(attr().size, kMiB);
  expect_read({0, 1001}, content(0, 1001, 1));
  expect_read({1001, kMiB}, Payload::zeros(kMiB - 1001));
}

TEST_P(AnyStore, NothingMayReachBeyondTheLargestSize) {
  constexpr Bytes kLargest = 16 * sim::kTiB;
  EXPECT_EQ(write(kLargest - 1, 2).code(), Errc::too_large);
  EXPECT_EQ(write(sim::kEof, 2).code(), Errc::too_large);
  EXPECT_EQ(store_->truncate(kObject, kLargest + 1).code(), Errc::too_large);
  EXPECT_EQ(attr().size, 0u);
  EXPECT_TRUE(write(kLargest - 1, 1).ok());
  EXPECT_TRUE(store_->truncate(kObject, kLargest).ok());
}

TEST_P(AnyStore, WritingNothingChangesNothing) {
  ASSERT_TRUE(write(100, 0).ok());
  EXPECT_EQ(attr().size, 0u);
  EXPECT_EQ(attr().allocated, 0u);
}

TEST_P(AnyStore, ModificationTimeIsTheLatestThatWasTold) {
  EXPECT_EQ(attr().mtime_ns, 0);
  ASSERT_TRUE(write(0, kMiB).ok());
  EXPECT_EQ(attr().mtime_ns, 0) << "the store's own clock is nobody's time of change";
  for (const auto& [told, latest] : {std::pair{500, 500}, {499, 500}, {501, 501}}) {
    store_->touch(kObject, told);
    EXPECT_EQ(attr().mtime_ns, latest);
  }
  store_->touch(kOther, 900);  // which does not exist
  ASSERT_TRUE(read({0, kMiB}).ok());
  EXPECT_EQ(attr().mtime_ns, 501);
}

TEST_P(AnyStore, AfterASyncNothingIsLeftToSync) {
  ASSERT_TRUE(write(0, 64 * kKiB).ok());
  ASSERT_TRUE(sync().ok());
  const sim::TimePoint before = loop_.now();
  ASSERT_TRUE(sync().ok());
  EXPECT_EQ(loop_.now(), before);
}

TEST_P(AnyStore, AnyHistoryReadsBackAsAPlainArrayWould) {
  constexpr Bytes kSize = 256 * kKiB;
  std::vector<std::byte> expected;
  sim::Rng rng = sim::Rng(8).split("history");
  for (std::uint64_t i = 1; i <= 100; ++i) {
    const Bytes offset = rng.below(kSize);
    if (rng.chance(1, 8)) {
      ASSERT_TRUE(store_->truncate(kObject, offset).ok());
      expected.resize(offset);
    } else {
      const Bytes length = 1 + rng.below(kSize / 4);
      ASSERT_TRUE(write(offset, length, i).ok());
      const auto data = bytes(content(offset, length, i));
      expected.resize(std::max<std::size_t>(expected.size(), offset + length));
      std::ranges::copy(data, expected.begin() + static_cast<std::ptrdiff_t>(offset));
    }
    const Payload data = read({0, sim::kEof}).value();
    ASSERT_EQ(data.size(), expected.size());
    if (keeps_content_) {
      ASSERT_TRUE(bytes(data.clone()) == expected);
    }
  }
}

TEST_P(AnyStore, ManyOperationsAtOnceEachAccountForTheirTime) {
  std::vector<Op> ops(40);
  sim::TaskGroup group(loop_);
  for (Bytes i = 0; i < ops.size(); ++i) {
    group.spawn(one_of_many(ops[i], i), "op");
  }
  ASSERT_TRUE(sim::run_virtual(loop_).ok());
  for (const Op& op : ops) {
    EXPECT_EQ(op.times.queue + op.times.device, op.end - op.begin);
  }
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  return std::get<0>(info.param) + "_" + std::get<1>(info.param) +
         (std::get<2>(info.param) ? "_cached" : "");
}

INSTANTIATE_TEST_SUITE_P(Stores, AnyStore,
                         testing::Combine(testing::Values("null", "memory"),
                                          testing::Values("null", "nvme", "hdd"), testing::Bool()),
                         case_name);

}  // namespace
}  // namespace stripe
