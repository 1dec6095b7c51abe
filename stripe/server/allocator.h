// Where objects stand on a device.
#pragma once

#include <boost/container/flat_map.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <set>

#include "sim/status.h"
#include "sim/units.h"
#include "stripe/layout/object_id.h"
#include "stripe/server/device.h"
#include "stripe/server/free_space.h"
#include "stripe/server/object_hash.h"

namespace stripe {

struct AllocatorParams {
  // Space is given in blocks (ldiskfs: 4 KiB).
  sim::Bytes block = 4 * sim::kKiB;
  // What an object gets reserved at a time, aligned in the object; a multiple of the block. 0 or
  // block: nothing is reserved. Default: what ext4's mballoc asks for in files beyond 8 MiB. (It
  // starts smaller in smaller files; here every file starts with a whole window, and gives unused
  // ones back when the device has no other space.)
  sim::Bytes window = 8 * sim::kMiB;
};

// Gives objects space in the order in which they ask for it. The first block written in a window
// reserves the whole window as one range of the device, and the others find their place in it, in
// whatever order they come. Two objects written at the same time thus alternate on the device in
// pieces of a window. Reserved space counts as free; nobody is refused while there is any.
class Allocator {
 public:
  Allocator(sim::Bytes capacity, const AllocatorParams& params);

  // Gives every block that `range` touches a place, if it has none. no_space if there are fewer
  // blocks left than that needs; nothing is changed then. range.end is at most 2^63.
  sim::Status allocate(ObjectId object, sim::Extent range);
  // Bytes of the blocks that `range` touches and that have no place.
  sim::Bytes missing(ObjectId object, sim::Extent range) const;
  // Appends the places of `range`, in the order of the object, adjacent ones joined. Blocks without
  // a place (holes) are left out.
  void map(ObjectId object, sim::Extent range, ExtentList& places) const;
  // Frees what lies behind `size`, rounded up to a block, and what is reserved there.
  void truncate(ObjectId object, sim::Bytes size);
  // Frees everything of the object. Nothing happens if it has nothing.
  void destroy(ObjectId object);

  sim::Bytes allocated(ObjectId object) const;  // whole blocks
  sim::Bytes capacity() const { return capacity_; }
  sim::Bytes used() const { return used_; }

 private:
  struct Piece {
    sim::Bytes end;     // in the object
    sim::Bytes device;  // of its first byte
  };
  struct Window {
    sim::Bytes end;     // in the object
    sim::Bytes device;  // of its first byte
    sim::Bytes left;    // bytes not yet in use
  };
  struct Object {
    std::map<sim::Bytes, Piece> pieces;  // by their begin in the object
    // By their begin in the object. A window's place belongs to it alone; those parts of it that no
    // piece covers are reserved.
    boost::container::flat_map<sim::Bytes, Window> windows;
    sim::Bytes used = 0;
  };
  using Windows = boost::container::flat_map<sim::Bytes, Window>;

  // As ext4's mb_max_inode_prealloc; the lowest is given back for one more.
  static constexpr std::size_t kMaxWindows = 512;

  sim::Extent blocks(sim::Extent range) const;
  Object& object_of(ObjectId id);
  const Object* find(ObjectId id) const;
  // Calls visit(part) for every part of `range` without a place, in order.
  template <typename Visit>
  static void for_each_gap(const Object& object, sim::Extent range, Visit visit);
  static sim::Extent gap_around(const Object& object, sim::Bytes at, sim::Extent within);

  void place(ObjectId id, Object& object, sim::Extent gap);
  sim::Extent place_in_window(ObjectId id, Object& object, sim::Extent gap);
  sim::Extent take(sim::Bytes length);
  static Windows::iterator window_at(Object& object, sim::Bytes at);
  Windows::iterator open_window(ObjectId id, Object& object, sim::Bytes at);
  void close_window(ObjectId id, Object& object, Windows::iterator window);
  void close_all_windows();
  static void add_piece(Object& object, sim::Extent range, sim::Bytes device);
  void drop_pieces(Object& object, sim::Bytes from);

  AllocatorParams params_;
  sim::Bytes capacity_;
  FreeSpace free_;
  sim::Bytes used_ = 0;
  boost::unordered_flat_map<ObjectId, std::unique_ptr<Object>, ObjectIdHash> objects_;
  std::set<ObjectId> reserving_;  // objects with windows
};

}  // namespace stripe
