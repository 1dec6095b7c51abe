// Layouts that clients bring back to an MDT which has started anew, and that nobody vouches for.
#include <algorithm>

#include "stripe/layout/lov_ea.h"
#include "stripe/server/mdt.h"

namespace stripe {
namespace {

// Flags that a component gets while its file lives.
constexpr std::uint32_t kLaterFlags = kComponentInit | kComponentStale;

// Whether `after` is what can have become of `before`: only components without objects get some,
// not more than they were to have, and nothing is taken away.
bool follows(const Component& after, const Component& before) {
  const bool same = after.id == before.id && after.extent == before.extent &&
                    (after.flags & ~kLaterFlags) == (before.flags & ~kLaterFlags) &&
                    after.version == before.version && after.pattern == before.pattern &&
                    after.stripe_size == before.stripe_size && after.pool == before.pool;
  if (before.instantiated()) {
    return same && after.instantiated() && after.stripe_count == before.stripe_count &&
           after.objects == before.objects;
  }
  return same && after.stripe_count <= before.stripe_count;
}

bool follows(const Layout& after, const Layout& before) {
  return after.format == before.format &&
         (after.flags & ~kFlrStateMask) == (before.flags & ~kFlrStateMask) &&
         after.generation() >= before.generation() &&
         std::ranges::equal(after.components, before.components,
                            [](const Component& a, const Component& b) { return follows(a, b); });
}

}  // namespace

// Before anything is brought back: all that is stable.
void Mdt::know_owners() {
  meta_.for_each_layout([this](const Fid& fid, const Layout& layout) { owners_.add(fid, layout); });
  for (std::uint32_t ost = 0; ost < stocks_.size(); ++ost) {
    const PrecreateRecord stock = stocks_[ost]->record();
    for (const auto* objects : {&stock.returned, &stock.doomed}) {
      for (const ObjectId object : *objects) {
        owners_.withhold(ost, object);
      }
    }
  }
}

// A client may claim only what was given to some file, and to no other one that is known: those
// that are stable, those that were brought back so far, and those whose objects are about to be
// destroyed. What is not known went with the memory: to which of the files that are lost an object
// was given, and by whom each was made. So a client that lies can take the number and the objects
// of a file that another one made and has not brought back yet; then that one is refused, and told
// so. It can also claim objects that went with their file long ago: its own file has none then.
sim::Result<Layout> Mdt::layout_of(const MdsOutcome& then, const Layout& before) const {
  auto layout = decode_lov_ea(then.layout);
  if (!layout.ok()) {
    return layout;
  }
  const auto given = [this](const StripeObject& object) {
    return object.ost_index < stocks_.size() && stocks_[object.ost_index]->has_given(object.id);
  };
  const bool all_given = std::ranges::all_of(layout->components, [&](const Component& component) {
    return std::ranges::all_of(component.objects, given);
  });
  if (!all_given || !follows(*layout, before) || !owners_.may_have(then.fid, *layout)) {
    return sim::Error{sim::Errc::invalid_argument, "a layout that the file cannot have had"};
  }
  return layout;
}

sim::Errc Mdt::layout_again(const MdsOutcome& then) {
  const Layout* before = meta_.layout(then.fid);
  if (before == nullptr) {
    return sim::Errc::not_found;
  }
  auto layout = layout_of(then, *before);
  if (!layout.ok()) {
    return layout.code();
  }
  owners_.add(then.fid, *layout);
  return meta_.set_layout(then.fid, std::move(*layout)).code();
}

}  // namespace stripe
