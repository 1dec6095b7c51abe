#include "stripe/server/modelled_store.h"

#include <gtest/gtest.h>

#include <memory>

#include "sim/frame_pool.h"
#include "stripe/server/device_factory.h"
#include "stripe/server/device_testing.h"
#include "stripe/server/memory_content.h"
#include "stripe/server/null_content.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::Duration;
using sim::Errc;
using sim::Extent;
using sim::kKiB;
using sim::kMiB;
using sim::microseconds;
using sim::Status;
using transport::ContentRun;
using transport::Payload;
using transport::Stamp;

constexpr ObjectId kA{1, 1};
constexpr ObjectId kB{1, 2};

// A drive with 100 us per visit and no limit of its rate: elapsed time counts visits.
NvmeParams counting_drive() {
  NvmeParams params;
  params.channels = 1;
  params.read_latency = params.write_latency = microseconds(100);
  params.read_rate = params.write_rate = sim::Rate();
  return params;
}

class Modelled : public testing::Test {
 protected:
  void make(const DeviceParams& device, OssCache* cache = nullptr) {
    store_ = std::make_unique<ModelledStore>(params_, std::make_unique<MemoryContent>(),
                                             make_device(loop_, "d", device).value(), cache);
    ASSERT_TRUE(store_->create(kA).ok());
    ASSERT_TRUE(store_->create(kB).ok());
  }
  static Payload content(Bytes offset, Bytes length, std::uint64_t sequence = 1) {
    return Payload(ContentRun{1, offset, length, Stamp::make(1, sequence)});
  }
  Duration write(ObjectId object, Extent range) {
    const sim::TimePoint before = loop_.now();
    StoreTimes times;
    EXPECT_TRUE(
        run(loop_, store_->write(object, range.begin, content(range.begin, range.size()), times))
            .ok());
    return loop_.now() - before;
  }
  Duration read(ObjectId object, Extent range) {
    const sim::TimePoint before = loop_.now();
    StoreTimes times;
    EXPECT_TRUE(run(loop_, store_->read(object, range, times)).ok());
    return loop_.now() - before;
  }

  sim::Loop loop_{1};
  ModelledStoreParams params_;
  std::unique_ptr<ModelledStore> store_;
};

TEST_F(Modelled, HoleIsReadWithoutTheDevice) {
  make(counting_drive());
  write(kA, {8 * kMiB, 9 * kMiB});
  EXPECT_EQ(read(kA, {0, kMiB}), Duration());
  EXPECT_EQ(read(kA, {7 * kMiB, 9 * kMiB}), microseconds(100));
}

TEST_F(Modelled, InterleavedWritersAreReadBackInPieces) {
  params_.allocation.window = 0;
  make(counting_drive());
  for (Bytes i = 0; i < 4; ++i) {
    write(kA, {i * 64 * kKiB, (i + 1) * 64 * kKiB});
    write(kB, {i * 64 * kKiB, (i + 1) * 64 * kKiB});
  }
  EXPECT_EQ(read(kA, {0, 256 * kKiB}), microseconds(400));
  params_.allocation.window = 8 * kMiB;
  make(counting_drive());
  for (Bytes i = 0; i < 4; ++i) {
    write(kA, {i * 64 * kKiB, (i + 1) * 64 * kKiB});
    write(kB, {i * 64 * kKiB, (i + 1) * 64 * kKiB});
  }
  EXPECT_EQ(read(kA, {0, 256 * kKiB}), microseconds(100));
}

class ModelledCache : public Modelled {
 protected:
  void make_cached(bool read_through, bool write_through) {
    OssCacheParams params;
    params.size = 64 * kMiB;
    params.read_through = read_through;
    params.write_through = write_through;
    cache_ = std::make_unique<OssCache>(params);
    make(counting_drive(), cache_.get());
  }
  std::unique_ptr<OssCache> cache_;
};

TEST_F(ModelledCache, WrittenDataIsReadFromTheCacheIfWrittenThrough) {
  make_cached(true, true);
  EXPECT_EQ(write(kA, {0, kMiB}), microseconds(100));
  EXPECT_EQ(read(kA, {0, kMiB}), Duration());
  make_cached(true, false);
  write(kA, {0, kMiB});
  EXPECT_EQ(read(kA, {0, kMiB}), microseconds(100));
}

TEST_F(ModelledCache, ReadDataIsReadFromTheCacheTheSecondTimeIfReadThrough) {
  make_cached(true, false);
  write(kA, {0, kMiB});
  EXPECT_EQ(read(kA, {0, kMiB}), microseconds(100));
  EXPECT_EQ(read(kA, {0, kMiB}), Duration());
  make_cached(false, false);
  write(kA, {0, kMiB});
  EXPECT_EQ(read(kA, {0, kMiB}), microseconds(100));
  EXPECT_EQ(read(kA, {0, kMiB}), microseconds(100));
}

TEST_F(ModelledCache, OverwriteThatIsNotWrittenThroughDropsWhatWasThere) {
  make_cached(true, false);
  write(kA, {0, kMiB});
  read(kA, {0, kMiB});
  write(kA, {0, 4 * kKiB});
  EXPECT_EQ(read(kA, {4 * kKiB, kMiB}), Duration());
  EXPECT_EQ(read(kA, {0, 4 * kKiB}), microseconds(100));
}

TEST_F(ModelledCache, TruncatedAndDestroyedDataLeavesTheCache) {
  make_cached(true, true);
  write(kA, {0, kMiB});
  ASSERT_TRUE(store_->truncate(kA, 512 * kKiB).ok());
  EXPECT_EQ(cache_->used(), 512 * kKiB);
  ASSERT_TRUE(store_->destroy(kA).ok());
  EXPECT_EQ(cache_->used(), 0u);
}

TEST_F(ModelledCache, TargetsOfOneServerShareItsCacheButNotItsData) {
  make_cached(true, true);
  write(kA, {0, kMiB});
  const auto first = std::move(store_);
  make(counting_drive(), cache_.get());
  write(kA, {0, kMiB});
  EXPECT_EQ(cache_->used(), 2 * kMiB);
}

// One operation under way while something else happens to its object.
class ModelledRace : public Modelled {
 protected:
  void SetUp() override { make(counting_drive()); }
  static sim::Task<void> writing(ModelledRace& test, Status& status) {
    StoreTimes times;
    status = co_await test.store_->write(kA, 0, content(0, kMiB), times);
  }
  static sim::Task<void> reading(ModelledRace& test, std::optional<sim::Result<Payload>>& result) {
    StoreTimes times;
    result.emplace(co_await test.store_->read(kA, {0, kMiB}, times));
  }
};

TEST_F(ModelledRace, WriteIntoADestroyedObjectIsNotFoundAndLeaksNothing) {
  Status status;
  sim::TaskGroup group(loop_);
  group.spawn(writing(*this, status), "writer");
  ASSERT_TRUE(loop_.step());
  ASSERT_TRUE(store_->destroy(kA).ok());
  ASSERT_TRUE(sim::run_virtual(loop_).ok());
  EXPECT_EQ(status.code(), Errc::not_found);
  EXPECT_EQ(store_->space().used, 0u);
}

TEST_F(ModelledRace, WriteIntoATruncatedObjectIsGivenSpaceAgain) {
  Status status;
  sim::TaskGroup group(loop_);
  group.spawn(writing(*this, status), "writer");
  ASSERT_TRUE(loop_.step());
  ASSERT_TRUE(store_->truncate(kA, 0).ok());
  EXPECT_EQ(store_->space().used, 0u);
  ASSERT_TRUE(sim::run_virtual(loop_).ok());
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(store_->attr(kA).value().size, kMiB);
  EXPECT_EQ(store_->attr(kA).value().allocated, kMiB);
}

TEST_F(ModelledRace, ReadSeesWhatIsThereWhenItReturns) {
  write(kA, {0, kMiB});
  std::optional<sim::Result<Payload>> result;
  sim::TaskGroup group(loop_);
  group.spawn(reading(*this, result), "reader");
  ASSERT_TRUE(loop_.step());
  ASSERT_TRUE(store_->truncate(kA, 10).ok());
  ASSERT_TRUE(sim::run_virtual(loop_).ok());
  EXPECT_EQ(result->value().size(), 10u);
}

TEST_F(ModelledRace, CancelledWriteIsNeverApplied) {
  Status status;
  {
    sim::TaskGroup group(loop_);
    group.spawn(writing(*this, status), "writer");
    ASSERT_TRUE(loop_.step());
  }
  while (loop_.step()) {
  }
  EXPECT_EQ(store_->attr(kA).value().size, 0u);
}

// The stores of worlds with thousands of clients: no events, and no memory once warm.
TEST(NullStore, SteadyStateHasNoEventsAndNoNewMemory) {
  sim::Loop loop(1);
  ModelledStore store({}, std::make_unique<NullContent>(),
                      make_device(loop, "null", NullDeviceParams{}).value());
  ASSERT_TRUE(store.create(kA).ok());
  struct Body {
    static sim::Task<void> run(ModelledStore& s, int rounds) {
      for (int i = 0; i < rounds; ++i) {
        StoreTimes times;
        EXPECT_TRUE((co_await s.write(kA, 0, content(0, kMiB), times)).ok());
        EXPECT_EQ((co_await s.read(kA, {0, kMiB}, times)).value().size(), kMiB);
      }
    }
    static Payload content(Bytes offset, Bytes length) {
      return Payload(ContentRun{1, offset, length, Stamp::make(1, 1)});
    }
  };
  sim::TaskGroup group(loop);
  group.spawn(Body::run(store, 1), "warm up");
  ASSERT_TRUE(sim::run_virtual(loop).ok());
  const std::size_t blocks = sim::pool_blocks();
  const std::uint64_t events = loop.events();
  group.spawn(Body::run(store, 1000), "steady");
  ASSERT_TRUE(sim::run_virtual(loop).ok());
  EXPECT_EQ(loop.events() - events, 2u);  // the task's start, and the end of the one before
  EXPECT_LE(sim::pool_blocks() - blocks, 1u);
}

}  // namespace
}  // namespace stripe
