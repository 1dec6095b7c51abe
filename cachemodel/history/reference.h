// The checker's definitions spelled out cell by cell, without any data structure: slow, and so
// simple that it can be compared with the text. For tests.
#pragma once

#include "cachemodel/history/check.h"
#include "cachemodel/history/reference_order.h"

namespace cachemodel {

// The numbers of blocks, by definition. Reads show stamps on whole cells; no punches.
RegisterVerdict reference_blocks(const Merged& merged, const CheckOptions& options);

}  // namespace cachemodel
