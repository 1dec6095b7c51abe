#include "stripe/server/object_owners.h"

#include <set>

#include "stripe/protocol/ldlm_messages.h"

namespace stripe {

void ObjectOwners::add(const Fid& file, const Layout& layout) {
  for (const Component& component : layout.components) {
    for (const StripeObject& object : component.objects) {
      owners_.insert_or_assign(key(object), file);
    }
  }
}

void ObjectOwners::withhold(std::uint32_t ost, ObjectId object) {
  owners_.insert_or_assign(Key{ost, object.seq, object.oid}, Fid());
}

bool ObjectOwners::may_have(const Fid& file, const Layout& layout) const {
  std::set<Key> seen;
  for (const Component& component : layout.components) {
    if (component.owner != data_of(file)) {
      return false;
    }
    for (const StripeObject& object : component.objects) {
      const auto owner = owners_.find(key(object));
      if (!seen.insert(key(object)).second || (owner != owners_.end() && owner->second != file)) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace stripe
