#include "stripe/client/context.h"

namespace stripe {

sim::Task<sim::Errc> before_call(ClientContext& context, transport::Import& import,
                                 sim::Semaphore& slots, transport::CallOptions& options,
                                 sim::Timeline& timeline) {
  timeline.enter(sim::Stage::slot, context.loop.now());
  if (!import.connected()) {
    const sim::Status connected = co_await import.connect();
    if (!connected.ok()) {
      co_return connected.code();
    }
  }
  co_await slots.acquire();
  options.slot = transport::Permit(slots, 1);
  timeline.enter(sim::Stage::client_cpu, context.loop.now());
  co_await context.host.perform(sim::Work::request, 0);
  timeline.enter(sim::Stage::fabric, context.loop.now());
  co_return sim::Errc::ok;
}

}  // namespace stripe
