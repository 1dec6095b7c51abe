// The coherence checker: which reads of a run were stale, by how much, and what the run kept of
// what file systems promise.
#pragma once

#include <span>

#include "cachemodel/history/check_options.h"
#include "cachemodel/history/merge.h"
#include "cachemodel/history/verdict.h"

namespace cachemodel {

// Checks the histories of one run, from all its loops, processes and hosts. What is split over
// several histories of one host gives the same verdict as the whole.
//
// * A read of a block is stale if a newer write to bytes it read there was acknowledged before the
//   read was invoked; at the same instant is not before. Which of two writes is newer: see
//   versions.h. Its age is the time from the first such acknowledgement to the invocation.
// * Of a size, a read is stale if it shows less than an acknowledged write's end, or a size from
//   before an acknowledged truncate; mtimes likewise. Values need not be unique: a read gets the
//   benefit of every change that can explain it. So a read that some order of the changes explains
//   is never called stale, but one that none explains may pass if changes overlap in time.
// * Failed writes were never there. Lost ones and those of unknown outcome may be seen or not.
//
// O(n log n) in events and runs, and in what is found stale; file by file.
//
// Fails if the histories cannot be merged (see Merged::of): they are then not of one run.
sim::Result<Verdict> check(std::span<const HistoryPart> parts, const CheckOptions& options = {});

}  // namespace cachemodel
