#include "stripe/client/stat_ahead.h"

#include <algorithm>

namespace stripe {
namespace {

// Lustre 2.17: statahead_running_max, and after how long one that nobody follows ends.
constexpr std::size_t kMostScans = 16;
constexpr sim::Duration kIdle = sim::seconds(30);
// When it is worth it no more: so many misses in a row, or, after so many hits, a fifth of misses.
constexpr std::uint64_t kPatience = 32;
constexpr std::uint64_t kHitsForAMiss = 4;

}  // namespace

StatAhead::StatAhead(ClientContext& context, Mdc& mdc, Glimpse glimpse)
    : context_(context), mdc_(mdc), glimpse_(std::move(glimpse)), tasks_(context.loop) {}

// Null unless `name` is the first entry of a directory that was read.
StatAhead::Scan* StatAhead::begin(const Fid& directory, const std::string& name) {
  const Entries entries = mdc_.locks()->entries(directory);
  if (!entries || entries->size() < 2 || entries->front().name != name) {
    return nullptr;
  }
  std::erase_if(scans_, [this](const auto& entry) {
    return context_.loop.now() - entry.second.used > kIdle;
  });
  if (scans_.size() >= kMostScans) {
    return nullptr;
  }
  Scan& scan = scans_[directory];
  scan = Scan();
  scan.entries = entries;
  scan.window = std::min(kFirstWindow, context_.design.statahead_max);
  return &scan;
}

// False if it is to stop.
bool StatAhead::go_on(Scan& scan, const std::string& name) const {
  if (scan.at + 1 < scan.entries->size() && (*scan.entries)[scan.at + 1].name == name) {
    ++scan.at;
    ++scan.hits;
    scan.misses_in_a_row = 0;
    scan.window = std::min(scan.window * 2, context_.design.statahead_max);
    return scan.at + 1 < scan.entries->size();
  }
  ++scan.misses;
  ++scan.misses_in_a_row;
  const bool rarely = scan.hits > kPatience && scan.hits < kHitsForAMiss * scan.misses;
  return !rarely && scan.misses_in_a_row <= kPatience;
}

void StatAhead::ask(const Fid& directory, Scan& scan) {
  const std::size_t end = std::min(scan.at + 1 + scan.window, scan.entries->size());
  for (; scan.asked < end; ++scan.asked) {
    const DirEntry& entry = (*scan.entries)[scan.asked];
    if (mdc_.locks()->child(directory, entry.name) != nullptr &&
        mdc_.locks()->attributes(entry.fid) != nullptr) {
      continue;
    }
    auto here = std::make_shared<sim::Event>(context_.loop, "attributes asked for ahead");
    scan.on_their_way.insert_or_assign(entry.name, here);
    tasks_.spawn(ask_one(directory, entry.name, std::move(here)), "statahead",
                 sim::TaskKind::daemon);
  }
}

sim::Task<void> StatAhead::ask_one(Fid directory, std::string name,
                                   std::shared_ptr<sim::Event> here) {
  MdsIntentRequest request;
  request.intent = Intent::getattr;
  request.parent = directory;
  request.name = name;
  const auto result = co_await mdc_.intent(std::move(request));
  if (result.ok() && result.body->attr.type == FileType::file) {
    co_await glimpse_(*result.body);
  }
  here->set();
  if (const auto scan = scans_.find(directory); scan != scans_.end()) {
    const auto waited = scan->second.on_their_way.find(name);
    if (waited != scan->second.on_their_way.end() && waited->second == here) {
      scan->second.on_their_way.erase(waited);
    }
  }
}

sim::Task<void> StatAhead::before(Fid directory, std::string name) {
  if (context_.design.statahead_max == 0 || name.empty()) {
    co_return;
  }
  const auto found = scans_.find(directory);
  std::shared_ptr<sim::Event> wait;
  if (found == scans_.end()) {
    if (Scan* scan = begin(directory, name)) {
      scan->used = context_.loop.now();
      ask(directory, *scan);
    }
    co_return;
  }
  Scan& scan = found->second;
  scan.used = context_.loop.now();
  if (const auto coming = scan.on_their_way.find(name); coming != scan.on_their_way.end()) {
    wait = coming->second;
  }
  if (go_on(scan, name)) {
    ask(directory, scan);
  } else {
    scans_.erase(found);
  }
  if (wait) {
    co_await wait->wait();
  }
}

}  // namespace stripe
