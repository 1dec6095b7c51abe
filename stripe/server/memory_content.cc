#include "stripe/server/memory_content.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace stripe {

using sim::Bytes;
using sim::Extent;
using transport::ContentRun;
using transport::Payload;

MemoryContent::Object* MemoryContent::find(ObjectId object) const {
  const auto it = objects_.find(object);
  return it == objects_.end() ? nullptr : it->second.get();
}

sim::Status MemoryContent::create(ObjectId object) {
  const auto [it, is_new] = objects_.try_emplace(object);
  if (!is_new) {
    return object_exists(object);
  }
  it->second = std::make_unique<Object>();
  return {};
}

sim::Status MemoryContent::destroy(ObjectId object) {
  return objects_.erase(object) == 1 ? sim::Status() : object_not_found(object);
}

sim::Status MemoryContent::write(ObjectId object, Bytes offset, Payload data) {
  Object* o = find(object);
  if (o == nullptr) {
    return object_not_found(object);
  }
  if (data.size() == 0) {
    return {};
  }
  o->size = std::max(o->size, offset + data.size());
  if (data.has_bytes()) {
    put_bytes(*o, offset, data);
  } else {
    put_runs(*o, offset, data);
  }
  return {};
}

void MemoryContent::put_runs(Object& object, Bytes offset, const Payload& data) {
  object.origins.erase(Interval(offset, offset + data.size()));
  Bytes at = offset;
  for (const ContentRun& run : data.runs()) {
    if (run.stamp.value != 0) {
      object.origins.set(
          {Interval(at, at + run.length), Origin{false, run.file, run.offset - at, run.stamp}});
    }
    at += run.length;
  }
}

namespace {

// Calls `visit(page number, first byte in the page, first byte in the range, length)` for every
// page that `range` touches.
template <typename Visit>
void for_each_page(Extent range, Visit visit) {
  for (Bytes at = range.begin; at < range.end;) {
    const Bytes within = at % MemoryContent::kPage;
    const Bytes n = std::min(MemoryContent::kPage - within, range.end - at);
    visit(at / MemoryContent::kPage, within, at - range.begin, n);
    at += n;
  }
}

}  // namespace

void MemoryContent::put_bytes(Object& object, Bytes offset, const Payload& data) {
  object.bytes = true;
  const Extent range{offset, offset + data.size()};
  object.origins.set({Interval(range.begin, range.end), Origin{true, 0, 0, {}}});
  for_each_page(range, [&](Bytes number, Bytes within, Bytes at, Bytes n) {
    std::unique_ptr<std::byte[]>& page = object.pages[number];
    if (page == nullptr) {
      page = std::make_unique<std::byte[]>(kPage);
    }
    std::memcpy(page.get() + within, data.bytes().data() + at, n);
  });
}

sim::Result<Payload> MemoryContent::read(ObjectId object, Extent range) const {
  const Object* o = find(object);
  if (o == nullptr) {
    return object_not_found(object);
  }
  const Extent cut = range.intersect({0, o->size});
  if (cut.empty()) {
    return Payload();
  }
  return o->bytes ? read_bytes(*o, cut) : read_runs(*o, cut);
}

Payload MemoryContent::read_runs(const Object& object, Extent range) {
  Payload data;
  Bytes at = range.begin;
  const auto [first, last] = object.origins.equal_range(Interval(range.begin, range.end));
  for (auto it = first; it != last; ++it) {
    const Extent part = range.intersect({it->first.lower(), it->first.upper()});
    data.append(Payload::zeros(part.begin - at));
    const Origin& origin = it->second;
    data.append(
        Payload(ContentRun{origin.file, part.begin + origin.shift, part.size(), origin.stamp}));
    at = part.end;
  }
  data.append(Payload::zeros(range.end - at));
  return data;
}

Payload MemoryContent::read_bytes(const Object& object, Extent range) {
  auto out = std::make_unique<std::byte[]>(range.size());
  const auto [first, last] = object.origins.equal_range(Interval(range.begin, range.end));
  for (auto it = first; it != last; ++it) {
    const Extent part = range.intersect({it->first.lower(), it->first.upper()});
    std::byte* to = out.get() + (part.begin - range.begin);
    const Origin& origin = it->second;
    if (!origin.paged) {
      transport::fill_content({origin.file, part.begin + origin.shift, part.size(), origin.stamp},
                              std::span(to, part.size()));
      continue;
    }
    for_each_page(part, [&](Bytes number, Bytes within, Bytes at, Bytes n) {
      std::memcpy(to + at, object.pages.at(number).get() + within, n);
    });
  }
  return Payload(std::move(out), range.size());
}

sim::Status MemoryContent::truncate(ObjectId object, Bytes size) {
  Object* o = find(object);
  if (o == nullptr) {
    return object_not_found(object);
  }
  if (size < o->size) {
    // A page that the new end cuts keeps its tail, but the tail has no origin any more.
    o->origins.erase(Interval(size, sim::kEof));
    o->pages.erase(o->pages.lower_bound(size / kPage + (size % kPage == 0 ? 0 : 1)),
                   o->pages.end());
  }
  o->size = size;
  return {};
}

sim::Result<Bytes> MemoryContent::size(ObjectId object) const {
  const Object* o = find(object);
  if (o == nullptr) {
    return object_not_found(object);
  }
  return o->size;
}

}  // namespace stripe
