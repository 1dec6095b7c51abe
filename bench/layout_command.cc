#include "bench/layout_command.h"

#include <fmt/core.h>

#include <string_view>

#include "bench/layout_picture.h"
#include "bench/layout_source.h"
#include "bench/layout_warnings.h"
#include "bench/streams.h"
#include "stripe/layout/limits.h"
#include "stripe/layout/lov_ea.h"
#include "stripe/layout/setstripe.h"

namespace bench {
namespace {

std::string_view format_name(stripe::LayoutFormat format) {
  switch (format) {
    case stripe::LayoutFormat::plain:
      return "plain";
    case stripe::LayoutFormat::composite:
      return "composite";
    case stripe::LayoutFormat::self_extending:
      return "self-extending";
  }
  return "unknown";
}

std::string_view state_name(stripe::FlrState state) {
  switch (state) {
    case stripe::FlrState::none:
      return "none";
    case stripe::FlrState::read_only:
      return "in sync";
    case stripe::FlrState::write_pending:
      return "write pending";
    case stripe::FlrState::sync_pending:
      return "sync pending";
    case stripe::FlrState::pcc_read_only:
      return "read-only client cache";
  }
  return "unknown";
}

std::string describe_count(const stripe::Component& c) {
  if (c.stripe_count >= stripe::kAllOstsFirst) {
    return fmt::format("{} per OST, on all OSTs", 0x10000 - c.stripe_count);
  }
  return c.stripe_count == 0 ? "default number" : fmt::format("{}", c.stripe_count);
}

std::string describe_striping(const stripe::Component& c) {
  if (c.on_mdt()) {
    return "data on the MDT";
  }
  if (c.extension()) {
    return fmt::format("extension by {}", sim::format_bytes(c.extension_size()));
  }
  return fmt::format("RAID-0{}, stripes: {}, stripe size {}", c.overstriped() ? " overstriped" : "",
                     describe_count(c),
                     c.stripe_size == 0 ? "default" : sim::format_bytes(c.stripe_size));
}

std::string describe_flags(const stripe::Component& c) {
  std::string text =
      c.instantiated() || c.extension() ? "" : ", not instantiated before its first write";
  text += c.released() ? ", released" : "";
  text += (c.pattern & stripe::kPatternHole) != 0 ? ", hole" : "";
  text += c.stale() ? ", stale" : "";
  text += (c.flags & stripe::kComponentPreferRead) != 0 ? ", preferred for reads" : "";
  text += (c.flags & stripe::kComponentPreferWrite) != 0 ? ", preferred for writes" : "";
  text += (c.flags & stripe::kComponentNoSync) != 0 ? ", not resynced" : "";
  text += c.pool.empty() ? "" : fmt::format(", pool {}", c.pool);
  return text;
}

std::string describe_end(sim::Bytes end) {
  return end == sim::kEof ? "EOF" : sim::format_bytes(end);
}

void show_component(const stripe::Layout& layout, const stripe::Component& c, std::ostream& out) {
  out << fmt::format("\ncomponent {}", layout.index_of(c) + 1);
  if (layout.mirror_count() > 1) {
    out << fmt::format(" of mirror {}", c.mirror_id());
  }
  out << fmt::format(": [{}, {})  {}{}\n", describe_end(c.extent.begin), describe_end(c.extent.end),
                     describe_striping(c), describe_flags(c));
  const bool has_geometry =
      c.stripe_size != 0 && !c.extension() && !c.extent.empty() &&
      (c.on_mdt() || (c.stripe_count != 0 && c.stripe_count < stripe::kAllOstsFirst));
  if (has_geometry) {
    out << draw_component(c);
  }
}

void show_head(const LayoutSource& source, std::ostream& out) {
  const stripe::Layout& layout = source.layout;
  if (source.wanted) {
    out << fmt::format("options: {}\n", stripe::print_setstripe(*source.wanted));
  }
  out << fmt::format("layout: {}, generation {}, components {}", format_name(layout.format),
                     layout.generation(), layout.components.size());
  if (layout.mirror_count() > 1) {
    out << fmt::format(", mirrors {} ({})", layout.mirror_count(), state_name(layout.flr_state()));
  }
  out << '\n';
  if (source.wanted) {
    out << fmt::format(
        "OSTs: {}{}; a file just created, its OSTs given out round robin from 0 where none is "
        "named, its objects numbered from 1\n",
        source.ost_count, source.ost_count_assumed ? " (assumed)" : "");
  }
}

}  // namespace

int layout_show(const std::string& argument, std::optional<std::uint32_t> ost_count,
                std::ostream& out, std::ostream& err) {
  const auto source = read_layout_source(argument, ost_count);
  if (!source) {
    err << "stripelab: layout show: " << source.error().message << '\n';
    return kBadInput;
  }
  const auto bytes = stripe::encode_lov_ea(source->layout);
  if (!bytes) {
    err << "stripelab: layout show: " << bytes.error().message << '\n';
    return kBadInput;
  }
  show_head(*source, out);
  for (const stripe::Component& c : source->layout.components) {
    show_component(source->layout, c, out);
  }
  const std::vector<std::string> warnings = layout_warnings(*source);
  out << (warnings.empty() ? "" : "\nremarks\n");
  for (const std::string& warning : warnings) {
    out << fmt::format("  {}\n", warning);
  }
  out << fmt::format("\ntrusted.lov, {} bytes\n{}", bytes->size(), draw_bytes(*bytes));
  out.flush();
  return kDone;
}

}  // namespace bench
