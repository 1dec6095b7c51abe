#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "stripe/layout/layout.h"
#include "stripe/layout/setstripe.h"
#include "stripe/layout/setstripe_inherit.h"
#include "stripe/layout/setstripe_text.h"

namespace stripe {
namespace {

std::string print_flags(std::uint32_t flags) {
  constexpr std::uint32_t kPrefer = kComponentPreferRead | kComponentPreferWrite;
  std::string text;
  const auto add = [&](std::string_view name) {
    text += text.empty() ? "" : ",";
    text += name;
  };
  if ((flags & kPrefer) == kPrefer) {
    add("prefer");
  } else if ((flags & kComponentPreferRead) != 0) {
    add("prefrd");
  } else if ((flags & kComponentPreferWrite) != 0) {
    add("prefwr");
  }
  if ((flags & kComponentNoSync) != 0) {
    add("nosync");
  }
  return text;
}

class Printer {
 public:
  void option(std::string_view name, std::string_view value) {
    text_ += fmt::format("{}{} {}", text_.empty() ? "" : " ", name, value);
  }

  void mirror(std::uint16_t copies) {
    text_ += fmt::format("{}-N{}", text_.empty() ? "" : " ", copies);
  }

  void component(const ComponentTemplate& c) {
    if (c.on_mdt) {
      option("-L", "mdt");
    } else {
      striping(c);
    }
    if (c.pool != inherited_.pool) {
      option("-p", c.pool.empty() ? "none" : c.pool);
    }
    if (c.flags != 0) {
      option("--component-flags", print_flags(c.flags));
    }
    inherited_.pass(c);
  }

  std::string text() && { return std::move(text_); }

 private:
  void striping(const ComponentTemplate& c) {
    if (c.overstriped) {
      option("-C", fmt::format("{}", c.stripe_count));
    } else if (c.osts.empty() && c.stripe_count != inherited_.stripe_count) {
      option("-c", fmt::format("{}", c.stripe_count));
    }
    if (c.stripe_size != inherited_.stripe_size) {
      option("-S", print_lfs_size(c.stripe_size));
    }
    if (c.first_ost) {
      option("-i", fmt::format("{}", *c.first_ost));
    }
    if (!c.osts.empty()) {
      option("-o", print_ost_list(c.osts));
    }
  }

  std::string text_;
  Inherited inherited_;
};

}  // namespace

std::string print_setstripe(const LayoutTemplate& wanted) {
  Printer printer;
  for (const MirrorTemplate& mirror : wanted.mirrors) {
    if (wanted.mirrored) {
      printer.mirror(mirror.copies);
    }
    for (const ComponentTemplate& c : mirror.components) {
      // A mirror without ends is one component to EOF, and says so by leaving the end out.
      if (wanted.composite) {
        printer.option("-E", c.end == sim::kEof ? "-1" : print_lfs_size(c.end));
      }
      printer.component(c);
    }
  }
  std::string text = std::move(printer).text();
  return text.empty() ? "-c 0" : text;
}

}  // namespace stripe
