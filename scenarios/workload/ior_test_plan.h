// One IOR test laid out over its tasks: whose part a task touches in each phase, and where.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/workload/ior_options.h"
#include "scenarios/workload/permutation.h"
#include "sim/rng.h"
#include "sim/units.h"

namespace scenarios {

enum class IorAccess : std::uint8_t { write, write_check, read };

struct IorTest {
  IorOptions options;
  std::uint32_t index = 0;  // among the tests of a script
  std::uint32_t ranks = 1;
  std::uint32_t tasks_per_node = 1;
  bool cyclic = false;                     // ranks are dealt to nodes in turn, not in blocks
  sim::Rng rng{0};                         // what a seed in the options does not fix
  std::vector<std::uint32_t> files;        // plan file by [repetition (with -m)][owner (with -F)]
  std::vector<std::uint32_t> directories;  // plan directory by owner, with -u

  std::uint64_t transfers_per_block() const;
  std::uint64_t transfers_per_rank() const;  // in one pass of one phase
  sim::Bytes file_size() const;              // of each file, when written in full
  std::size_t file_count() const;

  std::uint32_t file(std::uint32_t owner, std::uint64_t repetition) const;

  // The task whose part of the data `rank` touches. Writers touch their own. For reading, IOR 4.1
  // shifts by Q nodes with -C (Q x tasks of a node when ranks fill nodes in blocks, Q when they are
  // dealt in turn), for the write check by Q+1 nodes; -Z draws a shift of at least Q nodes for each
  // rank, so that some parts may be read twice and others never; -Z -Z shuffles. IOR's own
  // generator is not reproduced: the order drawn from a seed is another one, fixed as well.
  std::uint32_t owner(IorAccess access, std::uint32_t rank, std::uint64_t repetition) const;

 private:
  std::uint32_t random_owner(std::uint32_t rank, std::uint64_t repetition) const;
};

// Where the transfers of one owner's part lie, in the order they are made:
// offset = segment x (tasks x block) + owner x block + i x transfer, without the owner's and the
// tasks' terms for file per process. With -z the transfers are shuffled, in the same order in every
// segment (as IOR does): among an owner's block with -F, else among all blocks of the segment.
// There every owner gets equally many (IOR deals them at random, so its counts vary). With -z -z
// each block is placed at a random one of the file's.
class IorTransfers {
 public:
  IorTransfers(const IorTest& test, std::uint32_t owner, IorAccess access);

  // n < test.transfers_per_rank().
  sim::Bytes offset(std::uint64_t n) const;

 private:
  sim::Bytes random_block(std::uint64_t segment) const;

  const IorTest& test_;
  std::uint32_t owner_;
  IorAccess access_;
  sim::Rng rng_;
  std::optional<Permutation> order_;
};

}  // namespace scenarios
