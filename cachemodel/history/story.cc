#include "cachemodel/history/story.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "cachemodel/history/sweep.h"

namespace cachemodel {
namespace {

constexpr std::uint64_t kSequenceMask = (std::uint64_t{1} << 40) - 1;

std::string_view basis_text(Basis basis) {
  switch (basis) {
    case Basis::fetched:
      return "the server answered this very read";
    case Basis::lock:
      return "cached, valid under an LDLM lock granted";
    case Basis::lease:
      return "cached, valid under an oplock or lease granted";
    case Basis::attributes:
      return "cached, believed valid because attributes were checked";
    case Basis::own_write:
      return "cached, the client's own write made";
    case Basis::unstated:
      break;
  }
  return "why it was believed valid is not recorded";
}

}  // namespace

std::string format_instant(sim::TimePoint at) {
  constexpr std::uint64_t kSecond = 1000000000;
  const bool negative = at.ns() < 0;
  const auto ns = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(at.ns())
                           : static_cast<std::uint64_t>(at.ns());
  return fmt::format("{}{}.{:09} s", negative ? "-" : "", ns / kSecond, ns % kSecond);
}

bool Storybook::wants(const std::string& kind, sim::TimePoint at) const {
  const auto found = kept_.find(kind);
  return per_kind_ > 0 &&
         (found == kept_.end() || found->second.size() < per_kind_ || at < found->second.back().at);
}

void Storybook::add(Story story) {
  if (!wants(story.kind, story.at)) {
    return;
  }
  std::vector<Story>& kept = kept_[story.kind];
  const auto place = std::ranges::upper_bound(kept, story.at, {}, &Story::at);
  kept.insert(place, std::move(story));
  if (kept.size() > per_kind_) {
    kept.pop_back();
  }
}

std::vector<Story> Storybook::take() {
  std::vector<Story> all;
  for (auto& [kind, kept] : kept_) {
    std::ranges::move(kept, std::back_inserter(all));
  }
  kept_.clear();
  std::ranges::stable_sort(all, {}, &Story::at);
  return all;
}

std::string Teller::file_name() const {
  return options_.file_name ? options_.file_name(file_.file) : fmt::format("file {}", file_.file);
}

std::string Teller::read(const ReadEvent& read, sim::Extent range) const {
  return fmt::format("client {} read [{} B, {} B) of {} from {} to {}", read.client, range.begin,
                     range.end, file_name(), format_instant(read.call.invoked),
                     format_instant(read.call.returned));
}

std::string Teller::write(std::string_view label, std::uint32_t index) const {
  if (index == kNobody) {
    return fmt::format("\n  {}: zeros, as if nobody had written", label);
  }
  const Write& write = file_.writes[index];
  const std::string_view ending = write.ending == Ending::ok       ? "acknowledged"
                                  : write.ending == Ending::failed ? "failed"
                                                                   : "given up, its fate unknown,";
  return fmt::format("\n  {}: {} {} of client {} to [{} B, {} B), issued at {}, {} at {}", label,
                     write.zeros ? "punch" : "write", write.stamp & kSequenceMask,
                     client_of(write.stamp), write.range.begin, write.range.end,
                     format_instant(write.call.invoked), ending,
                     format_instant(write.call.returned));
}

std::string Teller::basis(Basis basis, sim::TimePoint since) const {
  const bool dated = basis != Basis::fetched && basis != Basis::unstated;
  return fmt::format("\n  why: {}{}", basis_text(basis),
                     dated ? " at " + format_instant(since) : "");
}

}  // namespace cachemodel
