// What the checks of one file share. Used by check.cc; not for others.
#pragma once

#include "cachemodel/history/check.h"
#include "cachemodel/history/knowledge.h"
#include "cachemodel/history/marks.h"
#include "cachemodel/history/sights.h"
#include "cachemodel/history/story.h"

namespace cachemodel {

template <typename Read>
std::uint32_t group_of(const Read& read, const CheckOptions& options) {
  return options.group_of ? options.group_of(read.client, read.call.invoked) : 0;
}

struct FileCheck {
  const FileHistory& file;
  const Merged& merged;
  const CheckOptions& options;
  Verdict& verdict;
  Storybook& stories;
  Versions versions;
  Sights sights;
  Marks marks;

  template <typename Read>
  std::uint32_t group(const Read& read) const {
    return group_of(read, options);
  }
};

// How many blocks were read.
void count_reads(const FileHistory& file, const Merged& merged, const CheckOptions& options,
                 RegisterVerdict& blocks);
// Staleness of block reads, and the guarantees given to single readers.
void check_blocks(FileCheck& check);
// Linearizability of every block, and impossible reads.
void check_linearizable(FileCheck& check);
// Sizes and mtimes.
void check_attributes(FileCheck& check);
// Invalidations, and what became of writes that failed.
void check_losses(FileCheck& check);

}  // namespace cachemodel
