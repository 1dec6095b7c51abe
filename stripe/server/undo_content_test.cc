#include "stripe/server/undo_content.h"

#include <gtest/gtest.h>

#include "sim/rng.h"
#include "stripe/server/memory_content.h"

namespace stripe {
namespace {

constexpr ObjectId kObjects[] = {{1, 1}, {1, 2}, {1, 3}};

transport::Payload run(sim::Bytes offset, sim::Bytes length, std::uint64_t stamp) {
  return transport::Payload({7, offset, length, transport::Stamp{stamp}});
}

// Everything that can be asked about the objects.
std::string picture(const ObjectContent& content) {
  std::string text;
  for (const ObjectId object : kObjects) {
    const auto size = content.size(object);
    text += size.ok() ? std::to_string(*size) : "none";
    if (size.ok()) {
      const auto data = content.read(object, {0, sim::kEof});
      for (const transport::ContentRun& part : data->runs()) {
        for (sim::Bytes byte = 0; byte < part.length; ++byte) {
          text += " " + std::to_string(part.stamp.value);
        }
      }
    }
    text += "; ";
  }
  return text;
}

// One step of chance.
void change(UndoContent& content, sim::Rng& rng, std::uint64_t stamp) {
  const ObjectId object = kObjects[rng.below(3)];
  const sim::Bytes offset = rng.below(100);
  switch (rng.below(4)) {
    case 0:
      static_cast<void>(content.create(object));
      break;
    case 1:
      static_cast<void>(content.truncate(object, offset));
      break;
    case 2:
      if (rng.below(4) == 0) {
        static_cast<void>(content.destroy(object));
      }
      break;
    default:
      static_cast<void>(content.write(object, offset, run(offset, 1 + rng.below(50), stamp)));
  }
}

TEST(UndoContent, GoesBackToWhatWasStable) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    sim::Rng rng(seed);
    UndoContent content(std::make_unique<MemoryContent>());
    std::uint64_t stamp = 0;
    const std::uint64_t before = rng.below(40);
    for (std::uint64_t i = 0; i < before; ++i) {
      change(content, rng, ++stamp);
    }
    const std::string stable = picture(content);
    content.stable(content.changes());
    const std::uint64_t after = rng.below(40);
    for (std::uint64_t i = 0; i < after; ++i) {
      change(content, rng, ++stamp);
    }
    content.undo();
    EXPECT_EQ(picture(content), stable);
  }
}

TEST(UndoContent, KeepsWhatWasStableWhenLaterChangesWereNot) {
  UndoContent content(std::make_unique<MemoryContent>());
  ASSERT_TRUE(content.create(kObjects[0]).ok());
  ASSERT_TRUE(content.write(kObjects[0], 0, run(0, 10, 1)).ok());
  const std::uint64_t mark = content.changes();
  ASSERT_TRUE(content.write(kObjects[0], 5, run(5, 10, 2)).ok());
  content.stable(mark);
  const std::vector<ObjectId> touched = content.undo();
  EXPECT_EQ(touched, std::vector<ObjectId>{kObjects[0]});
  EXPECT_EQ(content.size(kObjects[0]).value(), 10u);
}

TEST(UndoContent, NothingIsUndoneTwice) {
  UndoContent content(std::make_unique<MemoryContent>());
  ASSERT_TRUE(content.create(kObjects[0]).ok());
  EXPECT_EQ(content.undo().size(), 1u);
  EXPECT_TRUE(content.undo().empty());
}

}  // namespace
}  // namespace stripe
