#include "stripe/server/oss_cache.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "stripe/server/object_hash.h"

namespace stripe {

using sim::Bytes;
using sim::Extent;

namespace {

constexpr std::uint64_t kPagesPerGranule = 64;

// Bits [begin, end) of a granule.
std::uint64_t bits(std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t below_end = end == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << end) - 1;
  return below_end & ~((std::uint64_t{1} << begin) - 1);
}

}  // namespace

sim::Status check_oss_cache(const OssCacheParams& params) {
  if (!std::has_single_bit(params.granule) || params.granule < 64 * sim::kKiB ||
      params.granule > 64 * sim::kMiB) {
    return sim::Error{sim::Errc::invalid_argument,
                      fmt::format("granule is {} bytes; it must be a power of two from 64 KiB to "
                                  "64 MiB",
                                  params.granule)};
  }
  return {};
}

OssCache::OssCache(const OssCacheParams& params)
    : params_(params), page_(params.granule / kPagesPerGranule) {
  sim::check(check_oss_cache(params).ok(), "a page cache's parameters are checked before");
}

std::size_t OssCache::KeyHash::operator()(const Key& key) const {
  const ObjectId mixed{key.object.seq ^ (std::uint64_t{key.store} << 40),
                       key.object.oid ^ (key.granule << 24) ^ (key.granule >> 40)};
  return ObjectIdHash()(mixed);
}

// Calls visit(granule number, mask of its pages) for every granule that `pages` touches.
template <typename Visit>
void OssCache::for_each_granule(Pages pages, Visit visit) const {
  for (std::uint64_t at = pages.begin; at < pages.end;) {
    const std::uint64_t granule = at / kPagesPerGranule;
    const std::uint64_t first = granule * kPagesPerGranule;
    const std::uint64_t stop = std::min(pages.end, first + kPagesPerGranule);
    visit(granule, bits(at - first, stop - first));
    at = stop;
  }
}

const OssCache::Entry* OssCache::find(const Key& key) const {
  const auto& by_key = entries_.get<1>();
  const auto it = by_key.find(key);
  return it == by_key.end() ? nullptr : &*it;
}

void OssCache::look_up(std::uint32_t store, ObjectId object, Extent range, ExtentList& missing) {
  const Pages pages{range.begin / page_, (range.end + page_ - 1) / page_};
  for_each_granule(pages, [&](std::uint64_t granule, std::uint64_t wanted) {
    const Entry* entry = find({store, object, granule});
    if (entry != nullptr) {
      entries_.relocate(entries_.begin(), entries_.iterator_to(*entry));
    }
    std::uint64_t absent = entry == nullptr ? wanted : wanted & ~entry->pages;
    const auto count = static_cast<Bytes>(std::popcount(absent));
    misses_ += count * page_;
    hits_ += (static_cast<Bytes>(std::popcount(wanted)) - count) * page_;
    while (absent != 0) {
      const auto first = static_cast<std::uint64_t>(std::countr_zero(absent));
      const auto length = static_cast<std::uint64_t>(std::countr_one(absent >> first));
      const Bytes begin = (granule * kPagesPerGranule + first) * page_;
      if (!missing.empty() && missing.back().end == begin) {
        missing.back().end += length * page_;
      } else {
        missing.push_back({begin, begin + length * page_});
      }
      absent &= ~bits(first, first + length);
    }
  });
}

void OssCache::keep(std::uint32_t store, ObjectId object, Extent range, Bytes size) {
  const Bytes end = range.end >= size ? range.end + page_ - 1 : range.end;
  const Pages pages{(range.begin + page_ - 1) / page_, end / page_};
  for_each_granule(pages, [&](std::uint64_t granule, std::uint64_t mask) {
    const auto [it, is_new] = entries_.push_front({{store, object, granule}, 0});
    if (!is_new) {
      entries_.relocate(entries_.begin(), it);
    }
    used_ += static_cast<Bytes>(std::popcount(mask & ~it->pages)) * page_;
    it->pages |= mask;
  });
  evict();
}

void OssCache::drop_pages(const Entry& entry, std::uint64_t mask) {
  used_ -= static_cast<Bytes>(std::popcount(mask & entry.pages)) * page_;
  entry.pages &= ~mask;
  if (entry.pages == 0) {
    entries_.erase(entries_.iterator_to(entry));
  }
}

void OssCache::drop(std::uint32_t store, ObjectId object, Extent range) {
  if (range.empty() || entries_.empty()) {
    return;
  }
  const Pages pages{range.begin / page_, (range.end - 1) / page_ + 1};
  if ((pages.end - pages.begin) / kPagesPerGranule <= entries_.size()) {
    for_each_granule(pages, [&](std::uint64_t granule, std::uint64_t mask) {
      if (const Entry* entry = find({store, object, granule}); entry != nullptr) {
        drop_pages(*entry, mask);
      }
    });
    return;
  }
  // A sparse object may have far more granules than the cache; then the cache is looked through.
  for (auto it = entries_.begin(); it != entries_.end();) {
    const Entry& entry = *it++;
    const std::uint64_t first = entry.key.granule * kPagesPerGranule;
    const std::uint64_t begin = std::max(pages.begin, first);
    const std::uint64_t end = std::min(pages.end, first + kPagesPerGranule);
    if (entry.key.store == store && entry.key.object == object && begin < end) {
      drop_pages(entry, bits(begin - first, end - first));
    }
  }
}

void OssCache::evict() {
  while (used_ > params_.size) {
    drop_pages(entries_.back(), ~std::uint64_t{0});
  }
}

void OssCache::clear() {
  entries_.clear();
  used_ = 0;
}

}  // namespace stripe
