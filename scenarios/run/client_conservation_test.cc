// Bytes in = bytes out: what a client writes and reads falls on each object as the layout says,
// once.
#include <gtest/gtest.h>

#include "scenarios/run/small_cluster.h"
#include "sim/rng.h"

namespace scenarios {
namespace {

using sim::kKiB;
using sim::kMiB;
using stripe::Outcome;

// Nothing divides it.
constexpr sim::Bytes kSize = 11 * kMiB + 123'457;

// Covers [0, kSize) in pieces of uneven sizes.
std::vector<sim::Extent> uneven_pieces() {
  sim::Rng rng(7);
  std::vector<sim::Extent> pieces;
  for (sim::Bytes at = 0; at < kSize;) {
    const sim::Bytes end = std::min(kSize, at + 1 + rng.below(700 * kKiB));
    pieces.push_back({at, end});
    at = end;
  }
  return pieces;
}

// Bytes of the first mirror's objects on each OST; those on the MDT under its number.
std::vector<sim::Bytes> bytes_by_ost(const stripe::Layout& layout, std::size_t osts) {
  std::vector<sim::Bytes> bytes(osts + 1);
  for (const stripe::Component& component : layout.mirror(0)) {
    const sim::Bytes end = std::min(kSize, component.extent.end);
    for (sim::Bytes at = component.extent.begin; at < end;) {
      const sim::Bytes cell = at / component.stripe_size;
      const sim::Bytes next = std::min(end, (cell + 1) * component.stripe_size);
      const std::size_t place =
          component.on_mdt() ? osts : component.objects[cell % component.stripes()].ost_index;
      bytes[place] += next - at;
      at = next;
    }
  }
  return bytes;
}

std::vector<sim::Bytes> moved_by_ost(SmallCluster& cluster) {
  std::vector<sim::Bytes> bytes;
  for (const OstCounter& ost : cluster.cluster().osts()) {
    bytes.push_back(ost.bytes);
  }
  return bytes;
}

class Conservation : public testing::TestWithParam<std::tuple<const char*, bool>> {
 protected:
  // After `rounds` times all of it crossed, each OST has moved its objects' bytes so often.
  static void expect_moved(SmallCluster& cluster, const stripe::Layout& layout, sim::Bytes rounds) {
    const std::vector<sim::Bytes> moved = moved_by_ost(cluster);
    const std::vector<sim::Bytes> expected = bytes_by_ost(layout, moved.size());
    sim::Bytes total = 0;
    for (std::size_t ost = 0; ost < moved.size(); ++ost) {
      EXPECT_EQ(moved[ost], rounds * expected[ost]) << "OST " << ost;
      total += expected[ost];
    }
    EXPECT_EQ(total + expected.back(), kSize) << "every byte is somewhere";
  }

  static sim::Task<void> write_and_read(SmallCluster& cluster, std::string layout, bool direct) {
    const auto pieces = uneven_pieces();
    const auto file = co_await open_file(cluster.mount(), "/f", layout, direct);
    sim::Bytes written = 0;
    for (const sim::Extent& piece : pieces) {
      const Outcome outcome = co_await file->write(piece);
      written += outcome.bytes;
    }
    const Outcome synced = co_await file->fsync();
    EXPECT_TRUE(synced.ok());
    EXPECT_EQ(written, kSize);
    expect_moved(cluster, file->layout(), 1);
    // Another client, past its cache: nothing is there already, and nothing is read ahead.
    const auto other = co_await open_file(cluster.mount(), "/f", {}, true);
    sim::Bytes read = 0;
    for (const sim::Extent& piece : pieces) {
      const Outcome outcome = co_await other->read(piece);
      read += outcome.bytes;
    }
    EXPECT_EQ(read, kSize);
    expect_moved(cluster, file->layout(), 2);
  }
};

TEST_P(Conservation, EachObjectMovesItsBytesOnce) {
  SmallCluster cluster;
  cluster.run(write_and_read(cluster, std::get<0>(GetParam()), std::get<1>(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(
    Layouts, Conservation,
    testing::Combine(testing::Values("-o 0 -S 64k", "-o 2,0,3 -S 64k", "-o 1,3,0,2 -S 1M",
                                     "-C 7 -S 256k", "-c 3 -S 192k",
                                     "-E 1M -o 1 -S 1M -E 5M -o 0,2 -S 64k -E eof -o 3,1,0,2 -S 1M",
                                     "-E 64k -L mdt -E 3M -o 2 -E eof -o 0,1 -S 64k"),
                     testing::Bool()));

}  // namespace
}  // namespace scenarios
