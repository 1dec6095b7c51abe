#include "reports/coherence_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "reports/text_line.h"

namespace reports {
namespace {

// Stories shown; each is some lines long. All are in the json.
constexpr std::size_t kStoriesShown = 2;

// Which guarantees of one kind of register held; nothing if nothing was read.
std::string held_text(std::string_view label, const RegisterCoherence& c) {
  if (c.staleness.reads == 0) {
    return {};
  }
  std::string held;
  std::string broken;
  for (const GuaranteeResult& g : c.guarantees) {
    if (g.violations == 0) {
      held += (held.empty() ? "" : ", ") + g.name;
    } else {
      broken += fmt::format("{}{} ({})", broken.empty() ? "" : ", ", g.name, grouped(g.violations));
    }
  }
  std::string text =
      fmt::format("{} of {} reads stale", grouped(c.staleness.stale), grouped(c.staleness.reads));
  if (c.impossible > 0) {
    text += fmt::format("; {} IMPOSSIBLE", grouped(c.impossible));
  }
  text = line(label, text + (broken.empty() ? "" : "; BROKEN " + broken));
  return text + (held.empty() ? "" : line("", "held " + held));
}

// Every line of a story, indented.
std::string story_text(const std::string& story) {
  std::string text;
  for (std::size_t at = 0; at < story.size();) {
    const std::size_t end = std::min(story.find('\n', at), story.size());
    text += "  " + story.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return text;
}

}  // namespace

std::string purges_text(const PhaseResult& phase) {
  return fmt::format("{} purges, {} failed", grouped(phase.purges), grouped(phase.failed_purges));
}

std::string staleness_text(const ReadStaleness& s, const PhaseResult& phase) {
  std::string text = fmt::format("{} of {} block reads, {} per million", grouped(s.stale),
                                 grouped(s.reads), grouped(s.stale_per_million));
  if (s.undecided > 0) {
    text += fmt::format("; {} undecided", grouped(s.undecided));
  }
  if (phase.false_invalidations > 0) {
    text += fmt::format("; {} false invalidations", grouped(phase.false_invalidations));
  }
  if (phase.purges > 0) {
    text += "; " + purges_text(phase);
  }
  text = line("stale", text);
  if (s.stale > 0) {
    text += line("", fmt::format("age p50 {}, p99 {}, max {}", sim::format_duration(s.age_p50),
                                 sim::format_duration(s.age_p99), sim::format_duration(s.age_max)));
  }
  return text;
}

std::string coherence_text(const Coherence& c) {
  std::string text = "\ncoherence\n";
  text +=
      held_text("blocks", c.blocks) + held_text("sizes", c.sizes) + held_text("times", c.mtimes);
  if (c.lost + c.failed_writes + c.unknown_writes > 0) {
    text += line("writes",
                 fmt::format("{} blocks lost, {} of them after an fsync; {} writes "
                             "failed, {} of unknown outcome ({} of these seen)",
                             grouped(c.lost), grouped(c.lost_after_fsync), grouped(c.failed_writes),
                             grouped(c.unknown_writes), grouped(c.unknown_seen)));
  }
  if (c.undecodable > 0) {
    text += line("", fmt::format("{} block reads name no writer", grouped(c.undecodable)));
  }
  for (std::size_t i = 0; i < std::min(c.stories.size(), kStoriesShown); ++i) {
    text += story_text(c.stories[i]);
  }
  if (c.stories.size() > kStoriesShown) {
    text += fmt::format("  and {} more in the json\n", c.stories.size() - kStoriesShown);
  }
  return text;
}

std::string liveness_text(const Liveness& l) {
  std::string text;
  if (l.evictions + l.lost_bytes + l.unknown_bytes > 0) {
    text = fmt::format("{} evictions, {} for a lock; {} lost, {} unknown", grouped(l.evictions),
                       grouped(l.callback_timeouts), sim::format_bytes(l.lost_bytes),
                       sim::format_bytes(l.unknown_bytes));
  }
  if (l.reconnects > 0) {
    text += fmt::format("{}{} reconnects", text.empty() ? "" : "; ", grouped(l.reconnects));
  }
  sim::Duration longest;
  std::uint64_t replayed = 0;
  for (const Recovery& r : l.recoveries) {
    longest = std::max(longest, r.time);
    replayed += r.replayed_requests;
  }
  if (!l.recoveries.empty()) {
    text += fmt::format("{}{} recoveries, up to {}, {} replayed", text.empty() ? "" : "; ",
                        l.recoveries.size(), sim::format_duration(longest), grouped(replayed));
  }
  text = text.empty() ? text : line("faults", text);
  return l.lost_changes == 0 ? text
                             : text + line("lost", fmt::format("{} changes of names and attributes",
                                                               grouped(l.lost_changes)));
}

}  // namespace reports
