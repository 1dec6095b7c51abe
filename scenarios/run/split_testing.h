// Clients that see files through several shares.
#pragma once

#include "scenarios/run/sharing_testing.h"

namespace scenarios {

class Split : public SharingClients {
 public:
  static constexpr sim::Bytes kStripe = 64 * sim::kKiB;
  static constexpr const char* kLayout = "-c 2 -S 64K";

  Split() : SharingClients(stripe::Coherence::split) {}

  // A client with a filter that redirects this.
  stripe::Mount& mount_as(stripe::Redirect redirect, stripe::Purge purge = stripe::Purge::none,
                          bool mapped = false) {
    design_.split.redirect = redirect;
    design_.split.purge = purge;
    design_.split.mapped = mapped;
    design_.share_server = 0;
    return mount();
  }
  // A client without a filter that uses the share of the node that holds the file's stripe.
  stripe::Mount& user_of_share(const stripe::File& file, std::size_t stripe) {
    design_.split.redirect = stripe::Redirect::none;
    design_.share_server = 1 + file.layout().components.front().objects[stripe].ost_index;
    return mount();
  }
  // A file of `stripes` stripes, written through the cache and read back into it. Its stamp.
  static sim::Task<std::uint64_t> fill(stripe::File& file, sim::Bytes size) {
    const std::uint64_t stamp = co_await write(file, {0, size});
    const stripe::Outcome synced = co_await file.fsync();
    EXPECT_TRUE(synced.ok());
    static_cast<void>(co_await read(file, {0, size}));
    co_return stamp;
  }
};

}  // namespace scenarios
