// Lustre's rules for a whole layout.
#pragma once

#include "sim/status.h"
#include "stripe/layout/layout.h"

namespace stripe {

// Ok when a Lustre client would accept `layout`; otherwise the first broken rule, with the
// component
// ("component 2: ...", counted from 1 as stored) and what would be right. A layout that passes may
// be given to every other function of this folder.
sim::Status validate(const Layout& layout);

}  // namespace stripe
