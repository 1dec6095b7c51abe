// How far a server grows the extent of a lock it is about to grant, as Lustre 2.17's
// ldlm_extent.c does: a client that gets more than it asked for need not ask again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "cachemodel/ldlm/granted_extents.h"
#include "cachemodel/ldlm/lock_mode.h"
#include "sim/units.h"

namespace cachemodel {

// A client, by whatever number its server knows it.
using ClientId = std::uint64_t;

// Extents are half-open, and end at sim::kEof if they reach the end of the object.
struct ExtentRequest {
  LockMode mode = LockMode::pw;
  sim::Extent extent;  // what was asked for; not empty
  ClientId client = 0;
};

// Another client's request that waits. `extent` is `requested`, or more if it was grown before.
struct WaitingExtent {
  LockMode mode = LockMode::pw;
  sim::Extent extent;
  sim::Extent requested;
  ClientId client = 0;
};

// More conflicts than this stop growth downwards (waiting ones), or bound it (see below).
inline constexpr std::size_t kFewWaiting = 4;
// With more conflicts than this, a PW or CW lock shorter than kMaxGrown is not grown beyond it.
inline constexpr std::size_t kManyConflicts = 32;
inline constexpr sim::Bytes kMaxGrown = 32 * sim::kMiB;
// A lock that was asked for in whole pages of the server ends with one: no two clients write a
// page.
inline constexpr sim::Bytes kServerPage = 4 * sim::kKiB;

// The growth of one request that conflicts with nothing granted or waiting. Begins as the whole
// object, is limited by what is granted and then by each waiting request, and never becomes less
// than what was asked for. Not for server-local locks and those that forbid it (NO_EXPANSION).
class ExtentGrowth {
 public:
  explicit ExtentGrowth(const ExtentRequest& request);

  // Locks of incompatible modes, of any client: none below may be approached, and the first one
  // beyond the request ends the growth. Logarithmic in their number. To be called once, first.
  void limit_by_granted(const GrantedExtents& granted);
  // One waiting request, of an incompatible mode or of the same client.
  void limit_by_waiting(const WaitingExtent& waiting);
  // The grown extent, aligned as the request is, at least to kServerPage.
  sim::Extent finish();

 private:
  bool whole_object() const;
  void bound_and_align(std::size_t conflicts);

  ExtentRequest request_;
  sim::Extent grown_{0, sim::kEof};
  std::size_t waiting_conflicts_ = 0;
};

// All of the above for a list of waiting requests.
sim::Extent grow_extent(const ExtentRequest& request, const GrantedExtents& granted,
                        std::span<const WaitingExtent> waiting);

}  // namespace cachemodel
