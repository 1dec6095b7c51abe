#include "scenarios/workload/ior_test_plan.h"

#include <algorithm>

namespace scenarios {
namespace {

// The seed from the options, or the run's generator when they give none.
sim::Rng seeded(const std::optional<std::int64_t>& seed, const sim::Rng& otherwise) {
  return seed ? sim::Rng(static_cast<std::uint64_t>(*seed)) : otherwise;
}

}  // namespace

std::uint64_t IorTest::transfers_per_block() const {
  return options.block_size / options.transfer_size;
}

std::uint64_t IorTest::transfers_per_rank() const {
  const std::uint64_t all = transfers_per_block() * options.segments;
  return options.wear_out_iterations == 0 ? all : std::min(all, options.wear_out_iterations);
}

sim::Bytes IorTest::file_size() const {
  const std::uint64_t writers = options.file_per_process ? 1 : ranks;
  return options.block_size * options.segments * writers;
}

std::size_t IorTest::file_count() const {
  return (options.file_per_process ? ranks : 1) * (options.multi_file ? options.repetitions : 1);
}

std::uint32_t IorTest::file(std::uint32_t owner, std::uint64_t repetition) const {
  const std::uint64_t in_repetition = options.file_per_process ? owner : 0;
  const std::uint64_t files_each = options.file_per_process ? ranks : 1;
  return files[in_repetition + (options.multi_file ? repetition * files_each : 0)];
}

std::uint32_t IorTest::owner(IorAccess access, std::uint32_t rank, std::uint64_t repetition) const {
  if (access == IorAccess::write) {
    return rank;
  }
  if (options.reorder_constant) {
    const std::uint64_t node = cyclic ? 1 : tasks_per_node;
    const std::uint64_t nodes = options.task_offset % ranks;
    const std::uint64_t away = access == IorAccess::write_check ? nodes + 1 : nodes;
    return static_cast<std::uint32_t>((rank + away * node) % ranks);
  }
  const bool random = options.reorder_random != 0 && access == IorAccess::read;
  return random ? random_owner(rank, repetition) : rank;
}

std::uint32_t IorTest::random_owner(std::uint32_t rank, std::uint64_t repetition) const {
  sim::Rng draws = seeded(options.reorder_seed, rng).split("ior.reorder");
  if (options.reorder_seed.value_or(0) < 0) {
    draws = draws.split("ior.repetition", repetition);
  }
  if (options.reorder_random == 2) {
    return static_cast<std::uint32_t>(Permutation(ranks, draws)(rank));
  }
  const std::uint64_t nodes = (ranks + tasks_per_node - 1) / tasks_per_node;
  const std::uint64_t least = std::min(options.task_offset, nodes - 1) * tasks_per_node;
  const std::uint64_t shift = least + draws.split("ior.rank", rank).below(ranks - least);
  return static_cast<std::uint32_t>((rank + shift) % ranks);
}

IorTransfers::IorTransfers(const IorTest& test, std::uint32_t owner, IorAccess access)
    : test_(test),
      owner_(owner),
      access_(access),
      rng_(seeded(test.options.random_offset_seed, test.rng)) {
  if (test.options.random_offset == 1) {
    const bool own = test.options.file_per_process;
    const std::uint64_t transfers = test.transfers_per_block() * (own ? 1 : test.ranks);
    order_.emplace(transfers, rng_.split("ior.shuffle", own ? owner : 0));
  }
}

sim::Bytes IorTransfers::offset(std::uint64_t n) const {
  const IorOptions& o = test_.options;
  const std::uint64_t each = test_.transfers_per_block();
  const std::uint64_t segment = n / each;
  const std::uint64_t i = n % each;
  if (o.random_offset == 2) {
    return random_block(segment) + i * o.transfer_size;
  }
  const std::uint64_t blocks = o.file_per_process ? 1 : test_.ranks;
  const std::uint64_t in_order = (o.file_per_process ? 0 : owner_ * each) + i;
  const std::uint64_t position = order_ ? (*order_)(in_order) : in_order;
  return segment * blocks * o.block_size + position * o.transfer_size;
}

// IOR writes the last block first, so that the file has its full size whatever else is drawn.
sim::Bytes IorTransfers::random_block(std::uint64_t segment) const {
  const IorOptions& o = test_.options;
  const std::uint64_t blocks = test_.file_size() / o.block_size;
  const bool first_writer = access_ != IorAccess::read && (o.file_per_process || owner_ == 0);
  if (segment == 0 && first_writer) {
    return (blocks - 1) * o.block_size;
  }
  sim::Rng draw = rng_.split("ior.random_block", owner_).split("ior.segment", segment);
  return draw.below(blocks) * o.block_size;
}

}  // namespace scenarios
