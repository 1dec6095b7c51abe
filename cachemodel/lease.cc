#include "cachemodel/lease.h"

#include <algorithm>

namespace cachemodel {

std::string_view lease_level_name(LeaseLevel level) {
  constexpr std::string_view kNames[] = {"none", "level II", "exclusive"};
  return kNames[static_cast<std::size_t>(level)];
}

LeaseTable::Opener* LeaseTable::find(const LeaseFile& file, LeaseClient client) {
  const auto openers = files_.find(file);
  if (openers == files_.end()) {
    return nullptr;
  }
  const auto found = openers->second.find(client);
  return found == openers->second.end() ? nullptr : &found->second;
}

std::vector<LeaseBreak> LeaseTable::open(const LeaseFile& file, LeaseClient client) {
  std::vector<LeaseBreak> breaks;
  Openers& openers = files_[file];
  ++openers[client].opens;
  for (const auto& [other, opener] : openers) {
    if (other != client && opener.level == LeaseLevel::read_write) {
      breaks.push_back({other, LeaseLevel::read});
    }
  }
  return breaks;
}

LeaseLevel LeaseTable::grant(const LeaseFile& file, LeaseClient client) {
  Opener* const opener = find(file, client);
  if (opener == nullptr) {
    return LeaseLevel::none;
  }
  bool alone = true;
  bool written = false;
  bool kept = false;  // somebody has not given up the right to write behind
  for (const auto& [other, theirs] : files_.at(file)) {
    written |= theirs.writes > 0;
    if (other != client) {
      alone = false;
      kept |= theirs.level == LeaseLevel::read_write;
    }
  }
  const LeaseLevel offer = alone ? LeaseLevel::read_write : LeaseLevel::read;
  const LeaseLevel granted = written || kept ? LeaseLevel::none : offer;
  // What it holds above that is being broken, and counts as held until the answer.
  opener->level = std::max(opener->level, granted);
  return granted;
}

std::vector<LeaseBreak> LeaseTable::begin_write(const LeaseFile& file, LeaseClient client) {
  std::vector<LeaseBreak> breaks;
  Opener* const writer = find(file, client);
  if (writer == nullptr) {
    return breaks;
  }
  ++writer->writes;
  writer->level = LeaseLevel::none;
  for (const auto& [other, opener] : files_.at(file)) {
    if (other != client && opener.level != LeaseLevel::none) {
      breaks.push_back({other, LeaseLevel::none});
    }
  }
  return breaks;
}

void LeaseTable::end_write(const LeaseFile& file, LeaseClient client) {
  if (Opener* const writer = find(file, client); writer != nullptr && writer->writes > 0) {
    --writer->writes;
  }
}

void LeaseTable::lower(const LeaseFile& file, LeaseClient client, LeaseLevel to) {
  if (Opener* const opener = find(file, client)) {
    opener->level = std::min(opener->level, to);
  }
}

bool LeaseTable::close(const LeaseFile& file, LeaseClient client) {
  Opener* const opener = find(file, client);
  if (opener == nullptr) {
    return false;
  }
  if (--opener->opens == 0) {
    Openers& openers = files_.at(file);
    openers.erase(client);
    if (openers.empty()) {
      files_.erase(file);
    }
  }
  return true;
}

void LeaseTable::forget(LeaseClient client) {
  for (auto& [file, openers] : files_) {
    openers.erase(client);
  }
  std::erase_if(files_, [](const auto& entry) { return entry.second.empty(); });
}

bool LeaseTable::is_open(const LeaseFile& file, LeaseClient client) const {
  const auto openers = files_.find(file);
  return openers != files_.end() && openers->second.contains(client);
}

LeaseLevel LeaseTable::level(const LeaseFile& file, LeaseClient client) const {
  const auto openers = files_.find(file);
  if (openers == files_.end()) {
    return LeaseLevel::none;
  }
  const auto found = openers->second.find(client);
  return found == openers->second.end() ? LeaseLevel::none : found->second.level;
}

}  // namespace cachemodel
