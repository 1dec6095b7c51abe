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
};

// Round robin while space is even; by free space once the fullest and the emptiest differ by more
// than 17 % (Lustre: lod qos_threshold_rr). OSTs without space are passed over.
class OstChooser {
 public:
  // Named lists of OSTs that a layout may ask for.
  using Pools = std::map<std::string, std::vector<std::uint32_t>, std::less<>>;

  OstChooser(std::uint32_t ost_count, Pools pools, sim::Rng rng);

  // As many as the component `place` of `layout` has stripes, none twice unless it is overstriped.
  // Explicit lists and first OSTs of the template are obeyed. no_space if not even one OST has
  // room; invalid_argument for an unknown pool or OST.
  sim::Result<std::vector<std::uint32_t>> choose(const LayoutTemplate& wanted, const Layout& layout,
                                                 std::size_t place);
  // How many OSTs a component may use: those of its pool, or all.
  std::uint32_t available(const ComponentTemplate& component) const;

  std::uint32_t ost_count() const { return static_cast<std::uint32_t>(space_.size()); }
  void set_space(std::uint32_t ost, OstSpace space) { space_[ost] = space; }
  // True when the next choice would be by free space.
  bool weighted() const;

 private:
  sim::Result<std::vector<std::uint32_t>> candidates(const ComponentTemplate& component) const;
  std::vector<std::uint32_t> round_robin(const std::vector<std::uint32_t>& osts, std::size_t count,
                                         std::size_t start);
  std::vector<std::uint32_t> by_free_space(std::vector<std::uint32_t> osts, std::size_t count);

  std::vector<OstSpace> space_;
  Pools pools_;
  sim::Rng rng_;
  std::size_t next_ = 0;
};

}  // namespace stripe
