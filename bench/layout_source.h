// What `layout show` is given, turned into a layout with an OST for every stripe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/status.h"
#include "stripe/layout/layout.h"
#include "stripe/layout/layout_template.h"

namespace bench {

// A layout to look at, and how it came about.
struct LayoutSource {
  stripe::Layout layout;
  std::optional<stripe::LayoutTemplate> wanted;  // when it was made from options
  std::uint32_t ost_count = 0;                   // OSTs there are, or were assumed; 0 if unknown
  bool ost_count_assumed = false;
};

// The bytes in a file's content: themselves, or written in hexadecimal, as `getfattr -e hex` or
// `xxd -p` do ("trusted.lov=0x..." and lines beginning with # are understood).
sim::Result<std::vector<std::byte>> layout_bytes(std::string_view content);

// Whether `argument` is an `lfs setstripe` string: it begins with - or the word lfs, or is empty.
bool is_setstripe(std::string_view argument);

// Reads an `lfs setstripe` string or else the path of a file with layout bytes, at most 1 MiB. A
// layout made from options is that of a file just created: components that begin at 0 have objects,
// numbered from 1, on OSTs round robin from 0 where the options name none. Without `ost_count` as
// many OSTs are assumed as the options need, and 8 where they ask for all.
sim::Result<LayoutSource> read_layout_source(const std::string& argument,
                                             std::optional<std::uint32_t> ost_count);

}  // namespace bench
