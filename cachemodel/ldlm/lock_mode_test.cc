#include "cachemodel/ldlm/lock_mode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace cachemodel {
namespace {

using enum LockMode;
constexpr std::array kAll = {nl, cr, cw, pr, pw, ex, group, cos, txn};

// The published matrix, 1 = compatible, rows and columns in the order of kAll.
constexpr std::array<std::string_view, kLockModes> kMatrix = {
    "111111111",  // NL
    "111110001",  // CR
    "111000000",  // CW
    "110100001",  // PR
    "110000000",  // PW
    "100000000",  // EX
    "100000100",  // GROUP
    "100000010",  // COS
    "110100001",  // TXN
};

TEST(LockMode, CompatibilityIsLustres) {
  for (std::size_t row = 0; row < kAll.size(); ++row) {
    for (std::size_t column = 0; column < kAll.size(); ++column) {
      EXPECT_EQ(compatible(kAll[row], kAll[column]), kMatrix[row][column] == '1')
          << lock_mode_name(kAll[row]) << ' ' << lock_mode_name(kAll[column]);
    }
  }
}

TEST(LockMode, CompatibilityIsSymmetric) {
  for (const LockMode a : kAll) {
    for (const LockMode b : kAll) {
      EXPECT_EQ(compatible(a, b), compatible(b, a));
    }
  }
}

TEST(LockMode, NamesAreReadBack) {
  for (const LockMode mode : kAll) {
    EXPECT_EQ(*parse_lock_mode(lock_mode_name(mode)), mode);
  }
}

TEST(LockMode, OtherNamesAreRefusedWithTheRightOnes) {
  for (const std::string_view name : {"", "pw", "PWX", "P", "FLOCK"}) {
    const auto mode = parse_lock_mode(name);
    ASSERT_FALSE(mode.ok()) << name;
    EXPECT_THAT(mode.error().message, testing::HasSubstr("EX, PW, PR"));
  }
}

TEST(LockMode, AWriteLockServesReadersToo) {
  EXPECT_EQ(modes_that_serve(pr), (ModeSet{pw, pr}));
  for (const LockMode mode : kAll) {
    if (mode != pr) {
      EXPECT_EQ(modes_that_serve(mode), ModeSet{mode});
    }
  }
}

TEST(ModeSet, KeepsWhatIsAddedAndVisitsTheStrongestFirst) {
  ModeSet set{txn, pr};
  set.add(pw);
  EXPECT_EQ(set.first(), pw);
  set.remove(pw);
  EXPECT_EQ(set.first(), pr);
  EXPECT_TRUE(set.contains(txn));
  EXPECT_FALSE(set.contains(pw));
  EXPECT_TRUE((set & ModeSet{pw, ex}).empty());
}

}  // namespace
}  // namespace cachemodel
