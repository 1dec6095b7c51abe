#include "stripe/server/grants.h"

#include <gtest/gtest.h>

#include "sim/loop.h"
#include "sim/rng.h"
#include "stripe/server/memory_content.h"
#include "stripe/server/modelled_store.h"
#include "stripe/server/null_device.h"

namespace stripe {
namespace {

using sim::Bytes;
using sim::kKiB;
using sim::kMiB;

constexpr transport::Address kOne{1, 0};
constexpr transport::Address kTwo{2, 0};
constexpr ObjectId kObject{7, 1};

class OfAStore : public testing::Test {
 protected:
  void make(Bytes capacity) {
    store_ = std::make_unique<ModelledStore>(
        ModelledStoreParams(), std::make_unique<MemoryContent>(),
        std::make_unique<NullDevice>(loop_, "d", NullDeviceParams{capacity}));
    EXPECT_TRUE(store_->create(kObject).ok());
    grants_.emplace(*store_);
  }
  sim::Errc write(sim::Extent range) {
    sim::Errc status = sim::Errc::ok;
    sim::TaskGroup tasks(loop_);
    tasks.spawn(write_task(range, status), "a write");
    EXPECT_TRUE(sim::run_virtual(loop_).ok());
    return status;
  }
  sim::Task<void> write_task(sim::Extent range, sim::Errc& status) {
    StoreTimes times;
    const sim::Status written = co_await store_->write(
        kObject, range.begin, transport::Payload::unknown(range.size()), times);
    status = written.ok() ? sim::Errc::ok : written.code();
  }
  Bytes free() const { return store_->space().capacity - store_->space().used; }

  sim::Loop loop_{1};
  std::unique_ptr<ModelledStore> store_;
  std::optional<Grants> grants_;
};

TEST_F(OfAStore, AClientGetsWhatItLacksAnEighthOfWhatIsLeftOrAChunk) {
  make(1024 * kMiB);
  EXPECT_EQ(grants_->give(kOne, 5 * kMiB), 5 * kMiB);
  EXPECT_EQ(grants_->give(kOne, 5 * kMiB), 0u);
  EXPECT_EQ(grants_->give(kOne, 5 * kMiB + Grants::kChunk + Grants::kPage), Grants::kChunk);
  make(8 * kMiB);
  EXPECT_EQ(grants_->give(kOne, 100 * kMiB), kMiB);
  EXPECT_EQ(grants_->give(kTwo, 100 * kMiB), 7 * kMiB / 8 / Grants::kPage * Grants::kPage);
}

TEST_F(OfAStore, LessThanEightPagesAreGivenToNobody) {
  make(7 * Grants::kPage);
  EXPECT_EQ(grants_->give(kOne, kMiB), 0u);
  make(8 * Grants::kPage);
  EXPECT_EQ(grants_->give(kOne, kMiB), Grants::kPage);
}

TEST_F(OfAStore, WithoutAGrantNobodyTakesWhatIsPromised) {
  make(8 * kMiB);
  ASSERT_EQ(grants_->give(kOne, kMiB), kMiB);
  Grants::Use other(*grants_, kTwo, kMiB);
  EXPECT_TRUE(other.take_space(7 * kMiB));
  EXPECT_FALSE(other.take_space(7 * kMiB + 1));
  Grants::Use promised(*grants_, kOne, kMiB);
  EXPECT_TRUE(promised.take_space(8 * kMiB));
}

TEST_F(OfAStore, AUseTakesNoMoreThanItsClientHolds) {
  make(8 * kMiB);
  ASSERT_EQ(grants_->give(kOne, kMiB), kMiB);
  {
    Grants::Use use(*grants_, kOne, 2 * kMiB);
    EXPECT_EQ(grants_->held(kOne), 0u);
    EXPECT_EQ(grants_->left(), 7 * kMiB);
  }
  EXPECT_EQ(grants_->left(), 8 * kMiB) << "it took no space";
}

TEST_F(OfAStore, AWriteThatComesToNothingLeavesItsClientTheGrant) {
  make(8 * kMiB);
  ASSERT_EQ(grants_->give(kOne, kMiB), kMiB);
  {
    Grants::Use use(*grants_, kOne, kMiB);
    use.undo();
    EXPECT_EQ(grants_->held(kOne), kMiB);
  }
  Grants::Use use(*grants_, kOne, kMiB);
  grants_->drop(kOne);
  use.undo();
  EXPECT_EQ(grants_->held(), 0u) << "it has gone";
}

TEST_F(OfAStore, OfAClientThatWentNothingIsHeld) {
  make(8 * kMiB);
  grants_->give(kOne, kMiB);
  grants_->drop(kOne);
  EXPECT_EQ(grants_->held(), 0u);
  EXPECT_EQ(grants_->left(), 8 * kMiB);
}

// Whatever clients do: what is promised never exceeds what is free, and who writes within its grant
// gets its space.
TEST_F(OfAStore, TheSumOfAllGrantsIsNeverMoreThanWhatIsFree) {
  make(64 * kMiB);
  sim::Rng rng(5);
  std::map<transport::Address, Bytes> believed;
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    const transport::Address client{static_cast<transport::NodeId>(1 + rng.below(4)), 0};
    const Bytes begin = rng.below(24 * 1024) * Grants::kPage;
    const Bytes pages = 1 + rng.below(64);
    const sim::Extent range{begin, begin + pages * Grants::kPage};
    const Bytes granted = std::min(believed[client], range.size());
    if (rng.below(20) == 0) {
      grants_->drop(client);
      believed[client] = 0;
      continue;
    }
    if (rng.below(200) == 0) {
      EXPECT_TRUE(store_->truncate(kObject, begin).ok());
    }
    std::optional<Grants::Use> use;
    use.emplace(*grants_, client, granted);
    believed[client] -= granted;
    if (use->take_space(store_->space_for(kObject, range))) {
      ASSERT_EQ(write(range), sim::Errc::ok);
    } else {
      ASSERT_LT(granted, range.size()) << "it was promised all of that";
      ++refused;
    }
    use.reset();
    believed[client] += grants_->give(client, 16 * kMiB);
    ASSERT_EQ(grants_->held(client), believed[client]);
    ASSERT_LE(grants_->held(), free());
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace stripe
