#include "cachemodel/history/check.h"

#include "cachemodel/history/file_check.h"
#include "cachemodel/history/orderly.h"

namespace cachemodel {

namespace {

void check_file(const FileHistory& file, const Merged& merged, const CheckOptions& options,
                Verdict& verdict, Storybook& stories) {
  const bool orderly = is_orderly(file, merged);
  if (orderly && file.attributes.empty()) {
    count_reads(file, merged, options, verdict.blocks);
    return;
  }
  Versions versions(file, merged.clocks());
  Sights sights = orderly ? Sights() : sights_of(file, merged, versions);
  FileCheck one{file,
                merged,
                options,
                verdict,
                stories,
                std::move(versions),
                std::move(sights),
                Marks(file.marks)};
  count_reads(file, merged, options, verdict.blocks);
  if (!orderly) {
    check_blocks(one);
    check_linearizable(one);
    check_losses(one);
  }
  check_attributes(one);
}

}  // namespace

sim::Result<Verdict> check(std::span<const HistoryPart> parts, const CheckOptions& options) {
  const sim::Result<Merged> merged = Merged::of(parts);
  if (!merged) {
    return merged.error();
  }
  Verdict verdict;
  for (RegisterVerdict* registers : {&verdict.blocks, &verdict.sizes, &verdict.mtimes}) {
    registers->groups.resize(options.groups);
  }
  Storybook stories(options.stories);
  for (const FileHistory& file : merged->files()) {
    check_file(file, *merged, options, verdict, stories);
  }
  verdict.stories = stories.take();
  return verdict;
}

}  // namespace cachemodel
