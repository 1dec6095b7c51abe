// Laws of splitting, over all small layouts and extents: sizes are a few bytes, since the
// arithmetic has no unit.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <utility>
#include <vector>

#include "stripe/layout/gather.h"
#include "stripe/layout/layout_testing.h"
#include "stripe/layout/split.h"

namespace stripe {
namespace {

using sim::kEof;

constexpr sim::Bytes kFileEnd = 22;

// More stripes than OSTs, which do not begin at 0: objects share an OST.
Layout overstriped_layout() {
  Layout layout = plain_layout(2, 4);
  Component& c = layout.components.front();
  c.pattern |= kPatternOverstriping;
  for (std::size_t i = 0; i < c.objects.size(); ++i) {
    c.objects[i].ost_index = 3 - static_cast<std::uint32_t>(i % 2);
  }
  return layout;
}

// Two mirrors of other geometries, on some of the same OSTs. Laws are tried on the last one.
Layout mirrored_layout() {
  return composite_layout({striped_component({0, kEof}, 3, 2, (1u << 16) + 1),
                           striped_component({0, 5}, 1, 2, (2u << 16) + 1, 1),
                           striped_component({5, kEof}, 2, 3, (2u << 16) + 2, 1)});
}

// Every plain layout; composite ones, with and without objects in the middle, of every stripe
// count; an overstriped and a mirrored one.
std::vector<Layout> small_layouts() {
  std::vector<Layout> all;
  for (std::uint16_t count = 1; count <= 4; ++count) {
    for (std::uint32_t size = 1; size <= 4; ++size) {
      all.push_back(plain_layout(size, count));
    }
    all.push_back(composite_layout({dom_component(3, 1), striped_component({3, 7}, 2, 2, 2),
                                    striped_component({7, kEof}, 3, count, 3, 2)}));
    Layout sparse = all.back();
    sparse.components[1] = uninstantiated(sparse.components[1]);
    all.push_back(sparse);
  }
  all.push_back(overstriped_layout());
  all.push_back(mirrored_layout());
  return all;
}

std::vector<SplitOptions> small_options() {
  std::vector<SplitOptions> all;
  for (const Coalesce policy :
       {Coalesce::none, Coalesce::adjacent, Coalesce::read_through, Coalesce::vector}) {
    for (const AddressSpace space : {AddressSpace::object, AddressSpace::file}) {
      for (const sim::Bytes max_rpc : {1u, 3u, 100u}) {
        SplitOptions options;
        options.coalesce = policy;
        options.space = space;
        options.max_rpc = max_rpc;
        options.align_rpcs = max_rpc == 3;
        options.limits = {2, 3};
        all.push_back(options);
      }
    }
  }
  return all;
}

// Calls `law(layout, extents, options, plan)` for everything small.
template <typename Law>
void for_all(Law law) {
  SplitPlan plan;
  for (const Layout& layout : small_layouts()) {
    for (SplitOptions options : small_options()) {
      options.mirror = layout.mirror_count() - 1;
      for (sim::Bytes begin = 0; begin < 10; ++begin) {
        for (sim::Bytes end = begin; end < kFileEnd; ++end) {
          const sim::Bytes third = (end - begin) / 3;
          for (const std::vector<sim::Extent>& extents :
               {std::vector<sim::Extent>{{begin, end}},
                {{begin, begin + third}, {end - third, end}}}) {
            ASSERT_TRUE(split(layout, extents, options, plan));
            law(layout, extents, options, plan);
            if (testing::Test::HasFailure()) {
              return;
            }
          }
        }
      }
    }
  }
}

TEST(SplitLaw, EveryByteIsInExactlyOnePieceOrMissing) {
  for_all([](const Layout&, const auto& extents, const SplitOptions&, const SplitPlan& plan) {
    std::array<int, kFileEnd> times{};
    for (const Piece& piece : plan.pieces) {
      for (sim::Bytes i = 0; i < piece.length; ++i) {
        ++times.at(piece.file_offset + i);
      }
    }
    for (const Missing& hole : plan.missing) {
      for (sim::Bytes at = hole.file.begin; at < hole.file.end; ++at) {
        ++times.at(at);
      }
    }
    std::array<int, kFileEnd> asked{};
    for (const sim::Extent& e : extents) {
      for (sim::Bytes at = e.begin; at < e.end; ++at) {
        ++asked.at(at);
      }
    }
    EXPECT_EQ(times, asked);
  });
}

TEST(SplitLaw, PiecesMapBackToTheirFileOffsets) {
  for_all(
      [](const Layout& layout, const auto&, const SplitOptions& options, const SplitPlan& plan) {
        if (options.space != AddressSpace::object) {
          return;
        }
        for (const SubRequest& r : plan.requests) {
          const Component& c = layout.components[r.component];
          for (const Piece& p : plan.pieces_of(r)) {
            for (sim::Bytes i = 0; i < p.length; ++i) {
              EXPECT_EQ(*c.geometry().unmap(r.stripe, p.object_offset + i), p.file_offset + i);
            }
          }
        }
      });
}

TEST(SplitLaw, GatherOfObjectsWrittenByScatterIsTheFile) {
  for_all([](const Layout&, const auto& extents, const SplitOptions&, const SplitPlan& plan) {
    std::vector<std::byte> file(kFileEnd);
    for (std::size_t i = 0; i < file.size(); ++i) {
      file[i] = static_cast<std::byte>(i + 1);
    }
    std::vector<std::byte> back(kFileEnd, std::byte{0xFF});
    for (const SubRequest& r : plan.requests) {
      std::vector<std::byte> payload(r.payload, std::byte{0xEE});
      scatter(plan, r, 0, file, payload);
      gather(plan, r, payload, 0, back);
    }
    gather_missing(plan, 0, back);
    for (sim::Bytes at = 0; at < kFileEnd; ++at) {
      std::byte expected{0xFF};
      for (const sim::Extent& e : extents) {
        expected = e.contains(at) ? file[at] : expected;
      }
      for (const Missing& hole : plan.missing) {
        expected = hole.file.contains(at) ? std::byte{0} : expected;
      }
      EXPECT_EQ(back[at], expected) << at;
    }
  });
}

TEST(SplitLaw, PayloadIsRangesIsPiecesAndOverFetch) {
  for_all([](const Layout&, const auto&, const SplitOptions& options, const SplitPlan& plan) {
    for (const SubRequest& r : plan.requests) {
      sim::Bytes in_ranges = 0;
      for (const WireRange& range : plan.ranges_of(r)) {
        in_ranges += range.length;
      }
      sim::Bytes in_pieces = r.over_fetch;
      for (const Piece& piece : plan.pieces_of(r)) {
        in_pieces += piece.length;
      }
      EXPECT_EQ(r.payload, in_ranges);
      EXPECT_EQ(r.payload, in_pieces);
      EXPECT_LE(r.payload, options.max_rpc);
      EXPECT_GT(r.payload, 0u);
      EXPECT_LE(r.range_count, options.coalesce == Coalesce::vector ? 3u : 1u);
      if (options.coalesce != Coalesce::read_through) {
        EXPECT_EQ(r.over_fetch, 0u);
      }
    }
  });
}

TEST(SplitLaw, PiecesStandWhereTheRangesPutThem) {
  for_all([](const Layout&, const auto&, const SplitOptions& options, const SplitPlan& plan) {
    for (const SubRequest& r : plan.requests) {
      std::vector<sim::Bytes> address_of_payload;
      for (const WireRange& range : plan.ranges_of(r)) {
        for (sim::Bytes i = 0; i < range.length; ++i) {
          address_of_payload.push_back(range.offset + i);
        }
      }
      for (const Piece& p : plan.pieces_of(r)) {
        const bool object = options.space == AddressSpace::object;
        for (sim::Bytes i = 0; i < p.length; ++i) {
          EXPECT_EQ(address_of_payload.at(p.payload_offset + i),
                    (object ? p.object_offset : p.file_offset) + i);
        }
      }
    }
  });
}

TEST(SplitLaw, AlignedRequestsCrossNoMultipleOfTheRpcSize) {
  for_all([](const Layout&, const auto&, const SplitOptions& options, const SplitPlan& plan) {
    if (!options.align_rpcs || options.coalesce == Coalesce::vector) {
      return;
    }
    for (const WireRange& range : plan.ranges) {
      EXPECT_EQ(range.offset / options.max_rpc,
                (range.offset + range.length - 1) / options.max_rpc);
    }
  });
}

TEST(SplitLaw, AdjacentLeavesNoTwoRequestsThatCouldBeOne) {
  for_all([](const Layout&, const auto&, const SplitOptions& options, const SplitPlan& plan) {
    if (options.coalesce != Coalesce::adjacent || options.align_rpcs) {
      return;
    }
    std::map<std::pair<std::uint64_t, sim::Bytes>, sim::Bytes> payload_by_end;
    const auto key = [&](const SubRequest& r) {
      return options.space == AddressSpace::file ? std::uint64_t{r.target}
                                                 : (std::uint64_t{r.component} << 32) + r.stripe;
    };
    for (const SubRequest& r : plan.requests) {
      const WireRange range = plan.ranges_of(r).front();
      payload_by_end[{key(r), range.offset + range.length}] = range.length;
    }
    for (const SubRequest& r : plan.requests) {
      const auto before = payload_by_end.find({key(r), plan.ranges_of(r).front().offset});
      if (before != payload_by_end.end()) {
        EXPECT_EQ(before->second, options.max_rpc);
      }
    }
  });
}

TEST(SplitLaw, RequestsAreInFileOrder) {
  for_all([](const Layout&, const auto&, const SplitOptions&, const SplitPlan& plan) {
    for (std::size_t i = 1; i < plan.requests.size(); ++i) {
      EXPECT_LT(plan.pieces_of(plan.requests[i - 1]).front().file_offset,
                plan.pieces_of(plan.requests[i]).front().file_offset);
    }
  });
}

TEST(SplitLaw, OneRequestHasOneTarget) {
  for_all([](const Layout& layout, const auto&, const SplitOptions& o, const SplitPlan& plan) {
    for (const SubRequest& r : plan.requests) {
      for (const Piece& p : plan.pieces_of(r)) {
        const Component& c = *layout.component_at(p.file_offset, o.mirror);
        const std::uint32_t ost =
            c.on_mdt() ? kMdtTarget : c.objects[c.geometry().map(p.file_offset).index].ost_index;
        EXPECT_EQ(ost, r.target);
      }
    }
  });
}

}  // namespace
}  // namespace stripe
