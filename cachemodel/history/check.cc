#include "cachemodel/history/check.h"

#include <algorithm>

#include "cachemodel/history/file_check.h"

namespace cachemodel {

sim::Result<Verdict> check(std::span<const HistoryPart> parts, const CheckOptions& options) {
  const sim::Result<Merged> merged = Merged::of(parts);
  if (!merged) {
    return merged.error();
  }
  Verdict verdict;
  std::uint32_t groups = 1;
  for (const std::uint32_t group : options.group_of) {
    groups = std::max(groups, group + 1);
  }
  for (RegisterVerdict* registers : {&verdict.blocks, &verdict.sizes, &verdict.mtimes}) {
    registers->groups.resize(groups);
  }
  Storybook stories(options.stories);
  for (const FileHistory& file : merged->files()) {
    Versions versions(file, merged->clocks());
    Sights sights = sights_of(file, *merged, versions);
    FileCheck one{file,
                  *merged,
                  options,
                  verdict,
                  stories,
                  std::move(versions),
                  std::move(sights),
                  Marks(file.marks)};
    check_blocks(one);
    check_linearizable(one);
    check_attributes(one);
    check_losses(one);
  }
  verdict.stories = stories.take();
  return verdict;
}

}  // namespace cachemodel
