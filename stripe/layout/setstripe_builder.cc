#include "stripe/layout/setstripe_builder.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stripe/layout/layout.h"
#include "stripe/layout/limits.h"
#include "stripe/layout/setstripe_text.h"

namespace stripe {
namespace {

struct FlagName {
  std::string_view name;
  std::uint32_t flags;
};

constexpr std::array kFlags = {
    FlagName{"prefer", kComponentPreferRead | kComponentPreferWrite},
    FlagName{"prefrd", kComponentPreferRead},
    FlagName{"prefwr", kComponentPreferWrite},
    FlagName{"nosync", kComponentNoSync},
};

sim::Error refuse(std::string message) { return {sim::Errc::invalid_argument, std::move(message)}; }

sim::Status once(bool& given, std::string_view what) {
  if (std::exchange(given, true)) {
    return refuse(fmt::format("{} is given twice for one component", what));
  }
  return {};
}

sim::Result<std::uint32_t> parse_flag(std::string_view name) {
  const auto found = std::find_if(kFlags.begin(), kFlags.end(),
                                  [name](const FlagName& f) { return f.name == name; });
  if (found == kFlags.end()) {
    return refuse(fmt::format(
        "component flag \"{}\"; prefer, prefrd, prefwr and nosync can be asked for", name));
  }
  return found->flags;
}

}  // namespace

sim::Status SetstripeBuilder::count(std::string_view value, bool overstriped) {
  const std::string_view what = overstriped ? "overstripe count" : "stripe count";
  const std::int64_t lowest = overstriped ? -std::int64_t{kMaxOverstripeFactor} : -1;
  const auto number = parse_lfs_number(value, what, lowest, kMaxStripeCount);
  if (!number) {
    return number.error();
  }
  current_.stripe_count = static_cast<std::int32_t>(*number);
  current_.overstriped = overstriped;
  return once(given_.count, "stripe count");
}

sim::Status SetstripeBuilder::stripe_size(std::string_view value) {
  const auto size = parse_lfs_size(value, "stripe size");
  if (!size) {
    return size.error();
  }
  current_.stripe_size = *size;
  return once(given_.size, "stripe size");
}

sim::Status SetstripeBuilder::stripe_index(std::string_view value) {
  const auto index = parse_lfs_number(value, "stripe index", -1, kMaxOstIndex);
  if (!index) {
    return index.error();
  }
  if (*index >= 0) {
    current_.first_ost = static_cast<std::uint32_t>(*index);
  }
  return once(given_.index, "stripe index");
}

sim::Status SetstripeBuilder::ost(std::string_view value) {
  const auto osts = parse_ost_list(value);
  if (!osts) {
    return osts.error();
  }
  current_.osts.insert(current_.osts.end(), osts->begin(), osts->end());
  given_.osts = true;
  return {};
}

sim::Status SetstripeBuilder::pool(std::string_view value) {
  // The file system's name may stand in front, as fsname.pool.
  const std::size_t dot = value.rfind('.');
  const std::string_view name = dot == std::string_view::npos ? value : value.substr(dot + 1);
  current_.pool = name == "none" ? std::string_view() : name;
  return once(given_.pool, "pool");
}

sim::Status SetstripeBuilder::layout(std::string_view value) {
  if (value != "raid0" && value != "mdt") {
    return refuse(fmt::format("layout \"{}\"; raid0 or mdt would be right", value));
  }
  current_.on_mdt = value == "mdt";
  return once(given_.layout, "layout");
}

sim::Status SetstripeBuilder::component_end(std::string_view value) {
  if (given_.end) {
    if (sim::Status s = finish_component(); !s) {
      return s;
    }
  }
  given_.end = true;
  wanted_.composite = true;
  if (value == "-1" || value == "eof" || value == "EOF") {
    current_.end = sim::kEof;
    return {};
  }
  const auto end = parse_lfs_size(value, "component end");
  if (!end) {
    return end.error();
  }
  current_.end = *end;
  return {};
}

sim::Status SetstripeBuilder::mirror_count(std::string_view value) {
  const auto copies = parse_lfs_number(value, "mirror count", 1, kMaxMirrors);
  if (!copies) {
    return copies.error();
  }
  if (!wanted_.mirrored && given_ != Given{}) {
    return refuse("-N begins a mirror, and the options before it belong to none; put -N first");
  }
  if (wanted_.mirrored) {
    if (sim::Status s = finish_component(); !s) {
      return s;
    }
  }
  wanted_.mirrored = true;
  wanted_.mirrors.push_back({static_cast<std::uint16_t>(*copies), {}});
  return {};
}

sim::Status SetstripeBuilder::component_flags(std::string_view value) {
  for (;;) {
    const std::size_t comma = value.find(',');
    const auto flags = parse_flag(value.substr(0, comma));
    if (!flags) {
      return flags.error();
    }
    current_.flags |= *flags;
    if (comma == std::string_view::npos) {
      return once(given_.flags, "component flags");
    }
    value.remove_prefix(comma + 1);
  }
}

// Data on the MDT: a stripe size may be said, as in lfs, if it is the component's end.
sim::Status SetstripeBuilder::settle_dom() {
  if (given_.size && current_.stripe_size != 0 && current_.stripe_size != current_.end) {
    return refuse(
        fmt::format("stripe size {} for data on the MDT; leave it out, it is the component's end",
                    current_.stripe_size));
  }
  if (given_.count || given_.index || given_.osts) {
    return refuse("data on the MDT has no stripes: leave out -c, -C, -i and -o");
  }
  current_.stripe_size = 0;
  current_.stripe_count = 0;
  return {};
}

// The list decides the count where none was given; an OST twice in it is overstriping, as in lfs.
void SetstripeBuilder::settle_osts() {
  if (!given_.count || current_.stripe_count == 0) {
    current_.stripe_count = static_cast<std::int32_t>(current_.osts.size());
  }
  std::vector<std::uint32_t> sorted = current_.osts;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    current_.overstriped = true;
  }
}

sim::Status SetstripeBuilder::finish_component() {
  if (current_.on_mdt) {
    if (sim::Status s = settle_dom(); !s) {
      return s;
    }
  } else if (given_.osts) {
    settle_osts();
  }
  if (wanted_.mirrors.empty()) {
    wanted_.mirrors.emplace_back();
  }
  inherited_.pass(current_);
  wanted_.mirrors.back().components.push_back(std::exchange(current_, inherited_.fresh()));
  given_ = {};
  return {};
}

sim::Result<LayoutTemplate> SetstripeBuilder::finish() && {
  if (sim::Status s = finish_component(); !s) {
    return s.error();
  }
  if (sim::Status s = check_template(wanted_); !s) {
    return s.error();
  }
  return std::move(wanted_);
}

}  // namespace stripe
