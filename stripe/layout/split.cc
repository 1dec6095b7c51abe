#include "stripe/layout/split.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <tuple>

namespace stripe {
namespace {

sim::Error refuse(sim::Errc code, std::string message) { return {code, std::move(message)}; }

sim::Status check_extents(std::span<const sim::Extent> extents) {
  sim::Bytes end = 0;
  for (const sim::Extent& e : extents) {
    if (e.end < e.begin || e.end == sim::kEof || (!e.empty() && e.begin < end)) {
      return refuse(sim::Errc::invalid_argument,
                    fmt::format("extent [{}, {}) behind byte {}: extents must ascend without "
                                "overlap and end below EOF",
                                e.begin, e.end, end));
    }
    end = std::max(end, e.end);
  }
  return {};
}

sim::Error too_many_pieces() {
  return refuse(
      sim::Errc::too_large,
      fmt::format("one call makes more than {} pieces; ask for less at a time", kMaxPieces));
}

sim::Status check_options(const SplitOptions& options) {
  if (options.max_rpc == 0) {
    return refuse(sim::Errc::invalid_argument, "an RPC size of 0 B moves nothing");
  }
  if (options.coalesce == Coalesce::read_through && options.kind == IoKind::write) {
    return refuse(
        sim::Errc::not_supported,
        "read_through would write the holes between the requests; use adjacent or vector");
  }
  if (options.coalesce == Coalesce::vector && options.limits.max_ranges == 0) {
    return refuse(sim::Errc::invalid_argument, "a vector request needs room for one range");
  }
  return {};
}

}  // namespace

// One call of split().
class Splitter {
 public:
  Splitter(const Layout& layout, const SplitOptions& options, SplitPlan& plan)
      : layout_(layout), options_(options), plan_(plan) {}

  sim::Status run(std::span<const sim::Extent> extents) {
    for (const sim::Extent& extent : extents) {
      if (sim::Status s = cut(extent); !s) {
        return s;
      }
    }
    if (plan_.chunks_.size() > 1) {
      std::sort(plan_.chunks_.begin(), plan_.chunks_.end(), [](const Chunk& a, const Chunk& b) {
        return std::tie(a.key, a.address) < std::tie(b.key, b.address);
      });
    }
    for (const Chunk& chunk : plan_.chunks_) {
      if (sim::Status s = place(chunk); !s) {
        return s;
      }
    }
    order_requests();
    return {};
  }

 private:
  using Chunk = SplitPlan::Chunk;

  // Cuts an extent at the boundaries of components and stripes.
  sim::Status cut(const sim::Extent& extent) {
    sim::Bytes at = extent.begin;
    while (at < extent.end) {
      const Component* c = layout_.component_at(at, options_.mirror);
      if (c == nullptr) {
        plan_.missing.push_back({{at, extent.end}, kNoComponent, MissingReason::beyond_layout});
        return {};
      }
      const sim::Extent part{at, std::min(extent.end, c->extent.end)};
      if (!c->holds_data()) {
        plan_.missing.push_back(
            {part, layout_.index_of(*c),
             c->released() ? MissingReason::released : MissingReason::not_instantiated});
      } else if (sim::Status s = cut_component(*c, part); !s) {
        return s;
      }
      at = part.end;
    }
    return {};
  }

  sim::Status cut_component(const Component& c, const sim::Extent& part) {
    const Raid0 geometry = c.geometry();
    // One object: stripe boundaries separate nothing.
    const bool whole = geometry.stripe_count == 1;
    if (!whole && plan_.chunks_.size() + part.size() / geometry.stripe_size >= kMaxPieces) {
      return too_many_pieces();
    }
    for (sim::Bytes at = part.begin; at < part.end;) {
      const sim::Bytes left = part.end - at;
      const sim::Bytes in_chunk = geometry.stripe_size - at % geometry.stripe_size;
      const sim::Bytes length = whole ? left : std::min(left, in_chunk);
      if (sim::Status s = add_chunk(c, geometry.map(at), at, length); !s) {
        return s;
      }
      at += length;
    }
    return {};
  }

  sim::Status add_chunk(const Component& c, StripePosition position, sim::Bytes file_offset,
                        sim::Bytes length) {
    Chunk chunk;
    chunk.component = layout_.index_of(c);
    chunk.stripe = position.index;
    chunk.object_offset = position.object_offset;
    chunk.file_offset = file_offset;
    chunk.length = length;
    chunk.target = kMdtTarget;
    if (!c.on_mdt()) {
      chunk.target = c.objects[position.index].ost_index;
      if (!options_.target_of_ost.empty()) {
        if (chunk.target >= options_.target_of_ost.size()) {
          return refuse(sim::Errc::not_found,
                        fmt::format("OST {} has no target among {}", chunk.target,
                                    options_.target_of_ost.size()));
        }
        chunk.target = options_.target_of_ost[chunk.target];
      }
    }
    const bool by_file = options_.space == AddressSpace::file;
    chunk.key = by_file ? chunk.target : (std::uint64_t{chunk.component} << 32) + chunk.stripe;
    chunk.address = by_file ? file_offset : position.object_offset;
    plan_.chunks_.push_back(chunk);
    return {};
  }

  // Puts a chunk's bytes into the open request and as many new ones as they fill.
  sim::Status place(const Chunk& chunk) {
    for (sim::Bytes done = 0; done < chunk.length;) {
      if (plan_.pieces.size() >= kMaxPieces) {
        return too_many_pieces();
      }
      std::optional<Join> how;
      if (!plan_.requests.empty() && chunk.key == key_) {
        how = join(options_.coalesce, open_, chunk.address + done, options_.limits);
      }
      if (!how) {
        open(chunk, done);
        how = Join{0, true};
      }
      const sim::Bytes length = std::min(chunk.length - done, open_.room - how->gap);
      append(chunk, done, length, *how);
      done += length;
    }
    return {};
  }

  void open(const Chunk& chunk, sim::Bytes done) {
    const Component& c = layout_.components[chunk.component];
    SubRequest r;
    r.target = chunk.target;
    r.component = chunk.component;
    r.stripe = chunk.stripe;
    r.ost_index = c.on_mdt() ? kMdtTarget : c.objects[chunk.stripe].ost_index;
    r.object = c.on_mdt() ? c.owner : c.objects[chunk.stripe].id;
    r.first_range = static_cast<std::uint32_t>(plan_.ranges.size());
    r.first_piece = static_cast<std::uint32_t>(plan_.pieces.size());
    plan_.requests.push_back(r);
    const sim::Bytes begin = chunk.address + done;
    const bool align = options_.align_rpcs && options_.coalesce != Coalesce::vector;
    key_ = chunk.key;
    open_ = {begin, options_.max_rpc - (align ? begin % options_.max_rpc : 0), 0};
  }

  void append(const Chunk& chunk, sim::Bytes done, sim::Bytes length, const Join& how) {
    SubRequest& r = plan_.requests.back();
    if (how.new_range) {
      plan_.ranges.push_back({chunk.address + done, 0});
      ++r.range_count;
      ++open_.ranges;
    }
    const sim::Bytes taken = how.gap + length;
    plan_.ranges.back().length += taken;
    r.over_fetch += how.gap;
    add_piece(r,
              {chunk.object_offset + done, chunk.file_offset + done, length, r.payload + how.gap});
    r.payload += taken;
    open_.room -= taken;
    open_.end = chunk.address + done + length;
  }

  // Extents that touch give one piece.
  void add_piece(SubRequest& r, const Piece& piece) {
    if (r.piece_count > 0) {
      Piece& last = plan_.pieces.back();
      if (last.file_offset + last.length == piece.file_offset &&
          last.object_offset + last.length == piece.object_offset &&
          last.payload_offset + last.length == piece.payload_offset) {
        last.length += piece.length;
        return;
      }
    }
    plan_.pieces.push_back(piece);
    ++r.piece_count;
  }

  void order_requests() {
    if (plan_.requests.size() < 2) {
      return;
    }
    const auto first_byte = [this](const SubRequest& r) {
      return plan_.pieces[r.first_piece].file_offset;
    };
    std::sort(
        plan_.requests.begin(), plan_.requests.end(),
        [&](const SubRequest& a, const SubRequest& b) { return first_byte(a) < first_byte(b); });
  }

  const Layout& layout_;
  const SplitOptions& options_;
  SplitPlan& plan_;
  OpenRequest open_;
  std::uint64_t key_ = 0;
};

sim::Status split(const Layout& layout, std::span<const sim::Extent> extents,
                  const SplitOptions& options, SplitPlan& plan) {
  plan.clear();
  for (const sim::Status& s : {check_options(options), check_extents(extents)}) {
    if (!s) {
      return s;
    }
  }
  sim::Status status = Splitter(layout, options, plan).run(extents);
  if (!status) {
    plan.clear();
  }
  return status;
}

}  // namespace stripe
