// Which OSTs a new file's objects go to.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/rng.h"
#include "stripe/layout/layout.h"
#include "stripe/layout/layout_template.h"

namespace stripe {

// What the MDT knows of an OST's space.
struct OstSpace {
  sim::Bytes capacity = 0;
  sim::Bytes used = 0;
  sim::Bytes free() const { return capacity > used ? capacity - used : 0; }
  // A thousandth is kept in reserve (Lustre: osp.*.reserved_mb_low, 0.1 %).
  bool full() const { return free() <= capacity / 1000; }
};

// Round robin while space is even; by free space once the fullest and the emptiest differ by more
// than 17 % (Lustre 2.17: lod qos_threshold_rr). OSTs that are full or do not answer are passed
// over. Round robin goes on behind the last stripe given; where the stripe counts would make it
// begin at the same OST again and again, it moves on one more (as Lustre's lod does).
class OstChooser {
 public:
  // Named lists of OSTs that a layout may ask for.
  using Pools = std::map<std::string, std::vector<std::uint32_t>, std::less<>>;

  // Every pool's OSTs are below `ost_count`, none stands twice in it.
  OstChooser(std::uint32_t ost_count, Pools pools, sim::Rng rng);

  // OSTs for the component `place` of `layout`, which is made from `wanted`: as many as it has
  // stripes, or as there are if it is not overstriped; then none stands twice. Lists and first OSTs
  // of the template are obeyed. no_space if no OST can be used, invalid_argument for an unknown
  // pool or OST.
  sim::Result<std::vector<std::uint32_t>> choose(const LayoutTemplate& wanted, const Layout& layout,
                                                 std::size_t place);
  // How many OSTs a component may use: those of its pool, or all. 0 for an unknown pool.
  std::uint32_t available(const ComponentTemplate& component) const;

  std::uint32_t ost_count() const { return static_cast<std::uint32_t>(osts_.size()); }
  // The OST answers, and this is its space. Until the first word an OST's space counts as even with
  // the others'.
  void set_space(std::uint32_t ost, OstSpace space) { osts_[ost] = {space, true, false}; }
  // The OST does not answer: it is passed over until its next set_space().
  void set_failed(std::uint32_t ost) { osts_[ost].failed = true; }
  // True when a choice among all OSTs would be by free space.
  bool weighted() const;

 private:
  struct Ost {
    OstSpace space;
    bool known = false;
    bool failed = false;
    bool usable() const { return !failed && !(known && space.full()); }
  };
  using Result = sim::Result<std::vector<std::uint32_t>>;
  Result exactly(const ComponentTemplate& component) const;
  Result candidates(const ComponentTemplate& component) const;
  bool uneven(const std::vector<std::uint32_t>& osts) const;
  std::vector<std::uint32_t> by_turns(const std::vector<std::uint32_t>& osts, std::size_t count);
  std::vector<std::uint32_t> by_free_space(const std::vector<std::uint32_t>& osts,
                                           std::size_t count);

  std::vector<Ost> osts_;
  Pools pools_;
  sim::Rng rng_;
  std::size_t next_ = 0;
};

}  // namespace stripe
