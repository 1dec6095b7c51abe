// Which file each object belongs to, as an MDT that takes back what it lost has to know.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>

#include "stripe/layout/layout.h"
#include "stripe/protocol/mds_messages.h"

namespace stripe {

class ObjectOwners {
 public:
  // From now on the objects of `layout` are this file's, for good: no object is used twice.
  void add(const Fid& file, const Layout& layout);
  // Not any file's: it is still in stock, or about to be destroyed.
  void withhold(std::uint32_t ost, ObjectId object);

  // Whether `file` may have all objects of `layout`: each is its own already or nobody's, and none
  // stands there twice. Every component must name `file` as its owner.
  bool may_have(const Fid& file, const Layout& layout) const;
  bool has_owner(const StripeObject& object) const { return owners_.contains(key(object)); }
  void clear() { owners_.clear(); }

 private:
  using Key = std::tuple<std::uint32_t, std::uint64_t, std::uint64_t>;
  static Key key(const StripeObject& object) {
    return {object.ost_index, object.id.seq, object.id.oid};
  }

  std::map<Key, Fid> owners_;
};

}  // namespace stripe
