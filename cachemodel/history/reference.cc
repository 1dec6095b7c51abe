#include "cachemodel/history/reference.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "cachemodel/history/reference_order.h"
#include "cachemodel/history/register_search.h"
#include "cachemodel/history/sweep.h"

namespace cachemodel {
namespace {

// One cell seen by one read.
struct Glance {
  const Read* read = nullptr;
  Cell cell = 0;
  const Write* write = nullptr;  // null: zeros
};

class Reference {
 public:
  Reference(const FileHistory& file, const Merged& merged, const CheckOptions& options)
      : file_(file), merged_(merged), options_(options), order_(file, merged.clocks()) {
    for (const Read& read : file.reads) {
      look(read);
    }
  }

  void add_to(RegisterVerdict& verdict) {
    for (const Read& read : file_.reads) {
      verdict.total.reads += blocks_with([&](const Glance& g) { return g.read == &read; }, true);
      judge(read, verdict);
    }
    std::set<Cell> blocks = impossible_places_;
    std::set<Cell> cells;
    for (const Glance& glance : glances_) {
      cells.insert(glance.cell);
    }
    for (const Cell cell : cells) {
      if (!linearizable(cell)) {
        blocks.insert(cell * kCell / kBlock);
      }
    }
    verdict[Guarantee::linearizable].violations += blocks.size();
  }

 private:
  std::int64_t apart(std::uint32_t a, std::uint32_t b) const {
    return merged_.clocks().between(a, b).ns();
  }
  std::int64_t epsilon(std::uint32_t clock) const { return merged_.clocks().epsilon(clock).ns(); }

  const Write* find(std::uint64_t stamp) const {
    for (const Write& write : file_.writes) {
      if (write.stamp == stamp) {
        return &write;
      }
    }
    return nullptr;
  }

  void look(const Read& read) {
    Cell cell = read.offset / kCell;
    for (const ReadRun& run : merged_.runs_of(read)) {
      for (sim::Bytes n = 0; n < run.length / kCell; ++n, ++cell) {
        const Write* write = find(run.stamp);
        const bool there =
            run.stamp == 0 || (write != nullptr && ReferenceOrder::covers(write->range, cell));
        const bool later =
            write != nullptr &&
            write->call.invoked.ns() - apart(write->clock, read.clock) > read.call.returned.ns();
        if (!there || later || (write != nullptr && write->ending == Ending::failed)) {
          impossible_.push_back({&read, cell, nullptr});
          impossible_places_.insert(cell * kCell / kBlock);
        } else {
          glances_.push_back({&read, cell, write});
        }
      }
    }
  }

  template <typename Which>
  std::uint64_t blocks_with(Which which, bool impossible_too = false) const {
    std::set<Cell> blocks;
    for (const auto* list : {&glances_, &impossible_}) {
      for (const Glance& glance : *list) {
        if ((list == &glances_ || impossible_too) && which(glance)) {
          blocks.insert(glance.cell * kCell / kBlock);
        }
      }
    }
    return blocks.size();
  }

  // Since when (with the clocks' doubt added or taken away) `x` was known; nothing: never.
  struct Known {
    const Write* x = nullptr;
    std::int64_t at = 0;
    std::uint32_t clock = 0;
  };

  struct Outcome {
    std::uint64_t sure = 0;
    std::uint64_t maybe = 0;
    std::vector<std::int64_t> ages;  // of sure ones
  };

  template <typename KnownTo>
  Outcome blocks_behind(const Read& read, std::int64_t before, KnownTo known_to) const {
    std::map<Cell, std::int64_t> sure;
    std::set<Cell> maybe;
    for (const Glance& glance : glances_) {
      if (glance.read != &read) {
        continue;
      }
      for (const Known& known : known_to(glance.cell)) {
        const std::int64_t doubt = apart(known.clock, read.clock);
        const Order order = order_.order(*known.x, glance.write, glance.cell);
        const Cell block = glance.cell * kCell / kBlock;
        if (known.x == glance.write || order == Order::older || known.at - doubt >= before) {
          continue;
        }
        if (order == Order::newer && known.at + doubt < before) {
          const std::int64_t age = read.call.invoked.ns() - known.at - doubt;
          const auto found = sure.emplace(block, age).first;
          found->second = std::max(found->second, age);
        } else {
          maybe.insert(block);
        }
      }
    }
    Outcome outcome;
    for (const auto& [block, age] : sure) {
      ++outcome.sure;
      outcome.ages.push_back(age);
      maybe.erase(block);
    }
    outcome.maybe = maybe.size();
    return outcome;
  }

  std::optional<std::int64_t> published(const Write& write) const {
    std::optional<std::int64_t> first;
    for (const FileMark& mark : file_.marks) {
      const bool concerns =
          mark.client == client_of(write.stamp) &&
          (mark.kind == FileCall::fsync ||
           (mark.kind == FileCall::close && write.handle != 0 && mark.handle == write.handle));
      if (concerns && mark.call.invoked >= write.call.returned) {
        first = std::min(first.value_or(kNever), mark.call.returned.ns());
      }
    }
    return first;
  }

  void judge(const Read& read, RegisterVerdict& verdict) const {
    const std::int64_t invoked = read.call.invoked.ns();
    const auto acknowledged = [&](bool own) {
      return [this, own, &read](Cell cell) {
        std::vector<Known> known;
        for (const Write& x : file_.writes) {
          if (order_.durable(x, cell) && (!own || client_of(x.stamp) == read.client)) {
            known.push_back({&x, x.call.returned.ns(), x.clock});
          }
        }
        return known;
      };
    };
    const Outcome stale = blocks_behind(read, invoked, acknowledged(false));
    verdict.total.stale += stale.sure;
    verdict.total.undecided += stale.maybe;
    for (const std::int64_t age : stale.ages) {
      verdict.total.age.record(sim::Duration(age));
      verdict[Guarantee::bounded_staleness].violations +=
          sim::Duration(age) > options_.staleness_bound ? 1u : 0u;
    }
    verdict[Guarantee::bounded_staleness].undecided += stale.maybe;
    count(verdict[Guarantee::read_your_writes], blocks_behind(read, invoked, acknowledged(true)));
    count(verdict[Guarantee::monotonic_reads],
          blocks_behind(read, invoked, [&](Cell cell) { return seen_before(read, cell); }));
    for (const FileMark& mark : file_.marks) {
      if (mark.kind == FileCall::open && read.handle != 0 && mark.handle == read.handle &&
          mark.client == read.client && mark.call.invoked <= read.call.invoked) {
        count(verdict[Guarantee::close_to_open],
              blocks_behind(read, mark.call.invoked.ns(), [&](Cell cell) { return closed(cell); }));
      }
    }
    std::set<Cell> impossible;
    for (const Glance& glance : impossible_) {
      if (glance.read == &read) {
        impossible.insert(glance.cell * kCell / kBlock);
      }
    }
    verdict.impossible += impossible.size();
  }

  std::vector<Known> seen_before(const Read& read, Cell cell) const {
    std::vector<Known> known;
    for (const Glance& glance : glances_) {
      if (glance.cell == cell && glance.write != nullptr && glance.read->client == read.client) {
        known.push_back({glance.write, glance.read->call.returned.ns(), glance.read->clock});
      }
    }
    return known;
  }

  std::vector<Known> closed(Cell cell) const {
    std::vector<Known> known;
    for (const Write& x : file_.writes) {
      const auto at = order_.durable(x, cell) ? published(x) : std::nullopt;
      if (at) {
        known.push_back({&x, *at, x.clock});
      }
    }
    return known;
  }

  static void count(GuaranteeCount& count, const Outcome& outcome) {
    count.violations += outcome.sure;
    count.undecided += outcome.maybe;
  }

  bool linearizable(Cell cell) const {
    std::vector<RegisterCall> calls;
    for (const Write& write : file_.writes) {
      if (ReferenceOrder::covers(write.range, cell) && write.ending != Ending::failed) {
        calls.push_back(
            {write.call.invoked.ns() - epsilon(write.clock),
             order_.durable(write, cell) ? write.call.returned.ns() + epsilon(write.clock) : kNever,
             true, write.stamp});
      }
    }
    for (const Glance& glance : glances_) {
      if (glance.cell == cell) {
        const std::int64_t doubt = epsilon(glance.read->clock);
        calls.push_back({glance.read->call.invoked.ns() - doubt,
                         glance.read->call.returned.ns() + doubt, false,
                         glance.write == nullptr ? 0 : glance.write->stamp});
      }
    }
    return some_order_explains(calls);
  }

  const FileHistory& file_;
  const Merged& merged_;
  const CheckOptions& options_;
  ReferenceOrder order_;
  std::vector<Glance> glances_;
  std::vector<Glance> impossible_;
  std::set<Cell> impossible_places_;
};

}  // namespace

RegisterVerdict reference_blocks(const Merged& merged, const CheckOptions& options) {
  RegisterVerdict verdict;
  for (const FileHistory& file : merged.files()) {
    Reference(file, merged, options).add_to(verdict);
  }
  return verdict;
}

}  // namespace cachemodel
