// Layouts as people write them: the options of `lfs setstripe`.
//
//   -c, --stripe-count N        0 default, -1 all OSTs
//   -C, --overstripe-count N    stripes may share an OST; -K is K stripes on every OST
//   -S, --stripe-size SIZE      0 default
//   -i, --stripe-index OST      -1 any
//   -o, --ost LIST              exactly these, as 0-3,7
//   -p, --pool NAME             "none" or '' for none
//   -L, --layout raid0|mdt
//   -E, --component-end SIZE    or -1, eof; begins a component
//   -N[COUNT], --mirror-count   begins a mirror
//   --component-flags LIST      prefer, prefrd, prefwr, nosync
//
// A component inherits stripe size, stripe count and pool from the one before it, as in lfs; OSTs,
// overstriping and flags it does not.
#pragma once

#include <string>
#include <string_view>

#include "sim/status.h"
#include "stripe/layout/layout_template.h"

namespace stripe {

// Reads an option string. Nothing at all is the file system's default layout. Also takes the whole
// command, "lfs setstripe OPTIONS PATH", and ignores the path. Refuses what Lustre would refuse
// (check_template), options given twice for one component, and options that do not make a layout.
sim::Result<LayoutTemplate> parse_setstripe(std::string_view text);

// The options that make `wanted`, which must pass check_template: parse_setstripe gives it back.
std::string print_setstripe(const LayoutTemplate& wanted);

}  // namespace stripe
